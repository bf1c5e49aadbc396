import { gunzipSync } from 'node:zlib';
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
  writeHeader(file, geometry, isSoft);
  const target = isSoft ? new Float32Array(file.buffer, FIRST_VOXEL) : file.subarray(FIRST_VOXEL);
  const walk = walkFromCanonical(orientationOf(affineFromRows(geometry.fileGrid.affine)), dims);
  copySlices(voxels, target, walk, 0, dims[2]);
  return { bytes: gzipSync(file, { level: COMPRESSION, mtime: 0 }), voxels: file.subarray(FIRST_VOXEL) };
}

function writeHeader(file: Uint8Array, { fileGrid }: TruthGeometry, isSoft: boolean): void {
  const view = new DataView(file.buffer);
  view.setInt32(0, HEADER_BYTES, true);
  [3, ...fileGrid.dims, 1, 1, 1, 1].forEach((value, index) => view.setInt16(40 + 2 * index, value, true));
  view.setInt16(70, isSoft ? FLOAT32 : UINT8, true);
  view.setInt16(72, isSoft ? 32 : 8, true);
  const steps = spacing(affineFromRows(fileGrid.affine));
  [1, ...steps].forEach((value, index) => view.setFloat32(76 + 4 * index, value, true));
  view.setFloat32(108, FIRST_VOXEL, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, MILLIMETRES);
  view.setInt16(254, SCANNER, true);
  fileGrid.affine.forEach((value, index) => view.setFloat32(280 + 4 * index, value, true));
  file.set([0x6e, 0x2b, 0x31, 0], 344);
}

/**
 * The voxels of a file that `writeNifti` made, in the file's own order, little-endian; the reason if it is not one of
 * this geometry.
 */
export function readNifti(bytes: Uint8Array, geometry: TruthGeometry, isSoft: boolean): Uint8Array | string {
  const { dims, affine } = geometry.fileGrid;
  const size = dims[0] * dims[1] * dims[2] * (isSoft ? 4 : 1);
  const file = inflate(bytes, FIRST_VOXEL + size);
  if (typeof file === 'string') return file;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isFormat =
    view.getInt32(0, true) === HEADER_BYTES &&
    view.getInt16(70, true) === (isSoft ? FLOAT32 : UINT8) &&
    view.getFloat32(108, true) === FIRST_VOXEL &&
    view.getInt16(254, true) > 0;
  if (!isFormat) return 'its header is not that of a map of this release';
  const hasDims = [3, ...dims].every((value, index) => view.getInt16(40 + 2 * index, true) === value);
  const hasAffine = affine.every((value, index) => view.getFloat32(280 + 4 * index, true) === Math.fround(value));
  if (!hasDims || !hasAffine) return 'its grid is not the one in release.json';
  return file.subarray(FIRST_VOXEL);
}

function inflate(bytes: Uint8Array, size: number): Uint8Array | string {
  try {
    const file = gunzipSync(bytes, { maxOutputLength: size + 1 });
    if (file.length !== size) return 'it does not hold as many voxels as release.json says';
    // The last four bytes are the length of the last gzip member: there must be one member and nothing behind it.
    const isWhole = Buffer.from(bytes).readUInt32LE(bytes.length - 4) === size % 2 ** 32;
    return isWhole ? file : 'something follows its compressed voxels';
  } catch {
    return 'it cannot be decompressed to the size that release.json says';
  }
}

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
