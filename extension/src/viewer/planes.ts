import type { Dims } from '@voxcord/schemas/labelmap';
import type { Convention, Plane, Vector } from './contracts.js';

export type Axis = 0 | 1 | 2;

/** Which voxel axes of the canonical RAS grid a plane shows: `across` to the right, `up` upwards, `normal` through. */
export interface PlaneAxes {
  readonly across: Axis;
  readonly up: Axis;
  readonly normal: Axis;
}

export const PLANES: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

export const PLANE_AXES: { readonly [plane in Plane]: PlaneAxes } = {
  axial: { across: 0, up: 1, normal: 2 },
  coronal: { across: 0, up: 2, normal: 1 },
  sagittal: { across: 1, up: 2, normal: 0 }
};

/** The grid that a viewer shows: voxel counts and millimetres along i, j, k. */
export interface ViewedGrid {
  readonly dims: Dims;
  readonly spacing: Vector;
}

/**
 * Radiological: patient's right on the left, and seen from the patient's left (anterior on the left).
 * Neurological: both the other way round, so `across` increases to the right.
 */
export function isMirrored(convention: Convention): boolean {
  return convention === 'radiological';
}

/** Number of slices of a plane. */
export function sliceCount(grid: ViewedGrid, plane: Plane): number {
  return grid.dims[PLANE_AXES[plane].normal];
}

/** The slice that shows a fractional voxel position. */
export function sliceAt(grid: ViewedGrid, plane: Plane, voxel: Vector): number {
  const { normal } = PLANE_AXES[plane];
  return Math.min(grid.dims[normal] - 1, Math.max(0, Math.round(voxel[normal])));
}

/** `voxel` moved to the nearest position whose voxel is in the grid. */
export function clampToGrid(grid: ViewedGrid, voxel: Vector): Vector {
  const clamp = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  return [clamp(voxel[0], grid.dims[0]), clamp(voxel[1], grid.dims[1]), clamp(voxel[2], grid.dims[2])];
}

export function isInGrid(grid: ViewedGrid, voxel: Vector): boolean {
  return ([0, 1, 2] as const).every(axis => {
    const index = Math.round(voxel[axis]);
    return index >= 0 && index < grid.dims[axis];
  });
}

/** A copy of `vector` with one component replaced. */
export function withComponent(vector: Vector, axis: Axis, value: number): Vector {
  return [axis === 0 ? value : vector[0], axis === 1 ? value : vector[1], axis === 2 ? value : vector[2]];
}
