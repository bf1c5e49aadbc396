import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import { SERVER_VERSION } from '../version.js';
import { checkVolume } from './checkVolume.js';
import { InferenceError } from './errors.js';
import type { InferenceMessage, InferenceTask } from './inferenceTask.js';
import { MarkScoresFile } from './markScoresFile.js';
import { memoryNeeded } from './memoryNeeded.js';
import type { Network } from './networkScores.js';
import { openSession, RUNTIME, type OnnxSession, type Tensor } from './onnx/onnxSession.js';
import type { Triple } from './orientation.js';
import { peakMemoryMb } from './peakMemory.js';
import { applyModel, type PipelineStep } from './pipeline.js';
import { ResultFile } from './resultFiles.js';
import { sliceReader } from './voxelFile.js';
import type { ScoredSlice } from './volumeResult.js';

/** Shares of the work that are done when the network begins and when it ends. */
const READ = 0.02;
const SCORED = 0.98;
const FLOAT_BYTES = 4;
const REPORT_MS = 100;

/** Runs a model over a volume in this process, and writes the result. Throws `InferenceError`. */
export async function performTask(task: InferenceTask, send: (message: InferenceMessage) => void): Promise<void> {
  const { file, volume } = task;
  checkVolume(file.input, volume);
  checkMemory(task);
  const session = await openSession(
    readWeights(task),
    task.providers,
    task.threads === undefined ? {} : { threads: task.threads }
  );
  const labelsFile = new ResultFile(task.labelsFile);
  const scoresFile = task.scoresFile === undefined ? null : new ResultFile(task.scoresFile);
  const { markScores } = task;
  const marksFile = markScores === undefined ? null : new MarkScoresFile(markScores.file, markScores.channels);
  const input = openVolume(volume.path);
  const result = await applyModel(
    file,
    networkOf(session, file.input.tensor, file.output.tensor),
    { dims: volume.dims, affine: volume.affine, read: sliceReader(input, volume) },
    {
      report: spaced(step => send(progressOf(step))),
      ...(scoresFile === null && marksFile === null
        ? {}
        : {
            takeScores: slice => {
              if (scoresFile !== null) writeScores(scoresFile, volume.dims, slice);
              marksFile?.add(slice);
            }
          })
    }
  );
  closeSync(input);
  send({ kind: 'progress', done: SCORED, step: 'Writing the result' });
  labelsFile.write(result.labels, 0);
  labelsFile.finish();
  scoresFile?.finish();
  marksFile?.finish();
  const voxelsPerChannel = Array.from({ length: result.channels }, () => 0);
  for (let n = 0; n < result.labels.length; n++) {
    const channel = result.labels[n] ?? 0;
    voxelsPerChannel[channel] = (voxelsPerChannel[channel] ?? 0) + 1;
  }
  send({
    kind: 'done',
    outcome: {
      provider: session.provider,
      software: `voxcord ${SERVER_VERSION}, ${RUNTIME}, node ${process.versions.node}`,
      peakMemoryMb: Math.round(peakMemoryMb()),
      channels: result.channels,
      voxelsPerChannel
    }
  });
}

/** One volume per channel. */
function writeScores(file: ResultFile, dims: Triple<number>, { k, scores, channels }: ScoredSlice): void {
  const plane = dims[0] * dims[1];
  for (let channel = 0; channel < channels; channel++) {
    const slice = scores.subarray(channel * plane, (channel + 1) * plane);
    file.write(slice, (channel * dims[2] + k) * plane * FLOAT_BYTES);
  }
}

/** Refuses what cannot succeed before the machine runs out of memory. */
function checkMemory({ file, volume }: InferenceTask): void {
  const needed = memoryNeeded(file, volume);
  const there = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  if (needed <= there) return;
  throw new InferenceError(
    'inference.no-memory',
    `The model needs ${gigabytes(needed)} for this volume, and the machine has ${gigabytes(there)}. Run it on a machine ` +
      'with more, or crop the volume.'
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(2)} GB`;
}

/** The bytes that are opened are those whose hash was compared. */
function readWeights({ modelFolder, file: { weights } }: InferenceTask): Uint8Array {
  const bytes = reading('the weights of the model', () => readFileSync(path.join(modelFolder, weights.file)));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === weights.sha256) return bytes;
  throw new InferenceError(
    'inference.weights-changed',
    `${weights.file} is not the file that model.json describes: its SHA-256 is ${found}. Restore the file, or publish the ` +
      'new weights as a new version of the model.'
  );
}

function openVolume(file: string): number {
  return reading('the volume', () => openSync(file, 'r'));
}

function reading<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw new InferenceError(
      'inference.unreadable',
      `The file of ${what} cannot be read. Check that it is there and may be read.`,
      { cause }
    );
  }
}

function networkOf(session: OnnxSession, input: string, output: string): Network {
  for (const [name, there, what] of [
    [input, session.inputs, 'input'],
    [output, session.outputs, 'output']
  ] as const) {
    if (there.some(tensor => tensor.name === name)) continue;
    throw new InferenceError(
      'inference.wrong-shape',
      `The network has no ${what} "${name}", as model.json calls it, but ${there.map(tensor => tensor.name).join(', ')}.`
    );
  }
  // All windows have the same lengths: so have their scores, which each takes over the place of the one before.
  let scores: ReadonlyMap<string, Tensor> | undefined;
  return async (tensor: Float32Array, dims: Triple<number>) => {
    scores = await session.run(new Map([[input, { dims: [1, 1, ...dims], data: tensor }]]), [output], scores);
    return scores.get(output) ?? { dims: [], data: new Float32Array(0) };
  };
}

/** Whoever listens has other things to do: of windows that take no time, not each is told. */
function spaced(report: (step: PipelineStep) => void): (step: PipelineStep) => void {
  let last = -Infinity;
  return step => {
    const now = performance.now();
    if (step.kind === 'windows' && step.done > 0 && now - last < REPORT_MS) return;
    last = now;
    report(step);
  };
}

function progressOf(step: PipelineStep): InferenceMessage {
  if (step.kind === 'reading') return { kind: 'progress', done: 0, step: 'Reading the volume' };
  const done = READ + (SCORED - READ) * (step.done / step.of);
  const text = step.of === 1 ? 'Scoring the whole image' : `Scoring window ${step.done} of ${step.of}`;
  return { kind: 'progress', done, step: text };
}
