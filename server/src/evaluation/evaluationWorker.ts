import { parentPort, workerData } from 'node:worker_threads';
import { evaluateCase } from './evaluateCase.js';
import { EvaluationError } from './errors.js';
import type { EvaluationMessage, EvaluationTask } from './evaluationThread.js';

/*
 * Measures one case beside the event loop. Started by `evaluationThread.ts` with an `EvaluationTask` as worker data.
 */

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread.');

function send(message: EvaluationMessage): void {
  port?.postMessage(message);
}

function isTask(value: unknown): value is EvaluationTask {
  return typeof value === 'object' && value !== null && 'input' in value && 'settings' in value;
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('An evaluation needs a task.');
try {
  send({ kind: 'done', figures: evaluateCase(task.input, task.settings) });
} catch (error) {
  if (!(error instanceof EvaluationError)) throw error;
  send({ kind: 'refused', code: error.code, text: error.message });
}
