import type { Dims } from '@voxcord/schemas/labelmap';
import type { Plane, SliceSource, SliceValues } from '../viewer/index.js';

/** What `ChangedVoxels` has where a version has more than the one before, less, or something else. */
export const ADDED = 1;
export const REMOVED = 2;
export const RELABELLED = 3;

/** What changed between two label maps, voxel by voxel, worked out for the slices that one looks at. */
export type ChangedVoxels = SliceSource;

/** Throws if the two lie on different grids. */
export function changedVoxels(before: SliceSource, after: SliceSource): ChangedVoxels {
  if (before.dims.some((count, axis) => count !== after.dims[axis])) {
    throw new Error('The two versions lie on different grids and cannot be compared voxel by voxel.');
  }
  const dims: Dims = after.dims;
  return {
    dims,
    slice: (plane: Plane, index: number): SliceValues | null => {
      const [old, now] = [before.slice(plane, index), after.slice(plane, index)];
      const shape = now ?? old;
      if (shape === null) return null;
      const values = shape.values.map((_, at) => changeOf(old?.values[at] ?? 0, now?.values[at] ?? 0));
      return { width: shape.width, height: shape.height, values };
    }
  };
}

function changeOf(before: number, after: number): number {
  if (before === after) return 0;
  if (before === 0) return ADDED;
  return after === 0 ? REMOVED : RELABELLED;
}
