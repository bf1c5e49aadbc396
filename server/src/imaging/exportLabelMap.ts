import type { Volume } from '@voxcord/schemas/api';
import { affineFromRows, copySlices, orientationOf, walkFromCanonical } from '@voxcord/schemas/geometry';
import { ImagingError } from './errors.js';
import { DEFAULT_LIMITS } from './limits.js';
import { readHeader } from './nifti/header.js';
import { labelMapHeader } from './nifti/writeHeader.js';

/**
 * A label map as an uncompressed NIfTI file on the grid and in the orientation of the volume's own file.
 *
 * `originalHeader` is what the file held before its voxels; `bitmap` holds one segment number per voxel of
 * `volume.grid` (closest-canonical RAS, i fastest). Throws `ImagingError` (`label-map.grid`) if the sizes differ.
 */
export function exportLabelMap(
  volume: Pick<Volume, 'grid' | 'fileGrid'>,
  originalHeader: Uint8Array,
  bitmap: Uint8Array
): Uint8Array {
  const [width, height, depth] = volume.fileGrid.dims;
  const count = width * height * depth;
  if (bitmap.length !== count) {
    throw new ImagingError(
      'label-map.grid',
      `The label map has ${bitmap.length} voxels, the volume ${count}: it belongs to another volume.`
    );
  }
  const header = readHeader(originalHeader, { ...DEFAULT_LIMITS, volumeBytes: Infinity, frames: Infinity });
  const from = orientationOf(affineFromRows(volume.fileGrid.affine));
  const head = labelMapHeader(originalHeader, header);
  const file = new Uint8Array(head.byteLength + count);
  file.set(head);
  copySlices(bitmap, file.subarray(head.byteLength), walkFromCanonical(from, volume.fileGrid.dims), 0, depth);
  return file;
}
