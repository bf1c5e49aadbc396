import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { superseded } from '../../proposals/errors.js';
import type { StoredCrop } from '../../proposals/storedCrop.js';
import { compiledModule } from '../../threads/compiledModule.js';
import { InferenceError } from '../errors.js';
import type { PromptedAnswer, PromptedReply, PromptedRequest, PromptedTask } from './promptedTask.js';

export interface PromptedLimits {
  /** Milliseconds that one answer may take. */
  readonly answer: number;
  /** Milliseconds that a process may go on with what nobody waits for any more. */
  readonly grace: number;
  /** Milliseconds after which a process that nobody asks ends. */
  readonly idle: number;
}

const DEFAULT_LIMITS: PromptedLimits = { answer: 30_000, grace: 2000, idle: 5 * 60_000 };

interface Asked {
  readonly child: ChildProcess;
  resolve(reply: PromptedReply): void;
  reject(error: Error): void;
}

/**
 * Asks prompted models, in one process of its own that lives on: it keeps what the encoders have said, so that a further
 * click runs the decoder alone. A model that fails costs the process: the next click starts a fresh one. Calls of `answer`
 * must follow each other.
 */
export class PromptedRunner {
  #child: ChildProcess | null = null;
  #asked: Asked | null = null;
  #nextNumber = 1;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly limits: PromptedLimits = DEFAULT_LIMITS) {}

  /** Of the process that runs now, if one does. */
  get processId(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Rejects with `InferenceError`, or with `ProposalError` (`proposal.superseded`) once `signal` is aborted.
   *
   * @param image reads the part of the volume that the crop covers; called if the process does not know the crop
   */
  async answer(task: PromptedTask, image: () => Promise<StoredCrop>, signal: AbortSignal): Promise<PromptedAnswer> {
    clearTimeout(this.#idleTimer);
    try {
      let reply = await this.#ask(task, null, signal);
      if (reply.kind === 'image-wanted') reply = await this.#ask(task, await image(), signal);
      signal.throwIfAborted();
      if (reply.kind === 'found') return reply.answer;
      if (reply.kind === 'image-wanted') throw crashed('it lost an image');
      throw new InferenceError(reply.code, reply.text);
    } catch (error) {
      // Nobody knows what such a model has left behind.
      if (error instanceof InferenceError) this.stop();
      throw signal.aborted ? superseded() : error;
    } finally {
      this.#idleTimer = setTimeout(() => this.stop(), this.limits.idle).unref();
    }
  }

  /** Ends the process at once. */
  stop(): void {
    clearTimeout(this.#idleTimer);
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
  }

  async #ask(task: PromptedTask, image: StoredCrop | null, signal: AbortSignal): Promise<PromptedReply> {
    signal.throwIfAborted();
    const child = (this.#child ??= this.#start());
    const number = this.#nextNumber++;
    const timers: NodeJS.Timeout[] = [];
    const later = (milliseconds: number, error: InferenceError): void => {
      timers.push(setTimeout(() => this.#lose(child, error), milliseconds));
    };
    later(this.limits.answer, timedOut(this.limits.answer));
    const hurry = (): void => later(this.limits.grace, timedOut(this.limits.grace));
    signal.addEventListener('abort', hurry, { once: true });
    try {
      const reply = await new Promise<PromptedReply>((resolve, reject) => {
        this.#asked = { child, resolve: answer => (answer.number === number ? resolve(answer) : undefined), reject };
        child.send({ number, task, image } satisfies PromptedRequest, error => {
          if (error !== null) this.#lose(child, crashed(error.message));
        });
      });
      return reply;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', hurry);
    }
  }

  #start(): ChildProcess {
    const child = fork(fileURLToPath(compiledModule(import.meta.url, 'promptedProcess')), [], {
      execArgv: [],
      serialization: 'advanced',
      // Standard input tells the child that this process is gone.
      stdio: ['pipe', 'ignore', 'ignore', 'ipc']
    });
    child.on('message', (reply: PromptedReply) => {
      if (this.#asked?.child === child) this.#asked.resolve(reply);
    });
    child.on('error', error => this.#lose(child, crashed(error.message)));
    child.on('exit', (code, by) => this.#lose(child, crashed(by ?? `exit code ${code}`)));
    return child;
  }

  #lose(child: ChildProcess, why: InferenceError): void {
    if (this.#child === child) this.#child = null;
    child.kill('SIGKILL');
    if (this.#asked?.child !== child) return;
    this.#asked.reject(why);
    this.#asked = null;
  }
}

function timedOut(milliseconds: number): InferenceError {
  return new InferenceError(
    'inference.timed-out',
    `The model had no answer after ${milliseconds / 1000} s and was stopped. Choose another one in the toolbox.`
  );
}

function crashed(how: string): InferenceError {
  return new InferenceError(
    'inference.crashed',
    `The process that ran the model ended without an answer (${how}). Click again; if it happens again, choose another model.`
  );
}
