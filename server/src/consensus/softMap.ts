import type { VoxelBox } from '@voxcord/schemas/labelmap';

/**
 * The probability that voxels belong to a segment, 0 to 1, without an array of the size of the volume.
 *
 * `patterns`: a value for each pattern of the case's `VotePatterns`. `boxes`: values for the voxels of boxes (i fastest,
 * both corners inside); outside all boxes it is 0, and where boxes overlap the highest value counts.
 */
export type SoftMap =
  | { readonly kind: 'patterns'; readonly values: Float64Array }
  | { readonly kind: 'boxes'; readonly parts: readonly { readonly box: VoxelBox; readonly values: Float32Array }[] };
