import type { GridDims, Orientation } from './orientation.js';

/** Arrays that hold one number per voxel, i fastest. */
export type VoxelArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** How to walk over one grid in the order of another: source = start + x·step[0] + y·step[1] + z·step[2]. */
export interface Walk {
  readonly dims: GridDims;
  readonly start: number;
  readonly steps: readonly [number, number, number];
}

/** Reads the original grid (size `dims`) in the order of its canonical grid. */
export function walkToCanonical(from: Orientation, dims: GridDims): Walk {
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  const canonicalDims: [number, number, number] = [1, 1, 1];
  const steps: [number, number, number] = [0, 0, 0];
  let start = 0;
  for (const a of [0, 1, 2] as const) {
    const { axis, sign } = from[a];
    canonicalDims[axis] = dims[a];
    steps[axis] = sign * strides[a];
    if (sign === -1) start += strides[a] * (dims[a] - 1);
  }
  return { dims: canonicalDims, start, steps };
}

/** Reads the canonical grid in the order of the original grid, whose size is `dims`. */
export function walkFromCanonical(from: Orientation, dims: GridDims): Walk {
  const canonicalDims: [number, number, number] = [1, 1, 1];
  for (const a of [0, 1, 2] as const) canonicalDims[from[a].axis] = dims[a];
  const strides = [1, canonicalDims[0], canonicalDims[0] * canonicalDims[1]] as const;
  const steps: [number, number, number] = [0, 0, 0];
  let start = 0;
  for (const a of [0, 1, 2] as const) {
    const { axis, sign } = from[a];
    steps[a] = sign * strides[axis];
    if (sign === -1) start += strides[axis] * (dims[a] - 1);
  }
  return { dims, start, steps };
}

/**
 * Copies the slices `first` to `last` (exclusive) along the slowest axis of `walk` from `source` into `target`, which
 * begins with slice `first`. Numbers are stored as the kind of `target` stores them.
 */
export function copySlices(source: VoxelArray, target: VoxelArray, walk: Walk, first: number, last: number): void {
  const [width, height] = walk.dims;
  const [stepX, stepY, stepZ] = walk.steps;
  let position = 0;
  for (let z = first; z < last; z++) {
    for (let y = 0; y < height; y++) {
      let from = walk.start + z * stepZ + y * stepY;
      if (stepX === 1) {
        target.set(source.subarray(from, from + width), position);
        position += width;
        continue;
      }
      const end = position + width;
      while (position < end) {
        target[position] = source[from] ?? 0;
        position += 1;
        from += stepX;
      }
    }
  }
}
