import type { VoxelType } from '@voxcord/schemas/api';
import type { VoxelArray } from '@voxcord/schemas/geometry';
import { bytesPerVoxel } from './nifti/datatypes.js';

export type DecodedVoxels = VoxelArray | BigUint64Array | BigInt64Array;

/** Turns the voxels of a big-endian file round, in place. */
export function toLittleEndian(bytes: Uint8Array, type: VoxelType, littleEndian: boolean): void {
  if (littleEndian) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bytesPerVoxel(type);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
}

/** Little-endian bytes as numbers, without a copy. `bytes` must begin at a multiple of eight of its buffer. */
export function viewVoxels(bytes: Uint8Array, type: VoxelType): DecodedVoxels {
  const { buffer, byteOffset, byteLength } = bytes;
  const count = byteLength / bytesPerVoxel(type);
  switch (type) {
    case 'uint8':
      return bytes;
    case 'int8':
      return new Int8Array(buffer, byteOffset, count);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int16':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'int32':
      return new Int32Array(buffer, byteOffset, count);
    case 'uint64':
      return new BigUint64Array(buffer, byteOffset, count);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, count);
    case 'float32':
      return new Float32Array(buffer, byteOffset, count);
    case 'float64':
      return new Float64Array(buffer, byteOffset, count);
  }
}

/** As floating point numbers where they are 64-bit integers, which statistics and viewers do not take. */
export function asNumbers(voxels: DecodedVoxels): VoxelArray {
  if (!(voxels instanceof BigUint64Array) && !(voxels instanceof BigInt64Array)) return voxels;
  const numbers = new Float64Array(voxels.length);
  for (let n = 0; n < numbers.length; n++) numbers[n] = Number(voxels[n] ?? 0n);
  return numbers;
}

/** What viewers are given: a voxel type that shows, holding the same numbers. */
export interface ViewerVoxels {
  readonly type: VoxelType;
  readonly voxels: VoxelArray;
}

/**
 * Viewers show integers of 8 and 16 bits and 32-bit floating point. Wider integers become 16-bit integers if all of
 * them fit, which loses nothing; other wide numbers become 32-bit floating point. The hash is over the originals.
 */
export function forViewers(type: VoxelType, voxels: VoxelArray, lowest: number, highest: number): ViewerVoxels {
  switch (type) {
    case 'uint8':
    case 'int8':
    case 'uint16':
    case 'int16':
    case 'float32':
      return { type, voxels };
    case 'float64':
      return { type: 'float32', voxels: Float32Array.from(voxels) };
    case 'uint32':
    case 'int32':
    case 'uint64':
    case 'int64':
      if (lowest >= -32768 && highest <= 32767) return { type: 'int16', voxels: Int16Array.from(voxels) };
      if (lowest >= 0 && highest <= 65535) return { type: 'uint16', voxels: Uint16Array.from(voxels) };
      return { type: 'float32', voxels: Float32Array.from(voxels) };
  }
}
