import type { ModelField, ModelInput, ModelOutput } from '@voxcord/schemas/models';
import { InferenceError } from './errors.js';
import { requireFinite } from './finiteScores.js';
import type { NetworkImage } from './networkImage.js';
import { alongTensor, alongVolume, tensorStrides, type Triple, type Turn } from './orientation.js';
import { boxFrom, copyBox, volumeBox, type Box } from './tensors.js';
import { windowPadding, windowStarts, windowWeights } from './windows.js';
import { insideOf, WindowSums } from './windowSums.js';

/** Of the output, the background among them: a label is one byte. */
export const MOST_CHANNELS = 256;
/** Slices of a whole field that are taken out of the tensor at a time. */
const SLAB = 16;

/** A network, whatever runs it: float32 [1, 1, X, Y, Z] in, [1, C, X, Y, Z] out, last axis fastest. Valid until the next run. */
export type Network = (
  tensor: Float32Array,
  dims: Triple<number>
) => Promise<{ readonly dims: readonly number[]; readonly data: Float32Array }>;

/** Takes slice `k` of the scores on the grid of the network: one plane per channel, i fastest. Valid until it returns. */
export type NetworkSlice = (k: number, scores: Float32Array, channels: number) => void;

export interface ScoringOptions {
  readonly input: Pick<ModelInput, 'multipleOf'>;
  readonly field: ModelField;
  readonly output: Pick<ModelOutput, 'segments'>;
  readonly report: (done: number, of: number) => void;
}

/**
 * Runs a network over an image and gives its scores slice by slice, in the order of k. Throws `InferenceError`:
 * `inference.wrong-shape`, `inference.not-finite`.
 */
export async function scoreImage(
  network: Network,
  image: NetworkImage,
  turn: Turn,
  options: ScoringOptions,
  take: NetworkSlice
): Promise<void> {
  const { field } = options;
  if (field.kind === 'whole') await wholeField(network, image, turn, options, take);
  else await windowByWindow(network, image, turn, field, options, take);
}

async function wholeField(
  network: Network,
  { dims, values }: NetworkImage,
  turn: Turn,
  { input, output, report }: ScoringOptions,
  take: NetworkSlice
): Promise<void> {
  const [x, y, z] = alongTensor(turn, dims);
  const [byX, byY, byZ] = input.multipleOf;
  const tensorDims = [upTo(x, byX), upTo(y, byY), upTo(z, byZ)] as const;
  const strides = tensorStrides(turn, tensorDims);
  const voxels = tensorDims[0] * tensorDims[1] * tensorDims[2];
  const tensor = new Float32Array(voxels);
  copyBox(volumeBox(values, dims), { values: tensor, at: 0, strides }, dims);
  report(0, 1);
  const { data, channels } = checkScores(await network(tensor, tensorDims), tensorDims, output);
  report(1, 1);
  const plane = dims[0] * dims[1];
  const slab = new Float32Array(Math.min(SLAB, dims[2]) * channels * plane);
  const slices: Box = { values: slab, at: 0, strides: [1, dims[0], channels * plane] };
  for (let first = 0; first < dims[2]; first += SLAB) {
    const last = Math.min(first + SLAB, dims[2]);
    for (let channel = 0; channel < channels; channel++) {
      const scores = boxFrom({ values: data, at: channel * voxels, strides }, [0, 0, first]);
      copyBox(scores, { ...slices, at: channel * plane }, [dims[0], dims[1], last - first]);
    }
    for (let k = first; k < last; k++) {
      take(k, slab.subarray((k - first) * channels * plane, (k - first + 1) * channels * plane), channels);
    }
  }
}

async function windowByWindow(
  network: Network,
  { dims, values }: NetworkImage,
  turn: Turn,
  field: ModelField & { kind: 'window' },
  { output, report }: ScoringOptions,
  take: NetworkSlice
): Promise<void> {
  const size = alongVolume(turn, field.patch);
  const strides = tensorStrides(turn, field.patch);
  const [alongI, alongJ, alongK] = [0, 1, 2].map(axis => {
    const [length, patch] = [dims[axis] ?? 0, size[axis] ?? 0];
    const [before] = windowPadding(length, patch);
    return windowStarts(length, patch, field.overlap).map(start => start - before);
  });
  if (alongI === undefined || alongJ === undefined || alongK === undefined) return;
  const weights = windowWeights(field.patch, field.blending);
  const tensor = new Float32Array(weights.length);
  const windows = alongI.length * alongJ.length * alongK.length;
  let done = 0;
  const sums = new WindowSums(dims, size[2]);
  report(0, windows);
  for (const [n, k] of alongK.entries()) {
    for (const j of alongJ) {
      for (const i of alongI) {
        const start = [i, j, k] as const;
        copyWindow(values, dims, start, size, { values: tensor, at: 0, strides });
        const { data, channels } = checkScores(await network(tensor, field.patch), field.patch, output);
        if (done > 0 && channels !== sums.channels) {
          throw wrongShape(`has ${sums.channels} channels once and ${channels} then`);
        }
        sums.add(data, weights, strides, start, size);
        report(++done, windows);
      }
    }
    const end = alongK[n + 1] ?? dims[2];
    for (let slice = Math.max(0, k); slice < end; slice++) take(slice, sums.takeOut(slice), sums.channels);
  }
}

/** Copies a window of the image into a tensor: 0 where it lies outside the image. */
function copyWindow(
  values: Float32Array,
  dims: Triple<number>,
  start: Triple<number>,
  size: Triple<number>,
  tensor: Box
): void {
  const inside = insideOf(start, size, dims);
  const [i, j, k] = inside.size;
  if (i * j * k < size[0] * size[1] * size[2]) tensor.values.fill(0);
  copyBox(boxFrom(volumeBox(values, dims), inside.first), boxFrom(tensor, inside.within), inside.size);
}

function upTo(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}

function checkScores(
  { dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array },
  tensorDims: Triple<number>,
  { segments }: Pick<ModelOutput, 'segments'>
): { readonly data: Float32Array; readonly channels: number } {
  const channels = dims[1] ?? 0;
  const needed = Math.max(...segments.map(({ channel }) => channel)) + 1;
  const wanted = [1, channels, ...tensorDims];
  if (dims.length !== 5 || wanted.some((length, axis) => dims[axis] !== length)) {
    throw wrongShape(`is [${dims.join(', ')}] where [1, C, ${tensorDims.join(', ')}] was expected`);
  }
  if (channels < needed) {
    throw wrongShape(`has ${channels} channels; model.json describes segments up to channel ${needed - 1}`);
  }
  if (channels > MOST_CHANNELS) throw wrongShape(`has ${channels} channels; a label map has ${MOST_CHANNELS} at most`);
  requireFinite(data);
  return { data, channels };
}

function wrongShape(what: string): InferenceError {
  return new InferenceError(
    'inference.wrong-shape',
    `The output of the network ${what}. Correct model.json, or export the network with this output.`
  );
}
