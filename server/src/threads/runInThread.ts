import { Worker } from 'node:worker_threads';
import type { TaskOutcome } from './taskOutcome.js';

/** The work was given up because its signal was aborted. */
export class ThreadCancelled extends Error {
  override readonly name = 'ThreadCancelled';
}

/**
 * Runs one task in a thread of its own, which is gone when this settles. Rejects with what `understand` makes of a
 * message, with the error that the thread died of, or with `ThreadCancelled` once `signal` is aborted.
 */
export async function runInThread<Result>(
  module: URL,
  task: unknown,
  signal: AbortSignal,
  understand: (message: unknown) => TaskOutcome<Result>
): Promise<Result> {
  if (signal.aborted) throw new ThreadCancelled('The computation was cancelled.');
  const worker = new Worker(module, { workerData: task });
  try {
    return await new Promise<Result>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new ThreadCancelled('The computation was cancelled.')), {
        once: true
      });
      worker.on('message', (message: unknown) => {
        const outcome = understand(message);
        if (outcome.state === 'done') resolve(outcome.result);
        else if (outcome.state === 'failed') reject(outcome.error);
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('The computation ended without a result.')));
    });
  } finally {
    await worker.terminate();
  }
}
