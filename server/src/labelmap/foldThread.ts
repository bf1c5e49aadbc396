import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiledModule.js';
import { FoldClosed } from './folds.js';
import type { FoldAnswer, FoldReply, FoldRequestName, FoldRequests } from './foldRequests.js';

/** A label map could not be folded. Nothing is lost: the records are in the log. */
export class FoldError extends Error {
  override readonly name = 'FoldError';
}

interface Waiting {
  readonly resolve: (answer: FoldAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that folds label maps, seen from outside: requests are carried out in the order of the calls. */
export class FoldThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextNumber = 1;

  /** How many label maps it holds. */
  folds = 0;

  ask<Name extends FoldRequestName>(
    name: Name,
    ask: FoldRequests[Name]['ask'],
    transfer: readonly ArrayBuffer[] = []
  ): Promise<FoldRequests[Name]['answer']> {
    const worker = (this.#worker ??= this.#start());
    const number = this.#nextNumber++;
    return new Promise<FoldAnswer>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      worker.postMessage({ number, name, ask }, transfer);
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(compiledModule(import.meta.url, 'foldWorker'));
    worker.on('message', (reply: FoldReply) => {
      const waiting = this.#waiting.get(reply.number);
      this.#waiting.delete(reply.number);
      if ('answer' in reply) waiting?.resolve(reply.answer);
      else waiting?.reject(reply.isClosed ? new FoldClosed(reply.failure) : new FoldError(reply.failure));
    });
    // A crash loses label maps, not records: the next request starts a thread, and label maps are opened anew.
    worker.on('error', error => this.#lost(worker, `The thread that folds label maps stopped: ${String(error)}`));
    worker.on('exit', () => this.#lost(worker, 'The thread that folds label maps has stopped.'));
    return worker;
  }

  #lost(worker: Worker, message: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new FoldError(message));
    this.#waiting.clear();
  }
}
