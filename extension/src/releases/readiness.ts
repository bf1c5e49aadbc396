import type { Case, Consensus } from '@voxcord/schemas/api';
import type { VoxcordApi } from '../client/index.js';
import { progressOf } from '../review/disputeOrder.js';

/** Whether the truth of a case is decided, and if not, what is missing. */
export type Readiness =
  | { readonly kind: 'ready'; readonly consensus: Consensus }
  | { readonly kind: 'no-consensus' }
  | { readonly kind: 'running' }
  | { readonly kind: 'outdated' }
  | { readonly kind: 'open-disputes'; readonly decided: number; readonly asked: number }
  | { readonly kind: 'adjudication-open' };

/** Looks how far a case has come. Throws `VoxcordError`. */
export async function readinessOf(api: VoxcordApi, opened: Case, signal: AbortSignal): Promise<Readiness> {
  const drafts = await api.call('listConsensus', { params: { caseId: opened.id } }, signal);
  const newest = drafts.find(({ deviates, progress }) => !deviates && progress.state === 'done');
  if (newest === undefined) {
    return drafts.some(({ progress }) => progress.state === 'running') ? { kind: 'running' } : { kind: 'no-consensus' };
  }
  const consensus = await api.call('getConsensus', { params: { consensusId: newest.id } }, signal);
  return judge(opened, consensus);
}

/** From a draft with its result. */
export function judge(opened: Case, consensus: Consensus): Readiness {
  const { result, outdated } = consensus;
  if (outdated) return { kind: 'outdated' };
  if (result === null) return { kind: 'no-consensus' };
  const { decided, asked } = progressOf(result.disputes);
  if (decided < asked) return { kind: 'open-disputes', decided, asked };
  if (!result.adjudication.needed) return { kind: 'ready', consensus };
  const read = opened.reads.find(({ id }) => id === result.adjudication.read);
  return read?.state === 'submitted' ? { kind: 'ready', consensus } : { kind: 'adjudication-open' };
}
