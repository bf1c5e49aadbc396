import { randomUUID } from 'node:crypto';
import type { Decision, Dispute, NewDecision, Person } from '@voxcord/schemas/api';
import type { Store } from '../../store/store.js';
import { readDecision, type StoredConsensus, type StoredDecision } from '../consensus/consensusRecords.js';
import { GroundTruthError } from '../groundTruthError.js';
import { actorOf, type Journal } from '../journal.js';

/** What was decided on disputes: never changed, only added to. */
export class Decisions {
  constructor(
    private readonly store: Pick<Store, 'catalogue'>,
    private readonly journal: Journal,
    private readonly now: () => Date
  ) {}

  /** Oldest first, replaced ones too. */
  async of(consensusId: string): Promise<Decision[]> {
    const stored = (await this.store.catalogue.list('decision', consensusId)).map(readDecision);
    return stored.map(({ decision }) => decision);
  }

  /** The decision that counts, by dispute: the newest one, unless it opened the dispute again. */
  async standing(consensusId: string): Promise<ReadonlyMap<number, Decision>> {
    const standing = new Map<number, Decision>();
    for (const decision of await this.of(consensusId)) {
      if (decision.choice.kind === 'open') standing.delete(decision.dispute);
      else standing.set(decision.dispute, decision);
    }
    return standing;
  }

  async add(person: Person, draft: StoredConsensus, dispute: Dispute, wanted: NewDecision): Promise<Decision> {
    const { choice } = wanted;
    if (choice.kind === 'reader' && !draft.readers.some(({ letter }) => letter === choice.letter)) {
      throw new GroundTruthError('dispute.unknown', `There is no reader ${choice.letter} in this consensus.`);
    }
    const decision: Decision = {
      dispute: dispute.number,
      ...wanted,
      by: person,
      at: this.now().toISOString()
    };
    const stored: StoredDecision = {
      id: randomUUID(),
      consensusId: draft.id,
      projectId: draft.projectId,
      decision,
      untold: null
    };
    await this.journal.insert('decision', stored.id, draft.id, stored, draft.projectId, {
      actor: actorOf(person),
      action: 'dispute.decided',
      subject: { kind: 'consensus', id: draft.id, sha256: draft.computed?.labelMapRoot ?? null },
      details: {
        decision: stored.id,
        dispute: dispute.number,
        choice: { ...choice },
        reason: wanted.reason,
        shown: { ...wanted.shown }
      }
    });
    return decision;
  }
}
