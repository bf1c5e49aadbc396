import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiledModule.js';
import { InferenceError } from './errors.js';
import type { InferenceMessage, InferenceTask } from './inferenceTask.js';
import { performTask } from './performTask.js';

/*
 * Runs one model over one volume and ends. Started by `runInference.ts` with a channel, over which it is sent an
 * `InferenceTask`; it does not outlive whoever started it.
 */

const watch = new Worker(compiledModule(import.meta.url, 'parentWatch'));
watch.unref();
// Before ONNX Runtime starts its threads: they inherit it.
setPriority(constants.priority.PRIORITY_LOW);
giveWayInNeed();
// Ctrl-C goes to all processes of a terminal; whoever started this one decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

process.once('message', (task: InferenceTask) => {
  if (task.scratch !== undefined) watch.postMessage(task.scratch);
  performTask(task, send).catch((error: unknown) => {
    const failed = asInferenceError(error);
    send({ kind: 'failed', code: failed.code, text: failed.message });
  });
});

function send(message: InferenceMessage): void {
  process.send?.(message);
}

/** If memory runs out, the system ends this process and not the service. Linux only, and only where it is allowed. */
function giveWayInNeed(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // The system then decides by itself.
  }
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
