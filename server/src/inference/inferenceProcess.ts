import { workInBackground } from '../processes/workInBackground.js';
import { InferenceError } from './errors.js';
import type { InferenceMessage, InferenceTask } from './inferenceTask.js';
import { performTask } from './performTask.js';

/*
 * Runs one model over one volume and ends. Started by `runInference.ts` with a channel, over which it is sent an
 * `InferenceTask`.
 */

const background = workInBackground();
background.take('little');

process.once('message', (task: InferenceTask) => {
  perform(task).catch((error: unknown) => {
    const failed = asInferenceError(error);
    send({ kind: 'failed', code: failed.code, text: failed.message });
  });
});

async function perform(task: InferenceTask): Promise<void> {
  // The thread that watches may still be starting: what is written before it knows the folder would stay.
  if (task.scratch !== undefined) await background.removeWhenOrphaned(task.scratch);
  await performTask(task, send);
}

function send(message: InferenceMessage): void {
  process.send?.(message);
}

function asInferenceError(error: unknown): InferenceError {
  if (error instanceof InferenceError) return error;
  if (error instanceof RangeError && /allocation failed|invalid (typed )?array (buffer )?length/i.test(error.message)) {
    return new InferenceError(
      'inference.no-memory',
      'There is not enough memory for this volume and this model. Run it on a machine with more, or crop the volume.',
      { cause: error }
    );
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new InferenceError('inference.crashed', `The inference failed: ${told}`, { cause: error });
}
