import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openByteReader, type ByteReader } from '../imaging/byteReader.js';
import { DEFAULT_LIMITS, ImagingError, type ImagingLimits } from '../imaging/index.js';
import { checkExtensions, HEADER_BYTES, readHeader, type NiftiHeader } from '../imaging/nifti/header.js';
import { toLittleEndian } from '../imaging/voxels.js';
import { writingFailed } from '../inference/resultFiles.js';
import { RefusedError } from './commandErrors.js';

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
export async function openImageFile(file: string, scratch: string, signal: AbortSignal): Promise<ImageFile> {
  try {
    return await open(file, scratch, signal);
  } catch (error) {
    if (error instanceof ImagingError || error instanceof RefusedError) {
      throw new RefusedError(error.code, `${file}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

async function open(file: string, scratch: string, signal: AbortSignal): Promise<ImageFile> {
  const reader = await openByteReader(file);
  try {
    const start = await reader.read(HEADER_BYTES);
    const header = readHeader(start, LIMITS);
    checkSize(header, reader);
    const before = new Uint8Array(header.voxOffset);
    before.set(start.subarray(0, header.voxOffset));
    if (start.byteLength < header.voxOffset) await reader.fill(before.subarray(start.byteLength));
    checkExtensions(before, header);
    if (!reader.compressed && header.littleEndian) {
      return { header, before, voxelsFile: file, firstVoxel: header.voxOffset };
    }
    const voxelsFile = path.join(scratch, 'voxels');
    const chunks = Readable.from(voxels(header, reader, start.subarray(header.voxOffset)), { objectMode: true });
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
  } finally {
    await reader.close();
  }
}

function checkSize(header: NiftiHeader, reader: ByteReader): void {
  if (header.frames !== 1) {
    throw new RefusedError(
      'image.frames',
      `The file holds ${header.frames} volumes; a model looks at one. Export one of them as a file of its own.`
    );
  }
  const announced = header.voxOffset + header.frameBytes;
  const possible = reader.compressed
    ? Math.max(LIMITS.gzipGrace, reader.fileBytes * LIMITS.gzipRatio)
    : reader.fileBytes;
  if (announced <= possible) return;
  throw new ImagingError(
    'nifti.truncated',
    `The header announces ${announced} bytes, more than the file can hold. Copy or export it again.`
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
