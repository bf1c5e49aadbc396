import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compiledModule } from '../../threads/compiledModule.js';
import { ModelError } from '../errors.js';
import type { ModelFolder } from '../modelFolder.js';
import type { TrialMessage, TrialTask } from './trialTask.js';

const MS = 1000;
/** Last characters of what native code writes before it ends. */
const LAST_WORDS = 500;

/** The trial was given up because its signal was aborted; the model is neither good nor bad. */
export class TrialCancelled extends Error {
  override readonly name = 'TrialCancelled';
}

/**
 * Looks into the networks of a model and runs them once, in a process of its own with the lowest priority, which is gone
 * when this settles. Rejects with `ModelError` if the model does not work, with `TrialCancelled` once `signal` is aborted.
 *
 * @param timeLimit seconds
 */
export async function runTrial(
  { folder, file }: Pick<ModelFolder, 'folder' | 'file'>,
  timeLimit: number,
  signal: AbortSignal
): Promise<void> {
  if (signal.aborted) throw new TrialCancelled('The trial was cancelled.');
  const child = fork(fileURLToPath(compiledModule(import.meta.url, 'trialProcess')), [], {
    execArgv: [],
    // Standard input tells the child that this process is gone.
    stdio: ['pipe', 'ignore', 'pipe', 'ipc']
  });
  const gone = new Promise<void>(resolve => child.once('close', () => resolve()));
  try {
    await outcomeOf(child, { folder, file }, timeLimit, signal);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

function outcomeOf(child: ChildProcess, task: TrialTask, timeLimit: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = '';
    const cancel = (): void => reject(new TrialCancelled('The trial was cancelled.'));
    const timer = setTimeout(() => reject(timedOut(timeLimit)), timeLimit * MS);
    signal.addEventListener('abort', cancel, { once: true });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-LAST_WORDS)));
    child.on('message', (message: TrialMessage) => {
      if (message.kind === 'passed') resolve();
      else reject(new ModelError(message.code, message.text));
    });
    child.on('error', cause => reject(new ModelError('model.crashed', ended(cause.message), { cause })));
    child.on('close', (code, by) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      reject(crashed(code, by, words));
    });
    child.send(task);
  });
}

function timedOut(seconds: number): ModelError {
  return new ModelError(
    'model.timed-out',
    `The model had no result for one small image after ${seconds} seconds and was stopped. Ask whoever made it.`
  );
}

/** Nobody but the system itself ends a process with SIGKILL: for want of memory. */
function crashed(code: number | null, by: NodeJS.Signals | null, words: string): ModelError {
  if (by === 'SIGKILL' || /out of memory|bad_alloc|cannot allocate/i.test(words)) {
    return new ModelError('model.no-memory', 'The model needs more memory than there is on this machine.');
  }
  return new ModelError('model.crashed', ended(`${by ?? `exit code ${code}`}. ${words.trim()}`));
}

function ended(how: string): string {
  return `The process that tried the model ended without a result (${how.trim()}). It does not run on this machine.`;
}
