import { createHash } from 'node:crypto';
import type { VoxelType } from '@voxcord/schemas/api';
import type { Affine, GridDims } from '@voxcord/schemas/geometry';

const CHUNK_BYTES = 64 * 1024 * 1024;

/** What a volume is, apart from its voxels. On the grid of the file. */
export interface VolumeDescriptor {
  readonly dims: GridDims;
  readonly voxelType: VoxelType;
  readonly affine: Affine;
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The descriptor as canonical JSON (RFC 8785): keys in alphabetical order, no spaces, numbers as ECMAScript prints
 * them.
 */
export function describeVolume(descriptor: VolumeDescriptor): string {
  const { affine, dims, intercept, slope, voxelType } = descriptor;
  return JSON.stringify({ affine, dims, intercept, slope, voxelType });
}

/** SHA-256 over the descriptor, a newline, and the voxels as they are in the file, little-endian, i fastest. */
export function hashVolume(descriptor: VolumeDescriptor, voxels: Uint8Array): string {
  const hash = createHash('sha256').update(`${describeVolume(descriptor)}\n`, 'utf8');
  for (let start = 0; start < voxels.byteLength; start += CHUNK_BYTES) {
    hash.update(voxels.subarray(start, start + CHUNK_BYTES));
  }
  return hash.digest('hex');
}
