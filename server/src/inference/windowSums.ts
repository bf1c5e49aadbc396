import type { Triple } from './orientation.js';
import { tensorIndex } from './tensors.js';

/**
 * Weighted sums of the scores of windows that overlap, for as many slices along k as a window has: windows come in the order
 * of their first slices, and a slice that no further window reaches is taken out.
 *
 * Memory: 4 bytes for each voxel of these slices, times one more than there are channels.
 */
export class WindowSums {
  /** Slice k is at k modulo the depth: channels after each other, then the sum of weights. */
  private sums = new Float32Array(0);
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
   * @param weights a tensor
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
    const [ni, nj, nk] = this.dims;
    const [firstI, lastI] = [Math.max(0, start[0]), Math.min(ni, start[0] + size[0])];
    const voxels = size[0] * size[1] * size[2];
    if (this.found === 0) this.begin(scores.length / voxels);
    for (let k = Math.max(0, start[2]); k < Math.min(nk, start[2] + size[2]); k++) {
      for (let j = Math.max(0, start[1]); j < Math.min(nj, start[1] + size[1]); j++) {
        const from = tensorIndex(strides, firstI - start[0], j - start[1], k - start[2]);
        const row = this.sliceStart(k) + j * ni;
        for (let channel = 0; channel < this.channels; channel++) {
          const to = row + channel * this.plane;
          addRow(this.sums, to + firstI, to + lastI, scores, channel * voxels + from, weights, from, strides[0]);
        }
        const to = row + this.channels * this.plane;
        addWeights(this.sums, to + firstI, to + lastI, weights, from, strides[0]);
      }
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

  private begin(channels: number): void {
    this.found = channels;
    this.means = new Float32Array(channels * this.plane);
    this.sums = new Float32Array(Math.min(this.depth, this.dims[2]) * (channels + 1) * this.plane);
  }

  private sliceStart(k: number): number {
    return (k % this.depth) * (this.channels + 1) * this.plane;
  }
}

function addRow(
  sums: Float32Array,
  first: number,
  end: number,
  scores: Float32Array,
  fromScores: number,
  weights: Float32Array,
  fromWeights: number,
  stride: number
): void {
  let score = fromScores;
  let weight = fromWeights;
  for (let to = first; to < end; to++) {
    sums[to] = (sums[to] ?? 0) + (scores[score] ?? 0) * (weights[weight] ?? 0);
    score += stride;
    weight += stride;
  }
}

function addWeights(
  sums: Float32Array,
  first: number,
  end: number,
  weights: Float32Array,
  fromWeights: number,
  stride: number
): void {
  let weight = fromWeights;
  for (let to = first; to < end; to++) {
    sums[to] = (sums[to] ?? 0) + (weights[weight] ?? 0);
    weight += stride;
  }
}
