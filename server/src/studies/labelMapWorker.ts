import { parentPort, workerData } from 'node:worker_threads';
import { checkDecisions } from './adjudication/decisionCheck.js';
import { computeDifference } from './differences/computeDifference.js';
import { measureTruth } from './releases/measureTruth.js';
import type { LabelMapAnswer, LabelMapTask } from './labelMapThread.js';

/*
 * Compares label maps beside the event loop. Started by `labelMapThread.ts` with a `LabelMapTask` as worker data.
 */

function isTask(value: unknown): value is LabelMapTask {
  return typeof value === 'object' && value !== null && 'kind' in value && 'dims' in value;
}

function answer(task: LabelMapTask): LabelMapAnswer {
  switch (task.kind) {
    case 'decisions':
      return { kind: 'decisions', outcomes: checkDecisions(task) };
    case 'difference':
      return { kind: 'difference', difference: computeDifference(task) };
    case 'measure':
      return { kind: 'measure', measured: measureTruth(task) };
  }
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('Label maps are compared for a task.');
parentPort?.postMessage(answer(task));
