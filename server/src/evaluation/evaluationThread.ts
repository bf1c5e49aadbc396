import { voxelCount } from '@voxcord/schemas/labelmap';
import { compiledModule } from '../threads/compiledModule.js';
import { runInThread } from '../threads/runInThread.js';
import type { TaskOutcome } from '../threads/taskOutcome.js';
import { EvaluationError, type EvaluationErrorCode } from './errors.js';
import { evaluateCase, type CaseFigures } from './evaluateCase.js';
import type { CaseToEvaluate, EvaluationSettings } from './settings.js';

/** What a thread has from its start. */
export interface EvaluationTask {
  readonly input: CaseToEvaluate;
  readonly settings: EvaluationSettings;
}

export type EvaluationMessage =
  | { readonly kind: 'done'; readonly figures: CaseFigures }
  | { readonly kind: 'refused'; readonly code: EvaluationErrorCode; readonly text: string };

/** With fewer voxels starting a thread takes longer than the work. */
const WORTH_A_THREAD = 1_000_000;

/**
 * The same as `evaluateCase`, in a thread of its own if the case is large. Rejects with `EvaluationError`, or with
 * `ThreadCancelled` once `signal` is aborted.
 */
export async function evaluateInThread(
  input: CaseToEvaluate,
  settings: EvaluationSettings,
  signal: AbortSignal
): Promise<CaseFigures> {
  if (voxelCount(input.grid.dims) < WORTH_A_THREAD) return evaluateCase(input, settings);
  const task: EvaluationTask = { input, settings };
  const module = compiledModule(import.meta.url, 'evaluationWorker');
  return runInThread(module, task, signal, (message): TaskOutcome<CaseFigures> => {
    if (!isMessage(message)) return { state: 'running' };
    return message.kind === 'done'
      ? { state: 'done', result: message.figures }
      : { state: 'failed', error: new EvaluationError(message.code, message.text) };
  });
}

function isMessage(message: unknown): message is EvaluationMessage {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
