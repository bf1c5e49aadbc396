import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
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
}

const HOUR = 3600;
const MS = 1000;
/** Last characters of what native code writes before it ends. */
const LAST_WORDS = 500;

/**
 * Runs a model over a volume in a process of its own with the lowest priority, which is gone when this settles and does not
 * outlive this process. Result files appear when they are whole, or not at all. Rejects with `InferenceError`.
 */
export async function runInference(
  task: InferenceTask,
  { signal, report, timeLimit = HOUR }: InferenceOptions
): Promise<InferenceOutcome> {
  const started = performance.now();
  if (signal.aborted) throw cancelled();
  const part = `.${randomUUID()}.part`;
  const files = [task.labelsFile, ...(task.scoresFile === undefined ? [] : [task.scoresFile])];
  const partial: InferenceTask = {
    ...task,
    labelsFile: task.labelsFile + part,
    ...(task.scoresFile === undefined ? {} : { scoresFile: task.scoresFile + part })
  };
  try {
    const outcome = await inProcess(partial, signal, report, timeLimit);
    for (const file of files) await rename(file + part, file).catch(refuse);
    return { ...outcome, seconds: (performance.now() - started) / MS };
  } catch (error) {
    await Promise.all(files.map(file => rm(file + part, { force: true })));
    throw error;
  }
}

async function inProcess(
  task: InferenceTask,
  signal: AbortSignal,
  report: InferenceOptions['report'],
  timeLimit: number
): Promise<Omit<InferenceOutcome, 'seconds'>> {
  const child = fork(fileURLToPath(compiledModule(import.meta.url, 'inferenceProcess')), [], {
    execArgv: [],
    // Standard input tells the child that this process is gone.
    stdio: ['pipe', 'ignore', 'pipe', 'ipc']
  });
  const gone = new Promise<void>(resolve => child.once('close', () => resolve()));
  try {
    return await outcomeOf(child, task, signal, report, timeLimit);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

function outcomeOf(
  child: ChildProcess,
  task: InferenceTask,
  signal: AbortSignal,
  report: InferenceOptions['report'],
  timeLimit: number
): Promise<Omit<InferenceOutcome, 'seconds'>> {
  return new Promise((resolve, reject) => {
    let words = '';
    const cancel = (): void => reject(cancelled());
    const timer = setTimeout(() => reject(timedOut(timeLimit)), timeLimit * MS);
    signal.addEventListener('abort', cancel, { once: true });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-LAST_WORDS)));
    child.on('message', (message: InferenceMessage) => {
      if (message.kind === 'progress') report(message.done, message.step);
      else if (message.kind === 'done') resolve(message.outcome);
      else reject(new InferenceError(message.code, message.text));
    });
    child.on('error', cause => reject(new InferenceError('inference.crashed', ended(cause.message), { cause })));
    child.on('close', (code, by) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      reject(crashed(code, by, words));
    });
    child.send(task);
  });
}

function cancelled(): InferenceError {
  return new InferenceError('inference.cancelled', 'The run of the model was cancelled; nothing of it is left.');
}

function timedOut(seconds: number): InferenceError {
  return new InferenceError(
    'inference.timed-out',
    `The model had no result after ${seconds} seconds and was stopped. Allow more time, or ask whoever made the model.`
  );
}

/** Nobody but the system itself ends a process with SIGKILL: for want of memory. */
function crashed(code: number | null, by: NodeJS.Signals | null, words: string): InferenceError {
  if (by === 'SIGKILL' || /out of memory|bad_alloc|cannot allocate/i.test(words)) {
    return new InferenceError(
      'inference.no-memory',
      'The model needed more memory than there is and was stopped. Run it on a machine with more, or crop the volume.'
    );
  }
  return new InferenceError('inference.crashed', ended(`${by ?? `exit code ${code}`}. ${words.trim()}`));
}

function ended(how: string): string {
  return `The process that ran the model ended without a result (${how.trim()}). Run it again; if it happens again, the model does not run on this machine.`;
}

function refuse(cause: unknown): never {
  throw writingFailed(cause);
}
