import { Worker } from 'node:worker_threads';
import type { RecordEntry, Snapshot } from '@voxcord/schemas/labelmap';
import { buffersOf, packRecords } from '../../labelmap/packedRecords.js';
import { compiledModule } from '../../threads/compiledModule.js';
import type { LiveReply, LiveRequest, LiveTask } from './liveTask.js';

export interface LiveThreadEvents {
  /** Frames of the next state. */
  changed(frames: readonly Uint8Array[]): void;
  /** The thread is gone, and with it nothing but this consensus. */
  failed(error: Error): void;
}

/** A thread that keeps one live consensus, seen from outside: requests are carried out in the order of the calls. */
export class LiveThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (frames: readonly Uint8Array[]) => void>();
  #nextNumber = 1;
  #hasEnded = false;

  constructor(task: LiveTask, events: LiveThreadEvents) {
    const transferList = task.reads.flatMap(({ records }) => buffersOf(records));
    this.#worker = new Worker(compiledModule(import.meta.url, 'liveWorker'), { workerData: task, transferList });
    this.#worker.on('message', (reply: LiveReply) => {
      if (reply.kind === 'changed') {
        events.changed(reply.frames);
        return;
      }
      this.#waiting.get(reply.number)?.(reply.frames);
      this.#waiting.delete(reply.number);
    });
    const fail = (error: Error): void => {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      events.failed(error);
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', () => fail(new Error('The thread of a live consensus has stopped.')));
  }

  insert(read: number, entries: readonly RecordEntry[]): void {
    const records = packRecords(entries);
    this.#post({ kind: 'insert', read, records }, buffersOf(records));
  }

  rebase(read: number, base: Snapshot): void {
    this.#post({ kind: 'rebase', read, base });
  }

  /** Calls back with the whole state, before anything that is newer; never if the thread fails. */
  whole(then: (frames: readonly Uint8Array[]) => void): void {
    const number = this.#nextNumber++;
    this.#waiting.set(number, then);
    this.#post({ kind: 'whole', number });
  }

  async stop(): Promise<void> {
    this.#hasEnded = true;
    await this.#worker.terminate();
  }

  #post(request: LiveRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }
}
