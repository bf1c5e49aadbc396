import type { Consensus, ConsensusResult, Decision } from '@voxcord/schemas/api';
import type { StoredRead } from '../../projects/records.js';
import type { JobProgress } from '../jobs/jobQueue.js';
import { readsThatCount } from './consensusReads.js';
import { modelsThatVote } from './modelReads.js';
import type { ComputedConsensus, StoredConsensus } from './consensusRecords.js';

/** A result with the decision that counts for each dispute. */
export interface DecidedConsensus extends ComputedConsensus {
  readonly decisions: ReadonlyMap<number, Decision>;
}

/** What is told of a draft; `computed` is null where the result is not asked for or not there. */
export function presentDraft(
  draft: StoredConsensus,
  reads: readonly StoredRead[],
  running: JobProgress | null,
  computed: DecidedConsensus | null
): Consensus {
  const { progress } = draft;
  return {
    id: draft.id,
    caseId: draft.caseId,
    number: draft.number,
    protocolVersion: draft.protocolVersion,
    deviates: draft.deviates,
    outdated: isOutdated(draft, reads),
    rules: draft.rules,
    agreementRules: draft.agreementRules,
    createdBy: draft.createdBy,
    createdAt: draft.createdAt,
    progress: progress.state === 'running' && running !== null ? { state: 'running', ...running } : progress,
    result: computed === null ? null : presentResult(draft, computed)
  };
}

/** A read that has a say was reopened, submitted anew, added or taken away since. */
export function isOutdated(draft: Pick<StoredConsensus, 'readers' | 'rules'>, reads: readonly StoredRead[]): boolean {
  const counting = [...readsThatCount(reads), ...modelsThatVote(reads, draft.rules)];
  const used = new Set(draft.readers.filter(({ weight }) => weight > 0).map(({ revision }) => revision));
  return (
    counting.length !== used.size ||
    counting.some(({ state, revisions }) => state !== 'submitted' || !used.has(revisions.at(-1) ?? ''))
  );
}

function presentResult(draft: StoredConsensus, { result, decisions }: DecidedConsensus): ConsensusResult {
  return {
    ...result,
    readers: draft.readers,
    disputes: result.disputes.map(dispute => ({ ...dispute, decision: decisions.get(dispute.number) ?? null })),
    adjudication: { ...result.adjudication, read: draft.adjudication },
    warnings: [...draft.warnings, ...result.warnings]
  };
}
