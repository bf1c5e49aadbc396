import { createHash, randomUUID } from 'node:crypto';
import { open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Volume } from '@voxcord/schemas/api';
import { closestCanonical, copySlices, spacing, walkToCanonical } from '@voxcord/schemas/geometry';
import type { CanonicalGrid, VoxelArray } from '@voxcord/schemas/geometry';
import { openByteReader, type ByteReader } from './byteReader.js';
import { ImagingError } from './errors.js';
import type { ImagingLimits } from './limits.js';
import { guessModality } from './modality.js';
import { checkExtensions, HEADER_BYTES, readHeader, type NiftiHeader } from './nifti/header.js';
import { makeHeader } from './nifti/writeHeader.js';
import { statisticsOf } from './statistics.js';
import { asNumbers, forViewers, toLittleEndian, viewVoxels, type ViewerVoxels } from './voxels.js';
import { hashVolume } from './volumeHash.js';

/** A volume as it was read, with files that are not in the store yet. */
export interface ImportedVolume {
  readonly volume: Omit<Volume, 'name' | 'importedAt'>;
  /** Uncompressed NIfTI on the canonical grid, in the scratch folder. */
  readonly renditionPath: string;
  readonly renditionSha256: string;
  /** All bytes of the file before its voxels: header and extensions. */
  readonly header: Uint8Array;
}

export interface ImportTask {
  readonly path: string;
  /** Only this frame of a 4D file. */
  readonly frame: number | null;
  readonly limits: ImagingLimits;
  /** Folder for the renditions; their names begin with `prefix`. */
  readonly scratch: string;
  readonly prefix: string;
}

/** Compressed files are read this far beyond the voxels, to see their checksum. */
const TRAILING_SLACK = 64 * 1024;
const SLAB_BYTES = 16 * 1024 * 1024;
/** Share of the work that is done when the voxels of a frame are read; the rest is hashing, statistics and writing. */
const READING_SHARE = 0.5;

/**
 * Reads a NIfTI file into volumes. Memory: one frame, checked against the limits and against the size of the file
 * before it is taken. Leaves nothing behind if it fails. Throws `ImagingError`.
 */
export async function importFile(task: ImportTask, progress: (fraction: number) => void): Promise<ImportedVolume[]> {
  const written: string[] = [];
  const reader = await openByteReader(task.path);
  try {
    const start = await reader.read(HEADER_BYTES);
    const header = readHeader(start, task.limits);
    checkFrame(header, task.frame);
    checkFileSize(header, reader, task.limits);
    checkDisk(header, task);
    const before = await readBefore(header, start, reader);
    const result: ImportedVolume[] = [];
    const selected = task.frame === null ? header.frames : 1;
    const frame = new Uint8Array(header.frameBytes);
    let carried = before.carried;
    for (let index = 0; index < header.frames; index++) {
      carried = await readFrame(reader, frame, carried);
      if (task.frame !== null && task.frame !== index) continue;
      progress((result.length + READING_SHARE) / selected);
      const renditionPath = path.join(task.scratch, `${task.prefix}${randomUUID()}.nii`);
      written.push(renditionPath);
      result.push(await importFrame(header, before.bytes, frame, index, renditionPath));
      progress(result.length / selected);
    }
    await reader.finish(TRAILING_SLACK);
    return result;
  } catch (error) {
    await Promise.all(written.map(file => rm(file, { force: true })));
    throw error;
  } finally {
    await reader.close();
  }
}

function checkFrame(header: NiftiHeader, frame: number | null): void {
  if (frame === null || frame < header.frames) return;
  throw new ImagingError(
    'frame.unknown',
    `There is no frame ${frame}: the file holds ${header.frames}, counted from 0. Name one of these, or none for all.`
  );
}

/** The file must be able to hold what its header announces. */
function checkFileSize(header: NiftiHeader, reader: ByteReader, limits: ImagingLimits): void {
  const announced = header.voxOffset + header.frameBytes * header.frames;
  if (!reader.compressed) {
    if (announced <= reader.fileBytes) return;
    throw new ImagingError(
      'nifti.truncated',
      `The header announces ${announced} bytes, the file has ${reader.fileBytes}. Copy or export it again.`
    );
  }
  if (announced <= limits.gzipGrace || announced <= reader.fileBytes * limits.gzipRatio) return;
  throw new ImagingError(
    'gzip.bomb',
    `The header announces ${announced} bytes out of ${reader.fileBytes} compressed ones, more than images compress. ` +
      'If the image really is that empty, decompress the file and import it as .nii.'
  );
}

/** Renditions are never larger than what they are made of. */
function checkDisk(header: NiftiHeader, { frame, limits }: ImportTask): void {
  if (header.frameBytes * (frame === null ? header.frames : 1) <= limits.diskBytes) return;
  throw new ImagingError(
    'volume.no-space',
    'The disk of the service has no room for this image. Make room, or import single frames of it.'
  );
}

