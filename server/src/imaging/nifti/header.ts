import type { VoxelType } from '@voxcord/schemas/api';
import type { Affine, GridDims } from '@voxcord/schemas/geometry';
import { ImagingError } from '../errors.js';
import { MAX_SIDE, type ImagingLimits } from '../limits.js';
import { bytesPerVoxel, voxelTypeOf } from './datatypes.js';
import { affineOf } from './headerAffine.js';
import { HeaderFields, NIFTI1, NIFTI2, type NiftiLayout } from './layout.js';

/** What an import needs to know of a NIfTI file, checked. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Voxels of one frame along i, j, k. */
  readonly dims: GridDims;
  readonly frames: number;
  readonly voxelType: VoxelType;
  /** Voxel to world, mm, RAS+. */
  readonly affine: Affine;
  /** Value = stored · slope + intercept; 1 and 0 if the file has no scaling. */
  readonly slope: number;
  readonly intercept: number;
  /** Where voxels begin, bytes. */
  readonly voxOffset: number;
  /** Decoded bytes of one frame. */
  readonly frameBytes: number;
}

/** Bytes that `readHeader` must be given: the longer of both headers. */
export const HEADER_BYTES = NIFTI2.size;

/** More voxels than any scanner makes: a header that says so lies. */
const ABSURD_VOXELS = 2 ** 40;

/**
 * Reads and checks the header in the first `HEADER_BYTES` bytes of a file (fewer if the file is shorter). Takes no
 * memory that depends on what the header says. Throws `ImagingError`.
 */
export function readHeader(start: Uint8Array, limits: ImagingLimits): NiftiHeader {
  const fields = recognise(start);
  const { layout } = fields;
  const voxelType = voxelTypeOf(fields.short(layout.datatype));
  const { dims, frames } = readDims(fields);
  const voxels = dims[0] * dims[1] * dims[2];
  const frameBytes = voxels * bytesPerVoxel(voxelType);
  if (voxels * frames >= ABSURD_VOXELS) {
    throw new ImagingError(
      'nifti.dimensions',
      `The header announces ${describe(dims, frames)} voxels, which no image has: the file is damaged. Export it again.`
    );
  }
  if (frameBytes > limits.volumeBytes) {
    throw new ImagingError(
      'volume.too-large',
      `One volume of this file has ${frameBytes} bytes; at most ${limits.volumeBytes} are accepted. Crop or resample ` +
        'the image, or raise the limit of the service.'
    );
  }
  if (frames > limits.frames) {
    throw new ImagingError(
      'volume.too-large',
      `The file holds ${frames} volumes; at most ${limits.frames} are accepted. Split the series.`
    );
  }
  const { slope, intercept } = readScaling(fields);
  return {
    version: layout.version,
    littleEndian: fields.littleEndian,
    dims,
    frames,
    voxelType,
    affine: affineOf(fields, dims),
    slope,
    intercept,
    voxOffset: readVoxOffset(fields, limits),
    frameBytes
  };
}

/** Finds version and byte order from the size field and the magic. */
function recognise(start: Uint8Array): HeaderFields {
  if (start.byteLength < 4) throw truncatedHeader();
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    const layout = size === NIFTI1.size ? NIFTI1 : size === NIFTI2.size ? NIFTI2 : null;
    if (layout === null) continue;
    if (start.byteLength < layout.size) throw truncatedHeader();
    checkMagic(start, layout);
    return new HeaderFields(start, layout, littleEndian);
  }
  throw new ImagingError(
    'nifti.magic',
    'This is not a NIfTI file: it does not begin with a NIfTI-1 or NIfTI-2 header. Choose a .nii or .nii.gz file.'
  );
}

