import { ModelIdentity, CopiedSegment, Id, Sha256, Username, type Person, type ReadOrigin } from '@voxcord/schemas/api';
import { Timestamp, type PreAnnotation } from '@voxcord/schemas/files';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { ProjectAccess } from '../projects/projectAccess.js';
import type { People } from './people.js';

/** What stands with labels that were copied out of a model's read. */
const copied = Compile(
  Type.Object({
    model: ModelIdentity,
    segments: Type.Array(CopiedSegment, { minItems: 1 }),
    read: Id,
    revision: Type.Union([Sha256, Type.Null()]),
    at: Timestamp,
    by: Username
  })
);

/** What stands with a model that has answered clicks. */
const proposed = Compile(
  Type.Object({ model: ModelIdentity, proposals: Type.Literal(true), at: Timestamp, by: Username })
);

/** What reads owe to models, told to whoever may see what is painted: no more than the next revision will tell. */
export class ReadOrigins {
  constructor(
    private readonly access: ProjectAccess,
    private readonly people: Pick<People, 'named'>
  ) {}

  /** Newest last. Rejects with `ProjectError` and `StudyError` (`access.blinded`, `read.not-begun`). */
  async list(person: Person, readId: string): Promise<ReadOrigin[]> {
    const { read } = await this.access.viewableRead(person, readId);
    return Promise.all(read.origins.map(origin => presentOrigin(origin, username => this.people.named(username))));
  }
}

/** What is not known in all its parts is told by its name: the others are told all the same. */
export async function presentOrigin(
  { kind, name, details }: PreAnnotation,
  named: (username: string) => Promise<Person>
): Promise<ReadOrigin> {
  if (kind === 'model' && proposed.Check(details)) {
    const { model, at, by } = details;
    return { kind: 'proposed', model: { ...model }, at, by: await named(by) };
  }
  if (kind === 'model' && copied.Check(details)) {
    const { model, segments, read, revision, at, by } = details;
    return { kind: 'copied', model: { ...model }, segments, read: { id: read, revision }, at, by: await named(by) };
  }
  return { kind: 'other', name };
}
