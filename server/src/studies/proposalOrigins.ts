import type { Person } from '@voxcord/schemas/api';
import type { PromptedModelFile } from '@voxcord/schemas/models';
import { denied } from '../projects/projectAccess.js';
import { readRead, type StoredRead } from '../projects/records.js';
import { aboutRead, actorOf, type Journal } from './journal.js';
import { modelOrigin, proposedDetails, type ProposedDetails } from './originDetails.js';

/** A model that has answered somebody's clicks. */
export interface ProposingModel {
  readonly file: Pick<PromptedModelFile, 'name' | 'version'>;
  readonly sha256: string;
}

/**
 * Which models have proposed something to whoever paints in a read. It stands in the read, in the audit log, and in the
 * `origins` of its next revision: also what was refused has been seen.
 */
export class ProposalOrigins {
  constructor(
    private readonly journal: Journal,
    private readonly now: () => Date
  ) {}

  /** Once for each model and read, before the person sees the answer. Throws `ProjectError` if nobody may paint there now. */
  async note(person: Person, read: StoredRead, { file: { name, version }, sha256 }: ProposingModel): Promise<void> {
    if (hasProposed(read, sha256)) return;
    const model = { name, version, sha256 };
    const at = this.now().toISOString();
    const details: ProposedDetails = { model, proposals: true, at, by: person.username };
    await this.journal.update('read', read.id, readRead, read.projectId, current => {
      if (current.state !== 'open') throw denied('paint in this read');
      if (hasProposed(current, sha256)) return null;
      return {
        value: { ...current, origins: [...current.origins, modelOrigin(details)] },
        told: {
          actor: actorOf(person),
          action: 'read.proposals-by-model',
          subject: aboutRead(read.id),
          details: { case: read.caseId, ...details }
        }
      };
    });
  }
}

function hasProposed({ origins }: StoredRead, sha256: string): boolean {
  return origins.some(origin => proposedDetails(origin)?.model.sha256 === sha256);
}
