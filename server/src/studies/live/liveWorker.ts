import { parentPort, workerData } from 'node:worker_threads';
import { encodeLiveState, type SentState } from '@voxcord/schemas/rooms';
import { unpackRecords } from '../../labelmap/packedRecords.js';
import { LiveCase } from './liveCase.js';
import type { LiveReply, LiveRequest, LiveTask } from './liveTask.js';

/*
 * One live consensus beside the event loop. Started by `liveThread.ts` with a `LiveTask` as worker data. What comes while
 * it works is dealt with together, as one change.
 */

function isTask(value: unknown): value is LiveTask {
  return typeof value === 'object' && value !== null && 'reads' in value && 'rules' in value;
}

/** Frames whose memory goes with the message. */
function framesOf(state: SentState): { frames: Uint8Array[]; buffers: ArrayBuffer[] } {
  const frames = encodeLiveState(state);
  return { frames, buffers: frames.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : [])) };
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('A live consensus begins with a task.');
if (parentPort !== null) {
  const port = parentPort;
  const live = new LiveCase(task);
  const asked: LiveRequest[] = [];
  const reply = (message: LiveReply, buffers: readonly ArrayBuffer[]): void => port.postMessage(message, buffers);
  const tellChange = (): void => {
    const change = live.takeChange();
    if (change === null) return;
    const { frames, buffers } = framesOf(change);
    reply({ kind: 'changed', frames }, buffers);
  };
  const work = (): void => {
    for (const request of asked.splice(0)) {
      if (request.kind === 'insert') live.insert(request.read, unpackRecords(request.records));
      else if (request.kind === 'rebase') live.rebase(request.read, request.base);
      else {
        tellChange();
        const { frames, buffers } = framesOf(live.whole());
        reply({ kind: 'whole', number: request.number, frames }, buffers);
      }
    }
    tellChange();
  };
  port.on('message', (request: LiveRequest) => {
    if (asked.push(request) === 1) setImmediate(work);
  });
}
