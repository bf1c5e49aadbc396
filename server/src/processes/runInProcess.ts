import { execFile, fork, type ChildProcess, type Serializable } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TaskOutcome } from '../threads/taskOutcome.js';
import type { QuietMoments } from './quietMoments.js';

/** Why a process had no result. */
export type ProcessEnd =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'no-memory' }
  /** @param how what is known of it, for people */
  | { readonly kind: 'crashed'; readonly how: string };

/** A process ended, or was ended, before it had a result. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';

  constructor(
    readonly end: ProcessEnd,
    options?: ErrorOptions
  ) {
    super(
      end.kind === 'crashed' ? `The process ended without a result: ${end.how}` : `The process: ${end.kind}.`,
      options
    );
  }
}

export interface ProcessOptions {
  /** Ends the process at once, whatever it is doing. */
  readonly signal: AbortSignal;
  /** Seconds after which it is given up. */
  readonly timeLimit: number;
  /** It stands still in these moments, where the system can see to it that it never does so for ever. */
  readonly quiet?: QuietMoments;
}

const MS = 1000;
/** Last characters of what native code writes before it ends. */
const LAST_WORDS = 500;

/**
 * Runs one task in a process of its own, which is gone when this settles and, as it calls `workInBackground`, does not
 * outlive this one. Rejects with what `understand` makes of a message, or with `ProcessEnded`.
 *
 * @param module begins by calling `workInBackground`, and is sent `task` over the channel
 */
export async function runInProcess<Result>(
  module: URL,
  task: Serializable,
  options: ProcessOptions,
  understand: (message: unknown) => TaskOutcome<Result>
): Promise<Result> {
  if (options.signal.aborted) throw new ProcessEnded({ kind: 'cancelled' });
  const diesWithParent = options.quiet !== undefined && (await canDieWithParent());
  const child = fork(fileURLToPath(module), [], {
    // What stands still sees nothing of the end of this process: the system ends it then.
    ...(diesWithParent ? { execPath: SETPRIV, execArgv: ['--pdeathsig', 'KILL', process.execPath] } : { execArgv: [] }),
    // Standard input tells the child that this process is gone.
    stdio: ['pipe', 'ignore', 'pipe', 'ipc']
  });
  // Its first message shows that the system has taken note.
  if (diesWithParent) child.once('message', () => options.quiet?.include(child));
  const gone = new Promise<void>(resolve => child.once('close', () => resolve()));
  try {
    return await resultOf(child, task, options, understand);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

/** Of util-linux, which each Debian and Ubuntu has. */
const SETPRIV = 'setpriv';
let canDie: Promise<boolean> | null = null;

/** Whether the system can be asked to end a process when the one that started it ends: on Linux. */
function canDieWithParent(): Promise<boolean> {
  canDie ??= new Promise(resolve => {
    execFile(SETPRIV, ['--pdeathsig', 'KILL', process.execPath, '--version'], error => resolve(error === null));
  });
  return canDie;
}

function resultOf<Result>(
  child: ChildProcess,
  task: Serializable,
  { signal, timeLimit }: ProcessOptions,
  understand: (message: unknown) => TaskOutcome<Result>
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let words = '';
    const fail = (end: ProcessEnd, cause?: Error): void => reject(new ProcessEnded(end, { cause }));
    const cancel = (): void => fail({ kind: 'cancelled' });
    const timer = setTimeout(() => fail({ kind: 'timed-out' }), timeLimit * MS);
    signal.addEventListener('abort', cancel, { once: true });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-LAST_WORDS)));
    child.on('message', message => {
      const outcome = understand(message);
      if (outcome.state === 'done') resolve(outcome.result);
      else if (outcome.state === 'failed') reject(outcome.error);
    });
    child.on('error', cause => fail({ kind: 'crashed', how: cause.message }, cause));
    child.on('close', (code, by) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      fail(endOf(code, by, words));
    });
    child.send(task);
  });
}

/** Nobody but the system itself ends a process with SIGKILL: for want of memory. */
function endOf(code: number | null, by: NodeJS.Signals | null, words: string): ProcessEnd {
  if (by === 'SIGKILL' || /out of memory|bad_alloc|cannot allocate/i.test(words)) return { kind: 'no-memory' };
  return { kind: 'crashed', how: `${by ?? `exit code ${code}`}. ${words.trim()}`.trim() };
}
