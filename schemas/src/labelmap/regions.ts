import type { VoxelBox } from './grid.js';

/** Voxels of a box: 1 byte per voxel, i fastest; other than 0 = painted. */
export interface PaintedRegion {
  readonly box: VoxelBox;
  readonly mask: Uint8Array;
}
