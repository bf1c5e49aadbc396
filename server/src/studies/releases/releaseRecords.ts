import {
  CaseStrata,
  Change,
  CriterionResult,
  Id,
  Instant,
  LabelMapSnapshot,
  Person,
  Progress,
  ReleasedCase,
  ReleaseState,
  SemanticVersion,
  Sha256,
  Title,
  VersionStep
} from '@voxcord/schemas/api';
import Type, { type Static } from 'typebox';
import { reader } from '../../projects/records.js';
import { StoredSignature } from '../records.js';
import { Untold } from '../untold.js';

/** The truth of one case, as a release has it. */
export const StoredReleasedCase = Type.Object({
  caseId: Id,
  title: Title,
  consensus: Id,
  /** Revision of the adjudication; null: the consensus itself is the truth. */
  adjudication: Type.Union([Sha256, Type.Null()]),
  labelMap: LabelMapSnapshot,
  root: Sha256,
  readers: Type.Integer({ minimum: 0 }),
  disputes: Type.Integer({ minimum: 0 }),
  decided: Type.Integer({ minimum: 0 }),
  criteria: Type.Array(CriterionResult),
  /** As they were when the release was begun; releases of earlier programs have none. */
  strata: Type.Optional(CaseStrata.properties.strata),
  /** Found while the release is prepared. */
  segments: ReleasedCase.properties.segments,
  changes: Type.Union([Type.Array(Change), Type.Null()])
});
export type StoredReleasedCase = Static<typeof StoredReleasedCase>;

const StoredFile = Type.Object({ path: Type.String(), sha256: Sha256, bytes: Type.Integer({ minimum: 0 }) });
export type StoredFile = Static<typeof StoredFile>;

/** Files of a release are blobs: a document of its own lists them. */
export const StoredRelease = Type.Object({
  id: Id,
  projectId: Id,
  version: SemanticVersion,
  step: VersionStep,
  state: ReleaseState,
  parent: Type.Union([Id, Type.Null()]),
  notes: Type.String(),
  protocolVersion: Type.Integer({ minimum: 1 }),
  cases: Type.Array(StoredReleasedCase),
  /** SHA-256 of `release.json`: what is signed. */
  manifest: Type.Union([Sha256, Type.Null()]),
  files: Type.Array(StoredFile),
  signatures: Type.Array(StoredSignature),
  signaturesNeeded: Type.Integer({ minimum: 1 }),
  archive: Type.Union([Type.Object({ sha256: Sha256, bytes: Type.Integer({ minimum: 0 }) }), Type.Null()]),
  progress: Progress,
  attempts: Type.Integer({ minimum: 0 }),
  createdBy: Person,
  createdAt: Instant,
  releasedAt: Type.Union([Instant, Type.Null()]),
  untold: Untold
});
export type StoredRelease = Static<typeof StoredRelease>;

export const readRelease = reader('release', StoredRelease);
