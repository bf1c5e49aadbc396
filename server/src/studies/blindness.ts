import type { Person } from '@voxcord/schemas/api';
import { isBlindByProtocol } from '../access/caseReads.js';
import type { ProjectAccess } from '../projects/projectAccess.js';
import type { StoredRead } from '../projects/records.js';
import type { Catalogue } from '../store/store.js';
import { StudyError } from './errors.js';
import { readAssignment } from './records.js';

/** Who has still to read on their own, and must not learn of others by what is not about a single read. */
export class Blindness {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProjectAccess
  ) {}

  /** Reads that somebody was given and that were not taken back, oldest first. */
  async readsGivenTo(username: string): Promise<StoredRead[]> {
    const given = (await this.catalogue.list('assignment', username)).map(readAssignment);
    const reads = await Promise.all(given.map(({ readId }) => this.access.findRead(readId)));
    return reads.filter(read => read !== null);
  }

  /** Ids of the cases that this person has still to read blind. */
  async casesToRead({ username }: Person): Promise<ReadonlySet<string>> {
    return new Set((await this.readsGivenTo(username)).filter(isPending).map(({ caseId }) => caseId));
  }

  async anywhere({ username }: Person): Promise<boolean> {
    return (await this.readsGivenTo(username)).some(isPending);
  }

  /** Throws `StudyError` (`access.blinded`) if the person has a blind read to submit in the project. */
  async refuseIn({ username }: Person, projectId: string): Promise<void> {
    const reads = await this.readsGivenTo(username);
    if (!reads.some(read => read.projectId === projectId && isPending(read))) return;
    throw new StudyError(
      'access.blinded',
      'You have blind reads to submit in this project: this would tell you of the others. Submit yours first.'
    );
  }
}

function isPending(read: StoredRead): boolean {
  return isBlindByProtocol(read) && read.state !== 'submitted';
}
