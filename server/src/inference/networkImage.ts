import type { ModelInput } from '@voxcord/schemas/models';
import type { Triple } from './orientation.js';
import { areIdentity, linearTaps, mixTwo, resampleAlong, splineTaps, type Taps } from './resampling.js';
import { splineCoefficients } from './splineCoefficients.js';

/** The slices of a volume along k, one after the other, already turned: i fastest, float32. */
export type SliceReader = (k: number, target: Float32Array) => void;

/** The volume as it goes into the network, but for its intensities: i fastest. */
export interface NetworkImage {
  readonly dims: Triple<number>;
  readonly values: Float32Array;
}

/**
 * Reads a volume onto the grid of a network, slice by slice. Memory: the result, and for a B-spline once more as much of it
 * as the volume has slices.
 *
 * @param dims of the volume
 * @param wanted voxels of the result along each axis
 * @param scale voxels of the volume per voxel of the result, along each axis
 */
export function readOntoGrid(
  read: SliceReader,
  dims: Triple<number>,
  wanted: Triple<number>,
  scale: Triple<number>,
  interpolation: ModelInput['interpolation']
): NetworkImage {
  const isSame = [0, 1, 2].every(axis => dims[axis] === wanted[axis] && scale[axis] === 1);
  if (isSame || interpolation === 'linear') return { dims: wanted, values: linear(read, dims, wanted, scale) };
  return { dims: wanted, values: spline(read, dims, wanted, scale) };
}

function linear(read: SliceReader, dims: Triple<number>, wanted: Triple<number>, scale: Triple<number>): Float32Array {
  const plane = wanted[0] * wanted[1];
  const values = new Float32Array(plane * wanted[2]);
  const inPlane = new PlaneResampling(
    dims,
    wanted,
    linearTaps(dims[0], scale[0], wanted[0]),
    linearTaps(dims[1], scale[1], wanted[1])
  );
  const { index, weight } = linearTaps(dims[2], scale[2], wanted[2]);
  const slice = new Float32Array(dims[0] * dims[1]);
  // The two slices that the next one lies between.
  const between = new Float32Array(2 * plane);
  const held: [number, number] = [-1, -1];
  const placeOf = (k: number, kept: number): number => {
    const found = held.indexOf(k);
    if (found >= 0) return found;
    const free = held[0] === kept ? 1 : 0;
    read(k, slice);
    inPlane.resample(slice, between.subarray(free * plane, (free + 1) * plane));
    held[free] = k;
    return free;
  };
  for (let m = 0; m < wanted[2]; m++) {
    const [below, above] = [index[2 * m] ?? 0, index[2 * m + 1] ?? 0];
    const byAbove = weight[2 * m + 1] ?? 0;
    const first = placeOf(below, above);
    const second = byAbove === 0 ? first : placeOf(above, below);
    mixTwo(between, first * plane, weight[2 * m] ?? 0, second * plane, byAbove, values, m * plane, plane);
  }
  return values;
}

function spline(read: SliceReader, dims: Triple<number>, wanted: Triple<number>, scale: Triple<number>): Float32Array {
  const plane = wanted[0] * wanted[1];
  const stack = new Float32Array(plane * dims[2]);
  const inPlane = new PlaneResampling(
    dims,
    wanted,
    splineTaps(dims[0], scale[0], wanted[0]),
    splineTaps(dims[1], scale[1], wanted[1])
  );
  const slice = new Float32Array(dims[0] * dims[1]);
  for (let k = 0; k < dims[2]; k++) {
    read(k, slice);
    splineCoefficients(slice, dims[1], dims[0], 1);
    splineCoefficients(slice, 1, dims[1], dims[0]);
    inPlane.resample(slice, stack.subarray(k * plane, (k + 1) * plane));
  }
  // What is done along one axis does not depend on what is done along another: so the third one comes last.
  splineCoefficients(stack, 1, dims[2], plane);
  const values = new Float32Array(plane * wanted[2]);
  resampleAlong(stack, values, 1, dims[2], plane, splineTaps(dims[2], scale[2], wanted[2]));
  return values;
}

/** Slices along i, then along j. */
export class PlaneResampling {
  private readonly between: Float32Array;
  private readonly isIdentity: boolean;

  constructor(
    private readonly dims: Triple<number>,
    private readonly wanted: Triple<number>,
    private readonly alongI: Taps,
    private readonly alongJ: Taps
  ) {
    this.isIdentity = areIdentity(alongI, dims[0]) && areIdentity(alongJ, dims[1]);
    this.between = new Float32Array(this.isIdentity ? 0 : wanted[0] * dims[1]);
  }

  resample(source: Float32Array, target: Float32Array): void {
    if (this.isIdentity) {
      target.set(source);
      return;
    }
    resampleAlong(source, this.between, this.dims[1], this.dims[0], 1, this.alongI);
    resampleAlong(this.between, target, 1, this.dims[1], this.wanted[0], this.alongJ);
  }
}
