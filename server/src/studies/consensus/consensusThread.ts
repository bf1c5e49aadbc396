import { runInThread } from '../../threads/runInThread.js';
import type { TaskOutcome } from '../../threads/taskOutcome.js';
import { compiledModule } from '../../threads/compiledModule.js';
import { ConsensusRefused, type ReportProgress } from './computeConsensus.js';
import type { ConsensusMessage, ConsensusOutcome, ConsensusTask } from './consensusTask.js';
import { judgeConsensus } from './judgeConsensus.js';

/**
 * Computes a consensus in a thread of its own. Rejects with `ConsensusRefused`, or with `ThreadCancelled` once `signal`
 * is aborted.
 */
export function runConsensus(
  task: ConsensusTask,
  report: ReportProgress,
  signal: AbortSignal
): Promise<ConsensusOutcome> {
  const module = compiledModule(import.meta.url, 'consensusWorker');
  return runInThread(module, task, signal, (message): TaskOutcome<ConsensusOutcome> => {
    if (!isMessage(message)) return { state: 'running' };
    switch (message.kind) {
      case 'progress':
        report(message.done, message.step);
        return { state: 'running' };
      case 'done':
        return { state: 'done', result: judgeConsensus(task, message.outcome) };
      case 'refused':
        return { state: 'failed', error: new ConsensusRefused(message.refusal) };
    }
  });
}

function isMessage(message: unknown): message is ConsensusMessage {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
