import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';

/**
 * The votes of a case: voxels with the same votes are indistinguishable to every method but those of shape, so that a
 * method works on the table of the few different patterns instead of on the voxels.
 */
export interface VotePatterns {
  readonly dims: Dims;
  readonly readers: number;
  /** The voxels that any reader marked lie in this box; null if there are none. */
  readonly box: VoxelBox | null;
  /** Number of the pattern of each voxel of the box, i fastest. Outside the box it is 0. */
  readonly index: Uint16Array | Uint32Array;
  /** Label that reader r gave in pattern p: `table[p * readers + r]`. Pattern 0 is background in all reads. */
  readonly table: Uint8Array;
  /** Voxels of the whole grid with each pattern. */
  readonly counts: Float64Array;
}
