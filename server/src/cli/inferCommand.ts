import { closeSync, constants, openSync, readSync } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { AutomaticModelFile } from '@voxcord/schemas/models';
import { ModelFileError } from '@voxcord/schemas/models';
import { spacing } from '@voxcord/schemas/geometry';
import { declaredSpacing } from '../agreement/declaredSpacing.js';
import { derivedHeader } from '../imaging/nifti/writeHeader.js';
import { InferenceError } from '../inference/errors.js';
import type { InferenceOutcome } from '../inference/inferenceTask.js';
import { runInference } from '../inference/runInference.js';
import { ModelError } from '../models/errors.js';
import { readModelFolder, readWeights, type ModelFolder } from '../models/modelFolder.js';
import { inspectOnnx } from '../models/onnx/inspectOnnx.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { openImageFile, type ImageFile } from './imageFile.js';
import { checkOutputName } from './labelFiles.js';
import type { Output } from './output.js';
import type { InferenceFigures } from './results.js';
import { withScratchFolder } from './scratchFolder.js';
import { writeWholeFiles, type NewFile } from './wholeFiles.js';

export interface InferOptions {
  readonly output: string;
  readonly scores?: string;
  readonly threads?: number;
  readonly provider: readonly string[];
  readonly timeLimit?: number;
}

const CHUNK = 4 * 1024 * 1024;
const MM3_PER_ML = 1000;

/** `voxcord infer MODEL_DIR INPUT -o OUT`: what a model says of an image, on the grid of the image's file. */
export async function inferCommand(
  modelFolder: string,
  image: string,
  options: InferOptions,
  output: Output
): Promise<void> {
  checkOutputs(image, options);
  await checkFolder(options.scores);
  const model = await readModel(modelFolder);
  output.note(`${model.file.title} ${model.file.version} (research use; ${model.file.licence.name})`);
  const figures = await withScratchFolder(options.output, async (scratch, signal) => {
    const source = await openImageFile(image, scratch, signal);
    const files = { scratch, labels: path.join(scratch, 'labels'), scores: path.join(scratch, 'scores') };
    const outcome = await run(model, source, files, options, signal, output);
    const results: NewFile[] = [
      { file: options.output, chunks: fileOf(source, files.labels, 'uint8', 1) },
      ...(options.scores === undefined
        ? []
        : [{ file: options.scores, chunks: fileOf(source, files.scores, 'float32', outcome.channels) }])
    ];
    output.note(`Writing ${results.map(({ file }) => file).join(' and ')}`);
    await writeWholeFiles(results);
    return figuresOf(model, source, outcome);
  });
  output.result(figures, describe(figures, model.file));
}

function checkOutputs(image: string, { output, scores }: InferOptions): void {
  const files = [output, ...(scores === undefined ? [] : [scores])];
  for (const file of files) checkOutputName(file);
  if (new Set([image, ...files].map(file => path.resolve(file))).size <= files.length) {
    throw new UsageError('The image, the labels and the scores are different files: give them different names.');
  }
}

/** Of the scores, before anything runs: that of the labels is known to be writable once there is a scratch folder. */
async function checkFolder(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  await access(path.dirname(file), constants.W_OK).catch((cause: unknown) => {
    throw new RefusedError('output.unwritable', `${file} cannot be written. Check its folder and its permissions.`, {
      cause
    });
  });
}

interface AutomaticModel extends ModelFolder {
  readonly file: AutomaticModelFile;
}

async function readModel(folder: string): Promise<AutomaticModel> {
  try {
    const found = await readModelFolder(folder);
    const { file } = found;
    if (file.kind !== 'automatic') {
      throw new RefusedError(
        'model.prompted',
        `${file.title} answers clicks and labels nothing by itself. Use it in the viewer, or choose an automatic model.`
      );
    }
    inspectOnnx(await readWeights(folder, file.weights), file.weights.file, file.weights.opset);
    return { ...found, file };
  } catch (error) {
    if (!(error instanceof ModelError) && !(error instanceof ModelFileError)) throw error;
    throw new RefusedError(error.code, `${folder}: ${error.message}`, { cause: error });
  }
}

async function run(
  model: AutomaticModel,
  { header, voxelsFile, firstVoxel }: ImageFile,
  files: Readonly<Record<'scratch' | 'labels' | 'scores', string>>,
  { scores, threads, provider, timeLimit }: InferOptions,
  signal: AbortSignal,
  output: Output
): Promise<InferenceOutcome> {
  const { voxelType, dims, affine, slope, intercept } = header;
  try {
    return await runInference(
      {
        modelFolder: model.folder,
        file: model.file,
        // A NIfTI file does not tell its modality.
        volume: { path: voxelsFile, firstVoxel, voxelType, dims, affine, slope, intercept, modality: 'unknown' },
        scratch: files.scratch,
        labelsFile: files.labels,
        ...(scores === undefined ? {} : { scoresFile: files.scores }),
        providers: provider.length === 0 ? ['cpu'] : provider,
        ...(threads === undefined ? {} : { threads })
      },
      {
        signal,
        report: fraction => output.progress('Running the model', fraction),
        ...(timeLimit === undefined ? {} : { timeLimit })
      }
    );
  } catch (error) {
    if (error instanceof InferenceError) throw new RefusedError(error.code, error.message, { cause: error });
    throw error;
  }
}

/** A file with the geometry of the image, of voxels in the order of the image's own. */
function* fileOf(
  { before, header }: ImageFile,
  voxels: string,
  type: 'uint8' | 'float32',
  frames: number
): Generator<Uint8Array> {
  yield derivedHeader(before, header, type, frames);
  const file = openSync(voxels, 'r');
  try {
    for (;;) {
      const chunk = Buffer.alloc(CHUNK);
      const count = readSync(file, chunk);
      if (count === 0) return;
      const part = chunk.subarray(0, count);
      yield type === 'float32' && !header.littleEndian ? part.swap32() : part;
    }
  } finally {
    closeSync(file);
  }
}

function figuresOf(
  { file, sha256 }: AutomaticModel,
  { header }: ImageFile,
  outcome: InferenceOutcome
): InferenceFigures {
  const [i, j, k] = declaredSpacing(spacing(header.affine));
  const ml = (i * j * k) / MM3_PER_ML;
  const segments = [...file.output.segments].sort((a, b) => a.channel - b.channel);
  return {
    model: { name: file.name, version: file.version, sha256 },
    segments: segments.map(({ channel }) => {
      const voxels = outcome.voxelsPerChannel[channel] ?? 0;
      return { number: channel, voxels, volumeMl: voxels * ml };
    }),
    seconds: outcome.seconds,
    peakMemoryMb: outcome.peakMemoryMb
  };
}

function describe({ segments, seconds, peakMemoryMb }: InferenceFigures, { output }: AutomaticModelFile): string {
  const lines = segments.map(({ number, voxels, volumeMl }) => {
    const name = output.segments.find(({ channel }) => channel === number)?.name ?? '';
    return `${number} ${name}: ${voxels} voxels, ${volumeMl.toPrecision(3)} ml`;
  });
  return [...lines, `${seconds.toFixed(1)} s, ${peakMemoryMb} MB at most`].join('\n');
}
