import { parentPort, workerData } from 'node:worker_threads';
import { computeConsensus, ConsensusRefused } from './computeConsensus.js';
import type { ConsensusMessage, ConsensusTask } from './consensusTask.js';

/*
 * Computes one consensus beside the event loop. Started by `consensusThread.ts` with a `ConsensusTask` as worker data.
 */

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread.');

function send(message: ConsensusMessage): void {
  port?.postMessage(message);
}

function isTask(value: unknown): value is ConsensusTask {
  return typeof value === 'object' && value !== null && 'reads' in value && 'rules' in value && 'dims' in value;
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('A consensus needs a task.');
try {
  send({ kind: 'done', outcome: computeConsensus(task, (done, step) => send({ kind: 'progress', done, step })) });
} catch (error) {
  if (!(error instanceof ConsensusRefused)) throw error;
  send({ kind: 'refused', refusal: error.refusal });
}
