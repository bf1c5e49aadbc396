import { crc32, inflateRawSync } from 'node:zlib';
import type { TruthGeometry } from '@voxcord/schemas/files';
import {
  affineFromRows,
  copySlices,
  orientationOf,
  spacing,
  walkFromCanonical,
  walkToCanonical,
  type Axis,
  type Orientation
} from '@voxcord/schemas/geometry';
import { gzipSync } from 'fflate';
import { TruthError } from './errors.js';

const HEADER_BYTES = 348;
/** Header and the four bytes that say that no extension follows. */
const FIRST_VOXEL = 352;
const UINT8 = 2;
const FLOAT32 = 16;
/** dim is a 16-bit integer in NIfTI-1. */
const LONGEST_SIDE = 32_767;
const MILLIMETRES = 2;
const SCANNER = 1;
const COMPRESSION = 6;
/** Sizes of a voxel along i, j, k: the second to fourth number of pixdim. */
const PIXDIM = 76;
const SPACING = 80;
const SPACING_TOLERANCE = 1e-6;
/** RFC 1952: two magic bytes, deflate, no flags. */
const GZIP_START = [0x1f, 0x8b, 8, 0];
const GZIP_HEADER = 10;
/** CRC-32 and length of what is compressed. */
const GZIP_TRAILER = 8;

const AXES: readonly Axis[] = [0, 1, 2];

type Voxels = Uint8Array | Float32Array;

export interface WrittenNifti {
  /** Of the file. */
  readonly bytes: Uint8Array;
  /** Bytes of the voxels as they are in the file, uncompressed. */
  readonly voxels: Uint8Array;
}

/**
 * Compressed NIfTI-1 file of a map on `geometry.grid` (one number per voxel, i fastest), written on the grid and in the
 * orientation of the image's own file: uint8 for segment numbers, float32 for probabilities. The header holds geometry
 * and nothing else. Equal maps give equal bytes: the gzip header has no time, and the compressor is our own.
 */
export function writeNifti(geometry: TruthGeometry, voxels: Voxels): WrittenNifti {
  const { dims } = geometry.fileGrid;
  const count = dims[0] * dims[1] * dims[2];
  if (voxels.length !== count) {
    throw new TruthError('release.content', `A map has ${voxels.length} voxels, its grid ${count}.`);
  }
  if (dims.some(side => side > LONGEST_SIDE)) {
    throw new TruthError('release.content', `A grid of ${dims.join(' x ')} voxels does not fit a NIfTI-1 file.`);
  }
  const isSoft = voxels instanceof Float32Array;
  const file = new Uint8Array(FIRST_VOXEL + voxels.byteLength);
  file.set(headerOf(geometry, isSoft));
  const target = isSoft ? new Float32Array(file.buffer, FIRST_VOXEL) : file.subarray(FIRST_VOXEL);
  const walk = walkFromCanonical(orientationOf(affineFromRows(geometry.fileGrid.affine)), dims);
  copySlices(voxels, target, walk, 0, dims[2]);
  return { bytes: gzipSync(file, { level: COMPRESSION, mtime: 0 }), voxels: file.subarray(FIRST_VOXEL) };
}

/** The bytes before the first voxel. */
function headerOf({ fileGrid }: TruthGeometry, isSoft: boolean): Uint8Array {
  const header = new Uint8Array(FIRST_VOXEL);
  const view = new DataView(header.buffer);
  view.setInt32(0, HEADER_BYTES, true);
  [3, ...fileGrid.dims, 1, 1, 1, 1].forEach((value, index) => view.setInt16(40 + 2 * index, value, true));
  view.setInt16(70, isSoft ? FLOAT32 : UINT8, true);
  view.setInt16(72, isSoft ? 32 : 8, true);
  const steps = spacing(affineFromRows(fileGrid.affine));
  [1, ...steps].forEach((value, index) => view.setFloat32(PIXDIM + 4 * index, value, true));
  view.setFloat32(108, FIRST_VOXEL, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, MILLIMETRES);
  view.setInt16(254, SCANNER, true);
  // JSON has one zero, so that the sign of another one could not be checked.
  fileGrid.affine.forEach((value, index) => view.setFloat32(280 + 4 * index, value === 0 ? 0 : value, true));
  header.set([0x6e, 0x2b, 0x31, 0], 344);
  return header;
}

/**
 * The voxels of a file that `writeNifti` made, in the file's own order, little-endian; the reason if it is not one of
 * this geometry.
 */
