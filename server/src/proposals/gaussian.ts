import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';

const REACH = 3;
/** A kernel narrower than this share of a voxel changes nothing worth its time. */
const NARROWEST = 0.3;

/**
 * Gaussian smoothing in place, separable, cut off at three standard deviations; at the border what lies outside counts
 * for nothing.
 *
 * @param values i fastest
 * @param sigma standard deviation, mm
 * @param spacing mm along i, j, k
 */
export function smooth(values: Float32Array, dims: Dims, spacing: Vector, sigma: number): void {
  const [ni, nj] = dims;
  const strides = [1, ni, ni * nj] as const;
  for (const axis of [0, 1, 2] as const) {
    const width = sigma / spacing[axis];
    if (dims[axis] < 2 || width < NARROWEST) continue;
    alongAxis(values, dims[axis], strides[axis], kernel(width));
  }
}

/** Half of the kernel, from the middle outwards; not normalised. */
function kernel(width: number): Float64Array {
  const half = new Float64Array(Math.max(1, Math.ceil(REACH * width)) + 1);
  for (let n = 0; n < half.length; n++) half[n] = Math.exp((-n * n) / (2 * width * width));
  return half;
}

function alongAxis(values: Float32Array, length: number, stride: number, half: Float64Array): void {
  const reach = half.length - 1;
  const line = new Float64Array(length);
  const weights = weightsAlong(length, half);
  const block = stride * length;
  for (let first = 0; first < values.length; first += block) {
    for (let at = first; at < first + stride; at++) {
      for (let n = 0; n < length; n++) line[n] = values[at + n * stride] ?? 0;
      for (let n = 0; n < length; n++) {
        let sum = (line[n] ?? 0) * (half[0] ?? 0);
        // Both sides are added pairwise, so that a mirrored line gives mirrored numbers to the last bit.
        for (let m = 1; m <= reach; m++) {
          const before = n - m >= 0 ? (line[n - m] ?? 0) : 0;
          const after = n + m < length ? (line[n + m] ?? 0) : 0;
          sum += (before + after) * (half[m] ?? 0);
        }
        values[at + n * stride] = sum / (weights[n] ?? 1);
      }
    }
  }
}

function weightsAlong(length: number, half: Float64Array): Float64Array {
  const weights = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    let sum = half[0] ?? 0;
    for (let m = 1; m < half.length; m++) sum += ((n - m >= 0 ? 1 : 0) + (n + m < length ? 1 : 0)) * (half[m] ?? 0);
    weights[n] = sum;
  }
  return weights;
}
