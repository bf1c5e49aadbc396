import { readSync } from 'node:fs';
import type { VoxelType } from '@voxcord/schemas/api';
import { bytesPerVoxel } from '../imaging/nifti/datatypes.js';
import { asNumbers, viewVoxels } from '../imaging/voxels.js';
import { InferenceError } from './errors.js';
import type { SliceReader } from './networkImage.js';
import type { Triple } from './orientation.js';

export interface VoxelLayout {
  /** Where voxels begin, bytes. */
  readonly firstVoxel: number;
  /** Little-endian, i fastest. */
  readonly voxelType: VoxelType;
  readonly dims: Triple<number>;
  /** Value = stored * slope + intercept. */
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Reads slices of an open file of voxels, without holding more than one. What is read throws `InferenceError`
 * (`inference.unreadable`) if the file ends early or holds values that are no numbers.
 */
export function sliceReader(file: number, { firstVoxel, voxelType, dims, slope, intercept }: VoxelLayout): SliceReader {
  const count = dims[0] * dims[1];
  const bytes = new Uint8Array(count * bytesPerVoxel(voxelType));
  return (k, target) => {
    fill(file, bytes, firstVoxel + k * bytes.byteLength);
    const stored = asNumbers(viewVoxels(bytes, voxelType));
    let sum = 0;
    for (let n = 0; n < count; n++) {
      const value = Math.fround((stored[n] ?? 0) * slope + intercept);
      target[n] = value;
      // 0 times a finite number is 0, and anything else is no number.
      sum += value * 0;
    }
    if (sum !== 0) {
      throw new InferenceError(
        'inference.unreadable',
        'The volume has voxels that are no finite numbers (NaN or infinite), from which a network computes nothing. ' +
          'Replace them, for instance with the value of air, and import the volume again.'
      );
    }
  };
}

function fill(file: number, target: Uint8Array, position: number): void {
  for (let filled = 0; filled < target.byteLength;) {
    const count = readSync(file, target, filled, target.byteLength - filled, position + filled);
    if (count === 0) {
      throw new InferenceError(
        'inference.unreadable',
        'The file of the volume ends before its last voxel. Import the volume again.'
      );
    }
    filled += count;
  }
}
