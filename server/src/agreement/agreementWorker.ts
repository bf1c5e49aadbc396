import { parentPort, workerData } from 'node:worker_threads';
import { agreementOnSegment } from './agreementOnSegment.js';
import type { SegmentAnswer, SegmentQuestion, WorkerReads } from './agreementThreads.js';

const { reads, conditions } = workerData as WorkerReads;

parentPort?.on('message', ({ segment, extents }: SegmentQuestion) => {
  const answer: SegmentAnswer = agreementOnSegment(reads, extents, segment, conditions);
  parentPort?.postMessage(answer);
});
