import type { Dims } from '@voxcord/schemas/labelmap';
import type { Plane, SliceSource, SliceValues } from '../viewer/index.js';

/** What `ChangedVoxels` has where a version has more than the one before, or less. */
export const REMOVED = 254;
export const ADDED = 255;

/** Where a voxel belongs to another segment now it has the number of that segment; the highest ones share this. */
export const LAST_SEGMENT = 253;

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
  if (after === 0) return REMOVED;
  return Math.min(after, LAST_SEGMENT);
}
