import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiledModule.js';
import { agreementOnSegment } from './agreementOnSegment.js';
import { checkReads, extentsOf, measuringConditions, summarised } from './agreementOfCase.js';
import type {
  AgreementOptions,
  CaseAgreement,
  MeasuringConditions,
  ReadLabels,
  SegmentAgreement
} from './caseAgreement.js';
import { segmentExtents, type SegmentExtent } from './segmentBoxes.js';
import type { GridGeometry } from './surfaces/mask.js';

/** What a thread has from its start. Label arrays are shared memory. */
export interface WorkerReads {
  readonly reads: readonly ReadLabels[];
  readonly conditions: MeasuringConditions;
}

export interface SegmentQuestion {
  readonly segment: number;
  readonly extents: readonly (SegmentExtent | null)[];
}

export type SegmentAnswer = SegmentAgreement;

export interface ThreadOptions {
  /** Most threads; each takes one segment at a time. */
  readonly threads: number;
  /** From 0 to 1. */
  readonly progress?: (fraction: number) => void;
}

/** With fewer painted voxels (over all reads) starting a thread takes longer than the work. */
const WORTH_A_THREAD = 500_000;

/**
 * The same as `agreementOfCase`, with segments in threads of their own if they are large. Rejects with
 * `AgreementError`.
 */
export async function agreementInThreads(
  reads: readonly ReadLabels[],
  segments: readonly number[],
  geometry: GridGeometry,
  options: AgreementOptions,
  { threads, progress = () => undefined }: ThreadOptions
): Promise<CaseAgreement> {
  checkReads(reads, geometry);
  const conditions = measuringConditions(geometry, options);
  const extents = reads.map(({ labels }) => segmentExtents(labels, geometry.dims));
  const questions = segments.map(segment => ({ segment, extents: extentsOf(extents, segment) }));
  const painted = questions
    .flatMap(question => question.extents)
    .reduce((sum, extent) => sum + (extent?.voxels ?? 0), 0);
  const workers = painted < WORTH_A_THREAD ? 0 : Math.min(threads, segments.length);
  const answers =
    workers < 2
      ? questions.map(({ segment, extents: of }, at) => {
          const answer = agreementOnSegment(reads, of, segment, conditions);
          progress((at + 1) / questions.length);
          return answer;
        })
      : await askThreads({ reads: reads.map(shared), conditions }, questions, workers, progress);
  return summarised(reads, extents, answers, conditions);
}

function shared({ name, labels }: ReadLabels): ReadLabels {
  if (labels.buffer instanceof SharedArrayBuffer) return { name, labels };
  const copy = new Uint8Array(new SharedArrayBuffer(labels.length));
  copy.set(labels);
  return { name, labels: copy };
}

async function askThreads(
  data: WorkerReads,
  questions: readonly SegmentQuestion[],
  threads: number,
  progress: (fraction: number) => void
): Promise<SegmentAgreement[]> {
  const answers = new Map<SegmentQuestion, SegmentAgreement>();
  const waiting = [...questions];
  const work = async (): Promise<void> => {
    const worker = new Worker(compiledModule(import.meta.url, 'agreementWorker'), { workerData: data });
    try {
      for (let question = waiting.shift(); question !== undefined; question = waiting.shift()) {
        worker.postMessage(question);
        // Rejects if the thread fails.
        const [answer] = (await once(worker, 'message')) as [SegmentAnswer];
        answers.set(question, answer);
        progress(answers.size / questions.length);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return questions.flatMap(question => answers.get(question) ?? []);
}
