import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelIndex } from '@voxcord/schemas/labelmap';

/** Part of an image about the places that somebody has pointed at. */
export interface Crop {
  /** One value per voxel, i fastest. */
  readonly values: Float32Array;
  readonly dims: Dims;
  /** mm along i, j, k. */
  readonly spacing: Vector;
}

/** Where somebody has pointed: indices of the crop, not rounded. */
export interface Place {
  readonly at: Vector;
  /** On the thing that is meant, or beside it. */
  readonly on: boolean;
}

/** The voxel that a place lies in; the nearest one of the crop. */
export function voxelAt({ at }: Place, dims: Dims): VoxelIndex {
  const along = (axis: 0 | 1 | 2): number => Math.min(dims[axis] - 1, Math.max(0, Math.round(at[axis])));
  return [along(0), along(1), along(2)];
}

export function indexOf([i, j, k]: VoxelIndex, dims: Dims): number {
  return i + dims[0] * (j + dims[1] * k);
}

/** mm between two places. */
export function millimetresBetween(a: Vector, b: Vector, spacing: Vector): number {
  return Math.hypot((a[0] - b[0]) * spacing[0], (a[1] - b[1]) * spacing[1], (a[2] - b[2]) * spacing[2]);
}
