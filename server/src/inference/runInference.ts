import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { QuietMoments } from '../processes/quietMoments.js';
import { ProcessEnded, runInProcess } from '../processes/runInProcess.js';
import { compiledModule } from '../threads/compiledModule.js';
import { InferenceError } from './errors.js';
import type { InferenceMessage, InferenceOutcome, InferenceTask } from './inferenceTask.js';
import { writingFailed } from './resultFiles.js';

export interface InferenceOptions {
  /** Ends the run at once, whatever it is doing: `inference.cancelled`. */
  readonly signal: AbortSignal;
  /** @param done share of the work, 0 to 1 */
  readonly report: (done: number, step: string) => void;
  /** Seconds after which the run is given up; an hour by default. */
  readonly timeLimit?: number;
  /** Moments in which it stands still. */
  readonly quiet?: QuietMoments;
}

const HOUR = 3600;
const MS = 1000;

/**
 * Runs a model over a volume in a process of its own, which is gone when this settles and does not outlive this one. Result files appear when they are whole, or not at all. Rejects with `InferenceError`.
 */
export async function runInference(task: InferenceTask, options: InferenceOptions): Promise<InferenceOutcome> {
  const started = performance.now();
  if (options.signal.aborted) throw cancelled();
  const part = `.${randomUUID()}.part`;
  const { scoresFile, markScores } = task;
  const files = [task.labelsFile, scoresFile, markScores?.file].filter(file => file !== undefined);
  const partial: InferenceTask = {
    ...task,
    labelsFile: task.labelsFile + part,
    ...(scoresFile === undefined ? {} : { scoresFile: scoresFile + part }),
    ...(markScores === undefined ? {} : { markScores: { ...markScores, file: markScores.file + part } })
  };
  try {
    const outcome = await inProcess(partial, options);
    for (const file of files) await rename(file + part, file).catch(refuse);
    return { ...outcome, seconds: (performance.now() - started) / MS };
  } catch (error) {
    await Promise.all(files.map(file => rm(file + part, { force: true })));
    throw error;
  }
}

async function inProcess(
  task: InferenceTask,
  { signal, report, timeLimit = HOUR, quiet }: InferenceOptions
): Promise<Omit<InferenceOutcome, 'seconds'>> {
  const module = compiledModule(import.meta.url, 'inferenceProcess');
  try {
    return await runInProcess(
      module,
      task,
      { signal, timeLimit, ...(quiet === undefined ? {} : { quiet }) },
      answer => {
        const message = answer as InferenceMessage;
        if (message.kind === 'done') return { state: 'done', result: message.outcome };
        if (message.kind === 'failed') {
          return { state: 'failed', error: new InferenceError(message.code, message.text) };
        }
        report(message.done, message.step);
        return { state: 'running' };
      }
    );
  } catch (error) {
    throw error instanceof ProcessEnded ? asInferenceError(error, timeLimit) : error;
  }
}

function asInferenceError({ end, cause }: ProcessEnded, timeLimit: number): InferenceError {
  switch (end.kind) {
    case 'cancelled':
      return cancelled();
    case 'timed-out':
      return new InferenceError(
        'inference.timed-out',
        `The model had no result after ${timeLimit} seconds and was stopped. Allow more time, or ask whoever made the model.`
      );
    case 'no-memory':
      return new InferenceError(
        'inference.no-memory',
        'The model needed more memory than there is and was stopped. Run it on a machine with more, or crop the volume.'
      );
    case 'crashed':
      return new InferenceError(
        'inference.crashed',
        `The process that ran the model ended without a result (${end.how}). Run it again; if it happens again, the model does not run on this machine.`,
        { cause }
      );
  }
}

function cancelled(): InferenceError {
  return new InferenceError('inference.cancelled', 'The run of the model was cancelled; nothing of it is left.');
}

function refuse(cause: unknown): never {
  throw writingFailed(cause);
}
