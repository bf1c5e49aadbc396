import {
  closestCanonical,
  copySlices,
  spacing,
  walkToCanonical,
  type Affine,
  type GridDims,
  type Vector
} from '@voxcord/schemas/geometry';
import { openByteReader, type ByteReader } from '../imaging/byteReader.js';
import { DEFAULT_LIMITS, ImagingError, type ImagingLimits } from '../imaging/index.js';
import { bytesPerVoxel } from '../imaging/nifti/datatypes.js';
import { HEADER_BYTES, readHeader, type NiftiHeader } from '../imaging/nifti/header.js';
import { asNumbers, toLittleEndian, viewVoxels } from '../imaging/voxels.js';
import { RefusedError } from './commandErrors.js';

/** One volume of scores on its closest-canonical grid. */
export interface ScoreMap {
  readonly path: string;
  readonly dims: GridDims;
  readonly affine: Affine;
  readonly spacing: Vector;
  readonly values: Float32Array;
}

const LIMITS: ImagingLimits = { ...DEFAULT_LIMITS, gzipRatio: 1100 };
const CHUNK_VOXELS = 1024 * 1024;

/**
 * Reads one channel of a NIfTI file of scores: of several volumes that of this number, from 0; of a single one itself.
 * Memory: eight bytes per voxel. Throws `RefusedError`, whose text begins with the name of the file.
 */
export async function readScores(file: string, channel: number): Promise<ScoreMap> {
  try {
    const reader = await openByteReader(file);
    try {
      return await readChannel(file, reader, channel);
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (error instanceof ImagingError)
      throw new RefusedError(error.code, `${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function readChannel(file: string, reader: ByteReader, channel: number): Promise<ScoreMap> {
  const start = await reader.read(HEADER_BYTES);
  const header = readHeader(start, LIMITS);
  if (header.frames > 1 && channel >= header.frames) {
    throw new RefusedError(
      'scores.channel',
      `${file}: it holds ${header.frames} channels, counted from 0: there is no channel ${channel}. Channels have the ` +
        'numbers that segments have in the predictions.'
    );
  }
  const before = header.voxOffset + (header.frames > 1 ? channel * header.frameBytes : 0);
  const carried = await skipTo(before, start, reader);
  const stored = await readValues(header, carried, reader);
  const grid = closestCanonical(header);
  const values = new Float32Array(new SharedArrayBuffer(stored.byteLength));
  copySlices(stored, values, walkToCanonical(grid.from, header.dims), 0, grid.dims[2]);
  return { path: file, dims: grid.dims, affine: grid.affine, spacing: spacing(grid.affine), values };
}

/** Reads on to a place in the file; answers what was read of what follows. */
async function skipTo(place: number, start: Uint8Array, reader: ByteReader): Promise<Uint8Array> {
  if (place <= start.byteLength) return start.subarray(place);
  const rest = new Uint8Array(CHUNK_VOXELS);
  for (let at = start.byteLength; at < place;) {
    const part = rest.subarray(0, Math.min(rest.length, place - at));
    await reader.fill(part);
    at += part.length;
  }
  return new Uint8Array();
}

async function readValues(header: NiftiHeader, carried: Uint8Array, reader: ByteReader): Promise<Float32Array> {
  const [width, height, depth] = header.dims;
  const values = new Float32Array(width * height * depth);
  const bytesEach = bytesPerVoxel(header.voxelType);
  let rest = carried;
  for (let first = 0; first < values.length; first += CHUNK_VOXELS) {
    const count = Math.min(CHUNK_VOXELS, values.length - first);
    const chunk = new Uint8Array(count * bytesEach);
    const head = rest.subarray(0, chunk.byteLength);
    chunk.set(head);
    rest = rest.subarray(head.byteLength);
    await reader.fill(chunk.subarray(head.byteLength));
    toLittleEndian(chunk, header.voxelType, header.littleEndian);
    const stored = asNumbers(viewVoxels(chunk, header.voxelType));
    for (let n = 0; n < count; n++) values[first + n] = (stored[n] ?? 0) * header.slope + header.intercept;
  }
  return values;
}
