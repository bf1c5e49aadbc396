import { statSync } from 'node:fs';
import path from 'node:path';
import {
  closestCanonical,
  copySlices,
  orientationOf,
  spacing,
  walkFromCanonical,
  walkToCanonical,
  type Affine,
  type CanonicalGrid,
  type GridDims,
  type Vector,
  type VoxelArray
} from '@voxcord/schemas/geometry';
import type { ByteReader } from '../imaging/byteReader.js';
import { DEFAULT_LIMITS, type ImagingLimits } from '../imaging/index.js';
import { bytesPerVoxel } from '../imaging/nifti/datatypes.js';
import type { NiftiHeader } from '../imaging/nifti/header.js';
import { derivedHeader } from '../imaging/nifti/writeHeader.js';
import { toLittleEndian, viewVoxels } from '../imaging/voxels.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { withSingleVolume } from './singleVolume.js';
import type { NewFile } from './wholeFiles.js';

/** A NIfTI file of segment numbers. */
export interface LabelFile {
  readonly path: string;
  /** The file's name without folder and ending. */
  readonly name: string;
  /** Closest-canonical RAS grid. */
  readonly dims: GridDims;
  /** Of the canonical grid; voxel to world, mm, RAS+. */
  readonly affine: Affine;
  /** mm along i, j and k of the canonical grid. */
  readonly spacing: Vector;
  /** Segment numbers on the canonical grid, i fastest. */
  readonly labels: Uint8Array;
  /** What is needed to write a file of the same geometry. */
  readonly original: { readonly header: NiftiHeader; readonly before: Uint8Array };
}

/** Masks compress far better than images: nearly as far as deflate can go. */
const LIMITS: ImagingLimits = { ...DEFAULT_LIMITS, gzipRatio: 1100 };
const CHUNK_VOXELS = 1024 * 1024;
const TRAILING_SLACK = 64 * 1024;
/** Scaled labels may miss a whole number by this share of what they are computed from: slopes have single precision. */
const ROUNDING = 1e-6;

/**
 * Reads a NIfTI file of segment numbers 0 to 255, of any voxel type, onto its closest-canonical grid. Memory: two bytes
 * per voxel. Throws `RefusedError`, whose text begins with the name of the file.
 */
export function readLabelFile(file: string): Promise<LabelFile> {
  return withSingleVolume(
    file,
    { limits: LIMITS, mayBeFlat: true, tooMany },
    async ({ header, before, carried, reader }) => {
      const stored = await readLabels(header, reader, carried);
      await reader.finish(TRAILING_SLACK);
      const grid = closestCanonical(header);
      return {
        path: file,
        name: path.basename(file).replace(/\.nii(\.gz)?$/i, ''),
        dims: grid.dims,
        affine: grid.affine,
        spacing: spacing(grid.affine),
        labels: toCanonical(stored, grid, header.dims),
        original: { header, before }
      };
    }
  );
}

function tooMany(frames: number): RefusedError {
  return new RefusedError(
    'labels.frames',
    `The file holds ${frames} volumes. A label map is one volume: export one of them.`
  );
}

/** Voxels as segment numbers in the order of the file, converted piece by piece. */
async function readLabels(header: NiftiHeader, reader: ByteReader, carried: Uint8Array): Promise<Uint8Array> {
  const [width, height, depth] = header.dims;
  const labels = new Uint8Array(width * height * depth);
  const bytesEach = bytesPerVoxel(header.voxelType);
  const isPlain = header.voxelType === 'uint8' && header.slope === 1 && header.intercept === 0;
  let rest = carried;
  for (let first = 0; first < labels.length; first += CHUNK_VOXELS) {
    const count = Math.min(CHUNK_VOXELS, labels.length - first);
    const chunk = isPlain ? labels.subarray(first, first + count) : new Uint8Array(count * bytesEach);
    const head = rest.subarray(0, chunk.byteLength);
    chunk.set(head);
    rest = rest.subarray(head.byteLength);
    await reader.fill(chunk.subarray(head.byteLength));
    if (isPlain) continue;
    toLittleEndian(chunk, header.voxelType, header.littleEndian);
    convert(viewVoxels(chunk, header.voxelType), header, labels, first);
  }
  return labels;
}

