import { parentPort, workerData } from 'node:worker_threads';
import { copyStrokes, type CopyTask } from './copyStrokes.js';
import type { CopyAnswer } from './copyStrokesThread.js';

/*
 * Makes strokes of a label map beside the event loop. Started by `copyStrokesThread.ts` with a `CopyTask` as worker data.
 */

function isTask(value: unknown): value is CopyTask {
  return typeof value === 'object' && value !== null && 'bricks' in value && 'lamport' in value;
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('Strokes are made for a task.');
const answer: CopyAnswer = { records: copyStrokes(task) };
parentPort?.postMessage(answer);
