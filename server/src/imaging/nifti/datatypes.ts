import type { VoxelType } from '@voxcord/schemas/api';
import { ImagingError } from '../errors.js';

const TYPES: ReadonlyMap<number, VoxelType> = new Map([
  [2, 'uint8'],
  [4, 'int16'],
  [8, 'int32'],
  [16, 'float32'],
  [64, 'float64'],
  [256, 'int8'],
  [512, 'uint16'],
  [768, 'uint32'],
  [1024, 'int64'],
  [1280, 'uint64']
]);

const REFUSED: ReadonlyMap<number, string> = new Map([
  [0, 'unknown'],
  [1, '1-bit (bitmap)'],
  [32, 'complex64'],
  [128, 'RGB'],
  [1536, 'float128'],
  [1792, 'complex128'],
  [2048, 'complex256'],
  [2304, 'RGBA']
]);

const BYTES: Readonly<Record<VoxelType, 1 | 2 | 4 | 8>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float32: 4,
  float64: 8
};

export function bytesPerVoxel(type: VoxelType): 1 | 2 | 4 | 8 {
  return BYTES[type];
}

/** The voxel type of a NIfTI datatype code. Throws `ImagingError` (`nifti.datatype`). */
export function voxelTypeOf(code: number): VoxelType {
  const type = TYPES.get(code);
  if (type !== undefined) return type;
  const name = REFUSED.get(code) ?? `number ${code}`;
  throw new ImagingError(
    'nifti.datatype',
    `The voxels are of NIfTI datatype ${name}. Voxcord reads integers of 8 to 64 bits and floating point of 32 and ` +
      '64 bits: convert the image to one of these.'
  );
}

/** The NIfTI datatype code of a voxel type. */
export function datatypeCode(type: VoxelType): number {
  for (const [code, name] of TYPES) {
    if (name === type) return code;
  }
  throw new RangeError(`No NIfTI datatype for ${type}`);
}
