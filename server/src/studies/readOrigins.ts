import type { Person, ReadOrigin } from '@voxcord/schemas/api';
import type { PreAnnotation } from '@voxcord/schemas/files';
import type { ProjectAccess } from '../projects/projectAccess.js';
import { copiedDetails, proposedDetails } from './originDetails.js';
import type { People } from './people.js';

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
  origin: PreAnnotation,
  named: (username: string) => Promise<Person>
): Promise<ReadOrigin> {
  const proposed = proposedDetails(origin);
  if (proposed !== null) {
    const { model, at, by } = proposed;
    return { kind: 'proposed', model, at, by: await named(by) };
  }
  const copied = copiedDetails(origin);
  if (copied !== null) {
    const { model, segments, read, revision, at, by } = copied;
    return { kind: 'copied', model, segments, read: { id: read, revision }, at, by: await named(by) };
  }
  return { kind: 'other', name: origin.name };
}
