import type { EvaluationResult } from '@voxcord/schemas/api';
import type { EvaluationSubject } from '../../evaluation/index.js';
import { compiledModule } from '../../threads/compiledModule.js';
import { runInThread } from '../../threads/runInThread.js';
import type { TaskOutcome } from '../../threads/taskOutcome.js';
import type { EvaluationMessage, EvaluationTask, MeasureCaseTask, MeasuredCase } from './evaluationTask.js';

/** Measures one case in a thread of its own. Rejects with `ThreadCancelled` once `signal` is aborted. */
export async function measureCase(task: MeasureCaseTask, signal: AbortSignal): Promise<MeasuredCase> {
  const message = await run(task, signal);
  if (message.kind === 'case') return message.measured;
  throw new Error('The thread has answered another question.');
}

/** Figures over cases, in a thread of its own. Rejects with `ThreadCancelled` once `signal` is aborted. */
export async function summarise(subject: EvaluationSubject, signal: AbortSignal): Promise<EvaluationResult> {
  const message = await run({ kind: 'summary', subject }, signal);
  if (message.kind === 'summary') return message.result;
  throw new Error('The thread has answered another question.');
}

function run(task: EvaluationTask, signal: AbortSignal): Promise<EvaluationMessage> {
  const module = compiledModule(import.meta.url, 'evaluationWorker');
  return runInThread(module, task, signal, (message): TaskOutcome<EvaluationMessage> =>
    isMessage(message) ? { state: 'done', result: message } : { state: 'running' }
  );
}

function isMessage(message: unknown): message is EvaluationMessage {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