/** All bytes before the voxels, and the voxels' bytes that were read with them. */
async function readBefore(
  header: NiftiHeader,
  start: Uint8Array,
  reader: ByteReader
): Promise<{ bytes: Uint8Array; carried: Uint8Array }> {
  const bytes = new Uint8Array(header.voxOffset);
  bytes.set(start.subarray(0, header.voxOffset));
  if (start.byteLength < header.voxOffset) await reader.fill(bytes.subarray(start.byteLength));
  checkExtensions(bytes, header);
  return { bytes, carried: start.subarray(header.voxOffset) };
}

/** Fills `frame`, first with what is carried over; answers what is left of that. */
async function readFrame(reader: ByteReader, frame: Uint8Array, carried: Uint8Array): Promise<Uint8Array> {
  const first = carried.subarray(0, frame.byteLength);
  frame.set(first);
  await reader.fill(frame.subarray(first.byteLength));
  return carried.subarray(first.byteLength);
}

async function importFrame(
  header: NiftiHeader,
  before: Uint8Array,
  frame: Uint8Array,
  index: number,
  renditionPath: string
): Promise<ImportedVolume> {
  const { dims, voxelType, affine, slope, intercept } = header;
  toLittleEndian(frame, voxelType, header.littleEndian);
  const hash = hashVolume({ dims, voxelType, affine, slope, intercept }, frame);
  const voxels = asNumbers(viewVoxels(frame, voxelType));
  const stored = statisticsOf(voxels);
  const values = scaleStatistics(stored, slope, intercept);
  const grid = closestCanonical({ dims, affine });
  const viewer = forViewers(voxelType, voxels, stored.lowest, stored.highest);
  const rendition = await writeRendition(renditionPath, header, grid, viewer);
  const [x, y, z] = spacing(grid.affine);
  return {
    volume: {
      hash,
      ...guessModality(values),
      voxelType,
      slope,
      intercept,
      grid: { dims: [...grid.dims], affine: [...grid.affine] },
      fileGrid: { dims: [...dims], affine: [...affine] },
      spacing: [x, y, z],
      frame: index,
      frames: header.frames,
      range: [values.lowest, values.highest],
      robustRange: [values.percentile2, values.percentile98],
      bytes: rendition.bytes
    },
    renditionPath,
    renditionSha256: rendition.sha256,
    header: before
  };
}

function scaleStatistics(
  stored: ReturnType<typeof statisticsOf>,
  slope: number,
  intercept: number
): ReturnType<typeof statisticsOf> {
  const value = (number: number): number => number * slope + intercept;
  const [lowest, highest] = slope < 0 ? [stored.highest, stored.lowest] : [stored.lowest, stored.highest];
  const [low, high] = slope < 0 ? [stored.percentile98, stored.percentile2] : [stored.percentile2, stored.percentile98];
  const values = { lowest: value(lowest), highest: value(highest), percentile2: value(low), percentile98: value(high) };
  if (Object.values(values).every(Number.isFinite)) return values;
  throw new ImagingError(
    'nifti.scaling',
    'Slope and intercept of the header take voxels beyond the numbers that exist: the file is damaged. Export it again.'
  );
}

/** Writes the volume on its canonical grid, slab by slab, and makes sure that it is on disk. */
async function writeRendition(
  file: string,
  header: NiftiHeader,
  grid: CanonicalGrid,
  viewer: ViewerVoxels
): Promise<{ bytes: number; sha256: string }> {
  const head = makeHeader({
    dims: grid.dims,
    affine: grid.affine,
    voxelType: viewer.type,
    slope: header.slope,
    intercept: header.intercept
  });
  const hash = createHash('sha256').update(head);
  let bytes = head.byteLength;
  const walk = walkToCanonical(grid.from, header.dims);
  const [width, height, depth] = grid.dims;
  const sliceBytes = width * height * viewer.voxels.BYTES_PER_ELEMENT;
  const slices = Math.max(1, Math.min(depth, Math.floor(SLAB_BYTES / sliceBytes)));
  const slab = likeArray(viewer.voxels, slices * width * height);
  await writeFile(file, head, { mode: 0o600 });
  const handle = await open(file, 'a');
  try {
    for (let first = 0; first < depth; first += slices) {
      const last = Math.min(depth, first + slices);
      copySlices(viewer.voxels, slab, walk, first, last);
      const part = new Uint8Array(slab.buffer, slab.byteOffset, (last - first) * sliceBytes);
      hash.update(part);
      await handle.appendFile(part);
      bytes += part.byteLength;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** An empty array of the kind of `voxels`. */
function likeArray(voxels: VoxelArray, length: number): VoxelArray {
  if (voxels instanceof Uint8Array) return new Uint8Array(length);
  if (voxels instanceof Int8Array) return new Int8Array(length);
  if (voxels instanceof Uint16Array) return new Uint16Array(length);
  if (voxels instanceof Int16Array) return new Int16Array(length);
  if (voxels instanceof Uint32Array) return new Uint32Array(length);
  if (voxels instanceof Int32Array) return new Int32Array(length);
  if (voxels instanceof Float32Array) return new Float32Array(length);
  return new Float64Array(length);
}
