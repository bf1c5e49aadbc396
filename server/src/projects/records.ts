import {
  CaseStrata,
  ModelProvenance,
  Person,
  Project,
  Read,
  ReaderProfile,
  Volume,
  Title,
  Id,
  Sha256,
  Instant,
  Segment
} from '@voxcord/schemas/api';
import { PreAnnotation } from '@voxcord/schemas/files';
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Untold } from '../studies/untold.js';
import { StoreError, type CatalogueKind } from '../store/store.js';

/*
 * Documents of the catalogue. What is read back is checked: a damaged catalogue is refused, never guessed at.
 */

export const StoredProject = Type.Object({
  id: Id,
  title: Title,
  description: Project.properties.description,
  segments: Project.properties.segments,
  members: Project.properties.members,
  everyone: Project.properties.everyone,
  createdAt: Instant,
  createdBy: Project.properties.createdBy,
  /** What members say of themselves, by username. */
  profiles: Type.Record(Type.String(), ReaderProfile),
  untold: Untold
});
export type StoredProject = Static<typeof StoredProject>;

export const StoredCase = Type.Object({
  id: Id,
  projectId: Id,
  title: Title,
  volumes: Type.Array(Sha256, { minItems: 1 }),
  /** Groups that it belongs to, for figures over cases. */
  strata: CaseStrata.properties.strata,
  createdAt: Instant,
  untold: Untold
});
export type StoredCase = Static<typeof StoredCase>;

export const StoredRead = Type.Object({
  id: Id,
  caseId: Id,
  projectId: Id,
  title: Title,
  access: Read.properties.access,
  purpose: Read.properties.purpose,
  reader: Person,
  state: Read.properties.state,
  due: Read.properties.due,
  /** The version of the protocol that it follows, and the hash of its content; null: begun outside one. */
  protocol: Type.Union([Type.Object({ version: Type.Integer({ minimum: 1 }), sha256: Sha256 }), Type.Null()]),
  /** The earlier read by the same reader that this one repeats. */
  repeatOf: Type.Union([Id, Type.Null()]),
  /** An adjudication in which only somebody who has not read the case may decide. */
  needsIndependence: Type.Boolean(),
  /** Of an adjudication: its consensus, and the snapshot of it that the read starts with. */
  adjudicates: Type.Union([Type.Object({ consensus: Id, snapshot: Sha256 }), Type.Null()]),
  /** Of what a model has labelled: how, and the snapshot that the read starts with. */
  labelled: Type.Union([Type.Object({ provenance: ModelProvenance, snapshot: Sha256 }), Type.Null()]),
  /** What was copied into it, for the next revision to tell. */
  origins: Type.Array(PreAnnotation),
  volume: Sha256,
  /** The label schema that the read's room starts with; under a protocol it never changes. */
  segments: Type.Array(Segment),
  /** Hashes of its revisions, oldest first. */
  revisions: Type.Array(Sha256),
  /** When the work on the next revision began; null: not yet. */
  startedAt: Type.Union([Instant, Type.Null()]),
  /** Why it was reopened after its newest revision; null: it was not. */
  reopenedFor: Type.Union([Type.String(), Type.Null()]),
  /** Taken back before it had begun: it does not exist for anybody. */
  withdrawn: Type.Boolean(),
  createdAt: Instant,
  untold: Untold
});
export type StoredRead = Static<typeof StoredRead>;

export const StoredVolume = Type.Object({
  volume: Volume,
  /** Blob: uncompressed NIfTI on the canonical grid. */
  rendition: Sha256,
  /** Blob: what the imported file held before its voxels. */
  header: Sha256,
  /** Usernames of those who have imported it, in order of time. */
  importers: Type.Array(Type.String())
});
export type StoredVolume = Static<typeof StoredVolume>;

/** What documents of earlier programs lack. */
const EARLIER_PROJECT = { profiles: {}, untold: null };
const EARLIER_CASE = { strata: {}, untold: null };
const EARLIER_READ = {
  purpose: 'reading',
  due: null,
  protocol: null,
  repeatOf: null,
  needsIndependence: false,
  adjudicates: null,
  labelled: null,
  origins: [],
  revisions: [],
  startedAt: null,
  reopenedFor: null,
  withdrawn: false,
  untold: null
};

/** Makes a check that answers a document with its type, or throws `StoreError` (`corrupt`). */
export function reader<S extends TSchema>(
  kind: CatalogueKind,
  schema: S,
  earlier: object = {}
): (value: unknown) => Static<S> {
  const validator = Compile(schema);
  return value => {
    const whole: unknown = typeof value === 'object' ? { ...earlier, ...value } : value;
    if (validator.Check(whole)) return whole;
    throw new StoreError('corrupt', `A ${kind} in the catalogue is damaged. Restore the data folder from a backup.`);
  };
}

export const readProject = reader('project', StoredProject, EARLIER_PROJECT);
export const readCase = reader('case', StoredCase, EARLIER_CASE);
export const readRead = reader('read', StoredRead, EARLIER_READ);
export const readVolume = reader('volume', StoredVolume);