function checkMagic(start: Uint8Array, layout: NiftiLayout): void {
  const magic =
    layout.version === 1
      ? Buffer.from(start.subarray(344, 348)).toString('latin1')
      : Buffer.from(start.subarray(4, 12)).toString('latin1');
  if (magic === 'n+1\0' || magic === 'n+2\0\r\n\x1a\n') return;
  if (magic.startsWith('ni1') || magic.startsWith('ni2')) {
    throw new ImagingError(
      'nifti.pair',
      'This is the header of a two-file image (.hdr and .img). Convert it to a single .nii or .nii.gz file.'
    );
  }
  throw new ImagingError(
    'nifti.magic',
    'This is not a NIfTI file: its magic bytes are missing (an Analyze file, or damaged by a text-mode transfer). ' +
      'Convert or copy it again as a single .nii or .nii.gz file.'
  );
}

function truncatedHeader(): ImagingError {
  return new ImagingError('nifti.truncated', 'The file ends inside its header. Copy or export it again.');
}

function readDims(fields: HeaderFields): { dims: GridDims; frames: number } {
  const count = fields.dim(0);
  if (!(count >= 3 && count <= 7)) {
    throw new ImagingError(
      'nifti.dimensions',
      count === 1 || count === 2
        ? `The image has ${count} dimensions. Voxcord reads volumes: three dimensions, or four for a series.`
        : 'The header has an impossible number of dimensions: the file is damaged. Export it again.'
    );
  }
  const side = (axis: number): number => {
    const size = fields.dim(axis);
    if (size >= 1 && size <= MAX_SIDE) return size;
    throw new ImagingError(
      'nifti.dimensions',
      `Dimension ${axis} of the header is ${size}; 1 to ${MAX_SIDE} are possible. The file is damaged or no volume.`
    );
  };
  const dims: GridDims = [side(1), side(2), side(3)];
  const frames = count >= 4 ? fields.dim(4) : 1;
  if (!(frames >= 1)) {
    throw new ImagingError('nifti.dimensions', `The header announces ${frames} frames: the file is damaged.`);
  }
  for (let axis = 5; axis <= count; axis++) {
    if (fields.dim(axis) !== 1) {
      throw new ImagingError(
        'nifti.dimensions',
        'The image has more than four dimensions (vectors or a colour per voxel). Export one component as a volume.'
      );
    }
  }
  return { dims, frames };
}

function describe(dims: GridDims, frames: number): string {
  return frames === 1 ? dims.join(' x ') : `${dims.join(' x ')} x ${frames}`;
}

function readScaling(fields: HeaderFields): { slope: number; intercept: number } {
  const slope = fields.real(fields.layout.sclSlope);
  const intercept = fields.real(fields.layout.sclInter);
  // The standard: no scaling if the slope is 0. Written NaN means the same (SPM).
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 };
  if (!Number.isFinite(intercept)) {
    throw new ImagingError(
      'nifti.scaling',
      'The header scales voxels with an intercept that is not a number: their values are unknown. Export it again.'
    );
  }
  return { slope, intercept };
}

function readVoxOffset(fields: HeaderFields, limits: ImagingLimits): number {
  const stated = fields.voxOffset();
  const offset = stated === 0 ? fields.layout.firstVoxel : stated;
  if (Number.isInteger(offset) && offset >= fields.layout.firstVoxel && offset <= limits.headerBytes) return offset;
  throw new ImagingError(
    'nifti.offset',
    `The header says that voxels begin at byte ${stated}; ${fields.layout.firstVoxel} to ${limits.headerBytes} are ` +
      'possible. The file is damaged: export it again.'
  );
}

/**
 * Checks that the extensions between header and voxels follow each other by their sizes. `before` holds all bytes
 * before the voxels. Throws `ImagingError` (`nifti.extension`).
 */
export function checkExtensions(before: Uint8Array, header: NiftiHeader): void {
  const layout = header.version === 1 ? NIFTI1 : NIFTI2;
  const view = new DataView(before.buffer, before.byteOffset, before.byteLength);
  let position = layout.firstVoxel;
  if (before[layout.size] === 0) return;
  while (position + 8 <= header.voxOffset) {
    const size = view.getInt32(position, header.littleEndian);
    if (size === 0) return;
    if (size < 8 || position + size > header.voxOffset) {
      throw new ImagingError(
        'nifti.extension',
        `A header extension of ${size} bytes does not fit before the voxels: the file is damaged. Export it again.`
      );
    }
    position += size;
  }
}
