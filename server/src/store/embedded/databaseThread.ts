import { Worker } from 'node:worker_threads';
import { compiledModule } from '../../threads/compiledModule.js';
import { StoreError } from '../store.js';
import type { Failure } from './sqliteErrors.js';
import type {
  DatabaseAnswer,
  DatabaseOptions,
  DatabaseReply,
  DatabaseReport,
  DatabaseRequests,
  RequestName
} from './requests.js';

interface Waiting {
  readonly resolve: (answer: DatabaseAnswer) => void;
  readonly reject: (error: StoreError) => void;
}

/** The database's thread, seen from outside: requests are carried out in the order of the calls. */
export class DatabaseThread {
  readonly #waiting = new Map<number, Waiting>();
  #nextNumber = 1;
  #end: StoreError | null = null;

  private constructor(private readonly worker: Worker) {}

  static async start(options: DatabaseOptions): Promise<DatabaseThread> {
    const worker = new Worker(compiledModule(import.meta.url, 'databaseWorker'), { workerData: options });
    const thread = new DatabaseThread(worker);
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (report: DatabaseReport) => {
        if (report.kind === 'ready') resolve();
        else if (report.kind === 'refused') {
          void worker.terminate();
          reject(toError(report.failure));
        } else for (const reply of report.replies) thread.#settle(reply);
      });
      worker.on('error', cause => {
        const error = new StoreError('unwritable', `The database's thread stopped: ${String(cause)}`, { cause });
        thread.#stop(error);
        reject(error);
      });
      worker.on('exit', () => {
        const error = new StoreError('closed', 'The store is closed.');
        thread.#stop(error);
        reject(error);
      });
    });
    return thread;
  }

  ask<Name extends RequestName>(
    name: Name,
    ask: DatabaseRequests[Name]['ask']
  ): Promise<DatabaseRequests[Name]['answer']> {
    const end = this.#end;
    if (end !== null) return Promise.reject(end);
    const number = this.#nextNumber++;
    return new Promise<DatabaseAnswer>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.worker.postMessage({ number, name, ask });
    });
  }

  /** Carries out what was asked before, then ends the thread. */
  async close(): Promise<void> {
    if (this.#end !== null) return;
    this.#end = new StoreError('closed', 'The store is closed.');
    const gone = new Promise<void>(resolve => this.worker.once('exit', () => resolve()));
    this.worker.postMessage(null);
    await gone;
  }

  #settle(reply: DatabaseReply): void {
    const waiting = this.#waiting.get(reply.number);
    this.#waiting.delete(reply.number);
    if ('failure' in reply) waiting?.reject(toError(reply.failure));
    else waiting?.resolve(reply.answer);
  }

  #stop(error: StoreError): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function toError({ code, message }: Failure): StoreError {
  return new StoreError(code, message);
}
