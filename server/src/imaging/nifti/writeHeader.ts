import type { VoxelType } from '@voxcord/schemas/api';
import { spacing, type Affine, type GridDims } from '@voxcord/schemas/geometry';
import { bytesPerVoxel, datatypeCode } from './datatypes.js';
import type { NiftiHeader } from './header.js';
import { HeaderFields, NIFTI1, NIFTI2 } from './layout.js';
import { quaternionOf } from './quaternion.js';

const MILLIMETRE = 2;
/** NIfTI code of "scanner anatomical" coordinates. */
const SCANNER = 1;

export interface NewHeader {
  readonly dims: GridDims;
  readonly affine: Affine;
  readonly voxelType: VoxelType;
  readonly slope: number;
  readonly intercept: number;
}

/**
 * A header for a volume on a grid of ours, little-endian, without extensions; sform and qform say the same (the qform
 * without shear). NIfTI-1 wherever its 16-bit dimensions suffice.
 */
export function makeHeader(image: NewHeader): Uint8Array {
  const layout = image.dims.some(size => size > 32767) ? NIFTI2 : NIFTI1;
  const bytes = new Uint8Array(layout.firstVoxel);
  const fields = new HeaderFields(bytes, layout, true);
  new DataView(bytes.buffer).setInt32(0, layout.size, true);
  if (layout.version === 1) {
    bytes.set(Buffer.from('n+1\0', 'latin1'), 344);
    bytes[38] = 'r'.charCodeAt(0);
  } else {
    bytes.set(Buffer.from('n+2\0\r\n\x1a\n', 'latin1'), 4);
  }
  [3, ...image.dims, 1, 1, 1, 1].forEach((size, index) => fields.setDim(index, size));
  fields.setShort(layout.datatype, datatypeCode(image.voxelType));
  fields.setShort(layout.bitpix, 8 * bytesPerVoxel(image.voxelType));
  fields.setVoxOffset(layout.firstVoxel);
  fields.setReal(layout.sclSlope, image.slope);
  fields.setReal(layout.sclInter, image.intercept);
  fields.setUnits(MILLIMETRE);
  fields.setCode(layout.sformCode, SCANNER);
  fields.setCode(layout.qformCode, SCANNER);
  image.affine.forEach((number, index) => fields.setReal(layout.srow, number, index));
  const { qfac, quaternion } = quaternionOf(image.affine);
  [qfac, ...spacing(image.affine), 0, 0, 0, 0].forEach((size, index) => fields.setReal(layout.pixdim, size, index));
  [...quaternion, image.affine[3], image.affine[7], image.affine[11]].forEach((number, index) =>
    fields.setReal(layout.quaternion, number, index)
  );
  return bytes;
}

/**
 * The header of a label map for a volume: the bytes before the voxels of the volume's own file (extensions included)
 * with another voxel type, no scaling, no display range and one frame. Everything else stays as it is.
 */
export function labelMapHeader(original: Uint8Array, header: NiftiHeader): Uint8Array {
  return derivedHeader(original, header, 'uint8', 1);
}

/** As `labelMapHeader`, for voxels of any type and any number of frames. */
export function derivedHeader(
  original: Uint8Array,
  header: NiftiHeader,
  voxelType: VoxelType,
  frames: number
): Uint8Array {
  const bytes = original.slice();
  const layout = header.version === 1 ? NIFTI1 : NIFTI2;
  const fields = new HeaderFields(bytes, layout, header.littleEndian);
  fields.setDim(0, frames === 1 ? 3 : 4);
  fields.setDim(4, frames);
  for (let axis = 5; axis <= 7; axis++) fields.setDim(axis, 1);
  fields.setShort(layout.datatype, datatypeCode(voxelType));
  fields.setShort(layout.bitpix, 8 * bytesPerVoxel(voxelType));
  fields.setVoxOffset(header.voxOffset);
  fields.setReal(layout.sclSlope, 1);
  fields.setReal(layout.sclInter, 0);
  fields.setReal(layout.calMax, 0);
  fields.setReal(layout.calMin, 0);
  return bytes;
}
