import { parentPort } from 'node:worker_threads';
import { FoldClosed, Folds } from './folds.js';
import type { FoldAnswer, FoldReply, FoldRequest } from './foldRequests.js';

/* A thread that folds label maps: requests are dealt with one after the other. */

function transfers(answer: FoldAnswer): ArrayBuffer[] {
  if (typeof answer !== 'object' || answer === null || !('bitmap' in answer)) return [];
  const { buffer } = answer.bitmap;
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}

if (parentPort !== null) {
  const port = parentPort;
  const folds = new Folds();
  port.on('message', (request: FoldRequest) => {
    const { number } = request;
    let reply: FoldReply;
    let buffers: ArrayBuffer[] = [];
    try {
      const answer = folds.answer(request);
      reply = { number, answer };
      buffers = transfers(answer);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      reply = { number, failure, isClosed: error instanceof FoldClosed };
    }
    port.postMessage(reply, buffers);
  });
}
