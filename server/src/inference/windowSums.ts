import type { Triple } from './orientation.js';
import { boxFrom, copyBox, volumeBox } from './tensors.js';

/**
 * Weighted sums of the scores of windows that overlap, for as many slices along k as a window has: windows come in the order
 * of their first slices, and a slice that no further window reaches is taken out.
 *
 * Memory: 4 bytes for each voxel of these slices, times one more than there are channels.
 */
export class WindowSums {
  /** Slice k is at k modulo the depth: channels after each other, then the sum of weights. */
  private sums = new Float32Array(0);
  /** Of one channel of the part of a window that lies in the image, i fastest. */
  private turned = new Float32Array(0);
  private weights = new Float32Array(0);
  /** The part of a window whose weights are held: most windows lie in the image wholly. */
  private weightsOf = '';
  private means = new Float32Array(0);
  private readonly plane: number;
  private found = 0;

  /**
   * @param dims of the image, i fastest
   * @param depth slices of a window
   */
  constructor(
    private readonly dims: Triple<number>,
    private readonly depth: number
  ) {
    this.plane = dims[0] * dims[1];
  }

  /** As many as the first window has; 0 before it. */
  get channels(): number {
    return this.found;
  }

  /**
   * Adds a window, of which what lies outside the image is left out. All windows have as many channels as the first.
   *
   * @param scores a tensor for each channel
   * @param weights a tensor, the same for all windows
   * @param strides of the tensor along i, j and k
   * @param start where the window begins in the image; may be before it
   * @param size of the window along i, j and k
   */
  add(
    scores: Float32Array,
    weights: Float32Array,
    strides: Triple<number>,
    start: Triple<number>,
    size: Triple<number>
  ): void {
    const voxels = size[0] * size[1] * size[2];
    if (this.found === 0) this.begin(scores.length / voxels, voxels);
    const inside = insideOf(start, size, this.dims);
    const part = [...inside.within, ...inside.size].join();
    if (part !== this.weightsOf) this.turnRound(weights, 0, strides, inside, this.weights);
    this.weightsOf = part;
    for (let channel = 0; channel <= this.channels; channel++) {
      const isWeight = channel === this.channels;
      if (!isWeight) this.turnRound(scores, channel * voxels, strides, inside, this.turned);
      this.addRows(channel, inside, isWeight ? null : this.turned);
    }
  }

  /** Weighted means of a slice, one plane per channel; valid until the next call. Its place is free afterwards. */
  takeOut(k: number): Float32Array {
    const start = this.sliceStart(k);
    const weights = start + this.channels * this.plane;
    for (let channel = 0; channel < this.channels; channel++) {
      const from = start + channel * this.plane;
      const to = channel * this.plane;
      for (let n = 0; n < this.plane; n++) {
        this.means[to + n] = (this.sums[from + n] ?? 0) / (this.sums[weights + n] ?? 1);
      }
    }
    this.sums.fill(0, start, weights + this.plane);
    return this.means;
  }

  private begin(channels: number, voxels: number): void {
    this.turned = new Float32Array(voxels);
    this.weights = new Float32Array(voxels);
    this.found = channels;
    this.means = new Float32Array(channels * this.plane);
    this.sums = new Float32Array(Math.min(this.depth, this.dims[2]) * (channels + 1) * this.plane);
  }

  private turnRound(
    values: Float32Array,
    at: number,
    strides: Triple<number>,
    { within, size }: Inside,
    target: Float32Array
  ): void {
    copyBox(boxFrom({ values, at, strides }, within), volumeBox(target, size), size);
  }

  /** Adds values times weights, or only the weights. */
  private addRows(channel: number, { first, size }: Inside, values: Float32Array | null): void {
    const [ni, nj, nk] = size;
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) {
        const row = ni * (j + nj * k);
        const to = this.sliceStart(first[2] + k) + channel * this.plane + (first[1] + j) * this.dims[0] + first[0];
        if (values === null) addRow(this.sums, to, this.weights, row, ni);
        else addProducts(this.sums, to, values, this.weights, row, ni);
      }
    }
  }

  private sliceStart(k: number): number {
    return (k % this.depth) * (this.channels + 1) * this.plane;
  }
}

function addRow(sums: Float32Array, to: number, values: Float32Array, from: number, count: number): void {
  for (let n = 0; n < count; n++) sums[to + n] = (sums[to + n] ?? 0) + (values[from + n] ?? 0);
}

function addProducts(
  sums: Float32Array,
  to: number,
  values: Float32Array,
  weights: Float32Array,
  from: number,
  count: number
): void {
  for (let n = 0; n < count; n++) {
    sums[to + n] = (sums[to + n] ?? 0) + (values[from + n] ?? 0) * (weights[from + n] ?? 0);
  }
}

/** The part of a window that lies in an image. */
export interface Inside {
  /** In the image. */
  readonly first: Triple<number>;
  /** In the window. */
  readonly within: Triple<number>;
  readonly size: Triple<number>;
}

/** @param start where a window of this size begins in an image of `dims` voxels; may be before it */
export function insideOf(start: Triple<number>, size: Triple<number>, dims: Triple<number>): Inside {
  const first = start.map(at => Math.max(0, at));
  const [i = 0, j = 0, k = 0] = first;
  const length = (axis: 0 | 1 | 2): number => Math.min(dims[axis], start[axis] + size[axis]) - (first[axis] ?? 0);
  return {
    first: [i, j, k],
    within: [i - start[0], j - start[1], k - start[2]],
    size: [length(0), length(1), length(2)]
  };
}
