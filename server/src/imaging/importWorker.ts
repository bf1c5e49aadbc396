import { parentPort, workerData } from 'node:worker_threads';
import { ImagingError } from './errors.js';
import { importFile, type ImportTask } from './importFile.js';
import type { ImportMessage } from './importThread.js';

/*
 * Runs one import beside the event loop. Started by `importThread.ts` with an `ImportTask` as worker data.
 */

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread.');

function send(message: ImportMessage): void {
  port?.postMessage(message);
}

function isImportTask(value: unknown): value is ImportTask {
  return typeof value === 'object' && value !== null && 'path' in value && 'limits' in value && 'scratch' in value;
}

const task: unknown = workerData;
if (!isImportTask(task)) throw new Error('An import needs a task.');
try {
  send({ kind: 'done', volumes: await importFile(task, fraction => send({ kind: 'progress', fraction })) });
} catch (error) {
  if (!(error instanceof ImagingError)) throw error;
  send({ kind: 'refused', code: error.code, message: error.message });
}