function convert(
  stored: VoxelArray | BigInt64Array | BigUint64Array,
  { slope, intercept }: NiftiHeader,
  labels: Uint8Array,
  first: number
): void {
  for (let n = 0; n < stored.length; n++) {
    const scaled = Number(stored[n] ?? 0) * slope;
    const value = scaled + intercept;
    const label = Math.round(value);
    if (!(Math.abs(value - label) <= ROUNDING * Math.max(1, Math.abs(scaled)))) throw notALabel(value);
    if (label < 0 || label > 255) throw notALabel(value);
    labels[first + n] = label;
  }
}

function notALabel(value: number): RefusedError {
  return new RefusedError(
    'labels.value',
    Number.isInteger(value)
      ? `A voxel has the value ${value}. Segment numbers go from 0 to 255: renumber the segments.`
      : `A voxel has the value ${value}. A label map holds whole numbers from 0 to 255; this looks like an image or a ` +
          'probability map. Threshold it first.'
  );
}

function toCanonical(stored: Uint8Array, grid: CanonicalGrid, dims: GridDims): Uint8Array {
  const walk = walkToCanonical(grid.from, dims);
  const [width, height] = dims;
  if (walk.start === 0 && walk.steps.join() === [1, width, width * height].join()) return stored;
  const labels = new Uint8Array(stored.length);
  copySlices(stored, labels, walk, 0, grid.dims[2]);
  return labels;
}

/** Checks a name for output before anything is computed. Throws `UsageError`. */
export function checkOutputName(file: string): void {
  if (!/\.nii(\.gz)?$/i.test(file)) throw new UsageError(`The output must be a .nii or .nii.gz file, not ${file}.`);
  if (isFolder(file)) throw new UsageError(`${file} is a folder. Give the output another name.`);
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

/** A file of segment numbers on the canonical grid of `like`, with the geometry of `like`. Throws `UsageError`. */
export function newLabelFile(file: string, like: LabelFile, labels: Uint8Array): NewFile {
  checkOutputName(file);
  const { header, before } = like.original;
  const walk = walkFromCanonical(orientationOf(header.affine), header.dims);
  const [width, height, depth] = header.dims;
  function* chunks(): Generator<Uint8Array> {
    yield derivedHeader(before, header, 'uint8', 1);
    for (let slice = 0; slice < depth; slice++) {
      const bytes = new Uint8Array(width * height);
      copySlices(labels, bytes, walk, slice, slice + 1);
      yield bytes;
    }
  }
  return { file, chunks: chunks() };
}

/** One value per voxel, found by a number that each voxel of the canonical grid has. */
export interface IndexedValues {
  readonly index: Uint8Array | Uint16Array | Uint32Array;
  readonly values: Float64Array;
}

/**
 * A file of maps on the canonical grid of `like` as 64-bit floating point with the geometry of `like`: one map as a
 * volume, several as frames. Maps are asked for when they are written. Memory: one slice. Throws `UsageError`.
 */
export function newSoftFile(
  file: string,
  like: LabelFile,
  count: number,
  mapAt: (frame: number) => IndexedValues
): NewFile {
  checkOutputName(file);
  const { header, before } = like.original;
  const walk = walkFromCanonical(orientationOf(header.affine), header.dims);
  const [width, height, depth] = header.dims;
  function* chunks(): Generator<Uint8Array> {
    yield derivedHeader(before, header, 'float64', count);
    const slice = new Uint32Array(width * height);
    for (let frame = 0; frame < count; frame++) {
      const { index, values } = mapAt(frame);
      for (let k = 0; k < depth; k++) {
        copySlices(index, slice, walk, k, k + 1);
        const numbers = new Float64Array(slice.length);
        for (let n = 0; n < slice.length; n++) numbers[n] = values[slice[n] ?? 0] ?? 0;
        const bytes = Buffer.from(numbers.buffer);
        yield header.littleEndian ? bytes : bytes.swap64();
      }
    }
  }
  return { file, chunks: chunks() };
}
