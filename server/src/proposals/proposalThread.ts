import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiledModule.js';
import { ProposalError, superseded } from './errors.js';
import type { FoundThing } from './foundThing.js';
import type { ProposalTask } from './proposalTask.js';
import type { ProposalReply, ProposalRequest } from './proposalWorker.js';

interface Asked {
  readonly number: number;
  resolve(found: FoundThing): void;
  reject(error: Error): void;
}

/** A thread that proposes, one thing at a time; started when it is needed, and anew when it was lost. */
export class ProposalThread {
  #worker: Worker | null = null;
  #asked: Asked | null = null;
  #nextNumber = 1;

  /** @param timeLimit milliseconds after which a proposal is given up */
  constructor(private readonly timeLimit: number) {}

  get isBusy(): boolean {
    return this.#asked !== null;
  }

  /** Rejects with `ProposalError` (`proposal.superseded` once `signal` is aborted, `proposal.timed-out`, `proposal.failed`). */
  async propose(task: ProposalTask, signal: AbortSignal): Promise<FoundThing> {
    if (this.#asked !== null) throw new RangeError('A thread proposes one thing at a time.');
    const worker = (this.#worker ??= this.#start());
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const giveUp = (): void => {
      Atomics.store(stop, 0, 1);
    };
    const number = this.#nextNumber++;
    const request: ProposalRequest = { number, task, stop };
    const timer = setTimeout(() => void this.#lose(worker, timedOut(this.timeLimit)), this.timeLimit);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await new Promise<FoundThing>((resolve, reject) => {
        this.#asked = { number, resolve, reject };
        worker.postMessage(request, [task.crop.bytes.buffer]);
      });
    } catch (error) {
      throw signal.aborted ? superseded() : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(compiledModule(import.meta.url, 'proposalWorker'));
    worker.on('message', (reply: ProposalReply) => {
      const asked = this.#asked;
      if (asked === null || asked.number !== reply.number) return;
      this.#asked = null;
      if ('found' in reply) asked.resolve(reply.found);
      else asked.reject(failed(reply.failure));
    });
    worker.on('error', error => void this.#lose(worker, failed(String(error))));
    worker.on('exit', () => void this.#lose(worker, failed('its thread ended')));
    return worker;
  }

  async #lose(worker: Worker, why: ProposalError): Promise<void> {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const asked = this.#asked;
    this.#asked = null;
    asked?.reject(why);
    await worker.terminate();
  }
}

function timedOut(milliseconds: number): ProposalError {
  return new ProposalError(
    'proposal.timed-out',
    `There was no proposal after ${milliseconds / 1000} s: the service has too much to do. Try again in a moment.`
  );
}

function failed(why: string): ProposalError {
  return new ProposalError('proposal.failed', 'The proposal failed. Its cause is in the log of the service.', {
    cause: new Error(why)
  });
}
