import { ProcessEnded, runInProcess } from '../../processes/runInProcess.js';
import { compiledModule } from '../../threads/compiledModule.js';
import { ModelError } from '../errors.js';
import type { ModelFolder } from '../modelFolder.js';
import type { TrialMessage, TrialTask } from './trialTask.js';

/** The trial was given up because its signal was aborted; the model is neither good nor bad. */
export class TrialCancelled extends Error {
  override readonly name = 'TrialCancelled';
}

/**
 * Looks into the networks of a model and runs them once, in a process of its own with little share, which is gone
 * when this settles. Rejects with `ModelError` if the model does not work, with `TrialCancelled` once `signal` is aborted.
 *
 * @param timeLimit seconds
 */
export async function runTrial(
  { folder, file }: Pick<ModelFolder, 'folder' | 'file'>,
  timeLimit: number,
  signal: AbortSignal
): Promise<void> {
  const task: TrialTask = { folder, file };
  try {
    await runInProcess(compiledModule(import.meta.url, 'trialProcess'), task, { signal, timeLimit }, answer => {
      const message = answer as TrialMessage;
      if (message.kind === 'passed') return { state: 'done', result: undefined };
      return { state: 'failed', error: new ModelError(message.code, message.text) };
    });
  } catch (error) {
    throw error instanceof ProcessEnded ? asTrialError(error, timeLimit) : error;
  }
}

function asTrialError({ end, cause }: ProcessEnded, timeLimit: number): ModelError | TrialCancelled {
  switch (end.kind) {
    case 'cancelled':
      return new TrialCancelled('The trial was cancelled.');
    case 'timed-out':
      return new ModelError(
        'model.timed-out',
        `The model had no result for one small image after ${timeLimit} seconds and was stopped. Ask whoever made it, or whoever runs the service for more time.`
      );
    case 'no-memory':
      return new ModelError('model.no-memory', 'The model needs more memory than there is on this machine.');
    case 'crashed':
      return new ModelError(
        'model.crashed',
        `The process that tried the model ended without a result (${end.how}). It does not run on this machine.`,
        { cause }
      );
  }
}
