import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteReader } from '../imaging/byteReader.js';
import { DEFAULT_LIMITS, type ImagingLimits } from '../imaging/index.js';
import type { NiftiHeader } from '../imaging/nifti/header.js';
import { toLittleEndian } from '../imaging/voxels.js';
import { writingFailed } from '../inference/resultFiles.js';
import { RefusedError } from './commandErrors.js';
import { withSingleVolume, type OpenVolume } from './singleVolume.js';

/** An image of one volume whose voxels lie in a file as they are: uncompressed and little-endian. */
export interface ImageFile {
  readonly header: NiftiHeader;
  /** All bytes before the voxels. */
  readonly before: Uint8Array;
  /** Holds the voxels from byte `firstVoxel` on; the image itself if that is possible. */
  readonly voxelsFile: string;
  readonly firstVoxel: number;
}

const GiB = 1024 ** 3;
/** Voxels are streamed: memory is no limit. */
const LIMITS: ImagingLimits = { ...DEFAULT_LIMITS, volumeBytes: 64 * GiB };
const CHUNK = 4 * 1024 * 1024;
const TRAILING_SLACK = 64 * 1024;

/**
 * Opens a NIfTI file of one volume; a compressed or big-endian one is unpacked into `scratch`. Memory: some MB. Rejects with
 * `RefusedError`, whose text begins with the name of the file.
 */
export function openImageFile(file: string, scratch: string, signal: AbortSignal): Promise<ImageFile> {
  return withSingleVolume(file, { limits: LIMITS, mayBeFlat: false, tooMany }, volume =>
    unpack(file, volume, scratch, signal)
  );
}

async function unpack(
  file: string,
  { header, before, carried, reader }: OpenVolume,
  scratch: string,
  signal: AbortSignal
): Promise<ImageFile> {
  if (!reader.compressed && header.littleEndian) {
    return { header, before, voxelsFile: file, firstVoxel: header.voxOffset };
  }
  const voxelsFile = path.join(scratch, 'voxels');
  const chunks = Readable.from(voxels(header, reader, carried), { objectMode: true });
  const target = createWriteStream(voxelsFile, { flags: 'wx' });
  let failed: unknown = null;
  target.on('error', cause => (failed = cause));
  await pipeline(chunks, target, { signal }).catch((cause: unknown) => {
    if (cause !== failed) throw cause;
    const { code, message } = writingFailed(cause);
    throw new RefusedError(code, message, { cause });
  });
  await reader.finish(TRAILING_SLACK);
  return { header, before, voxelsFile, firstVoxel: 0 };
}

function tooMany(frames: number): RefusedError {
  return new RefusedError(
    'image.frames',
    `The file holds ${frames} volumes; a model looks at one. Export one of them as a file of its own.`
  );
}

async function* voxels(header: NiftiHeader, reader: ByteReader, carried: Uint8Array): AsyncGenerator<Uint8Array> {
  let rest = carried;
  for (let done = 0; done < header.frameBytes; done += CHUNK) {
    const chunk = new Uint8Array(Math.min(CHUNK, header.frameBytes - done));
    const head = rest.subarray(0, chunk.byteLength);
    chunk.set(head);
    rest = rest.subarray(head.byteLength);
    await reader.fill(chunk.subarray(head.byteLength));
    toLittleEndian(chunk, header.voxelType, header.littleEndian);
    yield chunk;
  }
}
