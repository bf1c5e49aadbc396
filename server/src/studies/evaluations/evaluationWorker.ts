import { parentPort, workerData } from 'node:worker_threads';
import { evaluateCase, summariseEvaluation } from '../../evaluation/index.js';
import { bitmapOf } from '../brickMaps.js';
import { spreadOver } from './keptScores.js';
import type { EvaluationMessage, EvaluationTask } from './evaluationTask.js';

/*
 * Measures one case, or draws up figures over cases, beside the event loop. Started by `evaluationThread.ts` with an
 * `EvaluationTask` as worker data.
 */

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread.');

function isTask(value: unknown): value is EvaluationTask {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function run(task: EvaluationTask): EvaluationMessage {
  if (task.kind === 'summary') return { kind: 'summary', result: summariseEvaluation(task.subject) };
  const { grid, segments, settings } = task;
  const truth = bitmapOf(task.truth, grid.dims);
  const prediction = task.prediction === null ? null : bitmapOf(task.prediction, grid.dims);
  const { scores, damaged } = spreadOver(prediction ?? new Uint8Array(), task.scores);
  const figures = evaluateCase({ grid, truth, prediction, segments, scores }, settings);
  return { kind: 'case', measured: { figures, damagedScores: damaged } };
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('An evaluation needs a task.');
port.postMessage(run(task));
