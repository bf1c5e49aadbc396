import { parentPort, workerData } from 'node:worker_threads';
import { makeLabelBricks, type LabelBricksTask } from './labelBricks.js';
import type { LabelBricksAnswer } from './labelBricksThread.js';

/*
 * Makes the bricks of a model's result beside the event loop. Started by `labelBricksThread.ts` with a `LabelBricksTask`
 * as worker data.
 */

function isTask(value: unknown): value is LabelBricksTask {
  return typeof value === 'object' && value !== null && 'labelsFile' in value && 'segmentOf' in value;
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('Bricks are made for a task.');
const answer: LabelBricksAnswer = { made: makeLabelBricks(task) };
parentPort?.postMessage(answer);