export function readNifti(bytes: Uint8Array, geometry: TruthGeometry, isSoft: boolean): Uint8Array | string {
  const { dims } = geometry.fileGrid;
  const size = dims[0] * dims[1] * dims[2] * (isSoft ? 4 : 1);
  const file = inflate(bytes, FIRST_VOXEL + size);
  if (typeof file === 'string') return file;
  const isHeader = isSameHeader(file.subarray(0, FIRST_VOXEL), headerOf(geometry, isSoft));
  return isHeader ? file.subarray(FIRST_VOXEL) : 'its header is not that of a map on the grid in release.json';
}

/** Byte for byte, but for the voxel sizes: they follow from the matrix, and their last digits from who computes them. */
function isSameHeader(found: Uint8Array, wanted: Uint8Array): boolean {
  const [a, b] = [found, wanted].map(({ buffer, byteOffset }) => new DataView(buffer, byteOffset, FIRST_VOXEL));
  return [...wanted.keys()].every(at => {
    if (at < SPACING || at >= SPACING + 12) return found[at] === wanted[at];
    const start = at - (at % 4);
    const [size, step] = [a?.getFloat32(start, true) ?? NaN, b?.getFloat32(start, true) ?? NaN];
    return Math.abs(size - step) <= SPACING_TOLERANCE * step;
  });
}

/** One gzip member as `writeNifti` makes it, without name, comment or anything behind it. */
function inflate(bytes: Uint8Array, size: number): Uint8Array | string {
  const trailer = bytes.length - GZIP_TRAILER;
  if (trailer < GZIP_START.length || GZIP_START.some((byte, at) => bytes[at] !== byte)) return 'it is no gzip file';
  try {
    const { buffer: file, consumed } = inflateRaw(bytes.subarray(GZIP_HEADER), size + 1);
    if (file.length !== size) return 'it does not hold as many voxels as release.json says';
    if (GZIP_HEADER + consumed !== trailer) return 'something follows its compressed voxels';
    const end = new DataView(bytes.buffer, bytes.byteOffset + trailer);
    const isWhole = end.getUint32(0, true) === crc32(file) && end.getUint32(4, true) === size % 2 ** 32;
    return isWhole ? file : 'it was damaged: its check sum is another one';
  } catch {
    return 'it cannot be decompressed to the size that release.json says';
  }
}

/** With `consumed`, the compressed bytes that were used: what stands behind them is otherwise ignored. */
function inflateRaw(bytes: Uint8Array, maxOutputLength: number): { buffer: Uint8Array; consumed: number } {
  const found: unknown = inflateRawSync(bytes, { maxOutputLength, info: true });
  if (!isInflated(found)) throw new TypeError('The decompressor does not tell how much it has read.');
  return { buffer: found.buffer, consumed: found.engine.bytesWritten };
}

/** What zlib answers with the option `info`; its types do not know it. */
const isInflated = (found: unknown): found is { buffer: Buffer; engine: { bytesWritten: number } } =>
  typeof found === 'object' && found !== null && 'buffer' in found && 'engine' in found;

/**
 * Label map on the canonical grid from voxels in the file's order; null if `grid` is not `fileGrid` with its axes
 * permuted and flipped.
 */
export function toCanonicalGrid(voxels: Uint8Array, geometry: TruthGeometry): Uint8Array | null {
  const from = turnOf(geometry);
  if (from === null) return null;
  const canonical = new Uint8Array(voxels.length);
  copySlices(voxels, canonical, walkToCanonical(from, geometry.fileGrid.dims), 0, geometry.grid.dims[2]);
  return canonical;
}

/** Whether `grid` is `fileGrid` with its axes permuted and flipped. */
export function isTurned(geometry: TruthGeometry): boolean {
  return turnOf(geometry) !== null;
}

/** Where each axis of the file's grid points on the canonical grid: found by equal steps, not by rounding anything. */
function turnOf({ grid, fileGrid }: TruthGeometry): Orientation | null {
  const [i, j, k] = AXES.map(fileAxis => {
    const axis = AXES.find(each => signBetween(grid.affine, each, fileGrid.affine, fileAxis) !== null);
    if (axis === undefined || grid.dims[axis] !== fileGrid.dims[fileAxis]) return null;
    return { axis, sign: signBetween(grid.affine, axis, fileGrid.affine, fileAxis) ?? 1 };
  });
  if (!i || !j || !k || new Set([i.axis, j.axis, k.axis]).size < 3) return null;
  return [i, j, k];
}

function signBetween(a: readonly number[], axisOfA: Axis, b: readonly number[], axisOfB: Axis): 1 | -1 | null {
  const signs: readonly (1 | -1)[] = [1, -1];
  return signs.find(sign => [0, 4, 8].every(row => a[row + axisOfA] === sign * (b[row + axisOfB] ?? NaN))) ?? null;
}
