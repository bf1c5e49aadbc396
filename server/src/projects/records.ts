import { Person, Project, Read, Volume, Title, Id, Sha256, Instant, Segment } from '@voxcord/schemas/api';
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
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
  createdBy: Project.properties.createdBy
});
export type StoredProject = Static<typeof StoredProject>;

export const StoredCase = Type.Object({
  id: Id,
  projectId: Id,
  title: Title,
  volumes: Type.Array(Sha256, { minItems: 1 }),
  createdAt: Instant
});
export type StoredCase = Static<typeof StoredCase>;

export const StoredRead = Type.Object({
  id: Id,
  caseId: Id,
  projectId: Id,
  title: Title,
  access: Read.properties.access,
  reader: Person,
  state: Read.properties.state,
  volume: Sha256,
  /** The label schema that the read's room starts with. */
  segments: Type.Array(Segment),
  createdAt: Instant
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

/** Makes a check that answers a document with its type, or throws `StoreError` (`corrupt`). */
function reader<S extends TSchema>(kind: CatalogueKind, schema: S): (value: unknown) => Static<S> {
  const validator = Compile(schema);
  return value => {
    if (validator.Check(value)) return value;
    throw new StoreError('corrupt', `A ${kind} in the catalogue is damaged. Restore the data folder from a backup.`);
  };
}

export const readProject = reader('project', StoredProject);
export const readCase = reader('case', StoredCase);
export const readRead = reader('read', StoredRead);
export const readVolume = reader('volume', StoredVolume);
