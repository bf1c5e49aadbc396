import { openByteReader, type ByteReader } from '../imaging/byteReader.js';
import { ImagingError, type ImagingLimits } from '../imaging/index.js';
import { checkExtensions, HEADER_BYTES, readHeader, type NiftiHeader } from '../imaging/nifti/header.js';
import { RefusedError } from './commandErrors.js';
import { flatAsSlice } from './flatImages.js';

/** A NIfTI file that is read up to its voxels. */
export interface OpenVolume {
  readonly header: NiftiHeader;
  /** All bytes before the voxels. */
  readonly before: Uint8Array;
  /** The first of the voxels' bytes, as far as they came with the header; the reader has the others. */
  readonly carried: Uint8Array;
  readonly reader: ByteReader;
}

export interface SingleVolumeRules {
  readonly limits: ImagingLimits;
  /** Whether two dimensions are taken for one slice. */
  readonly mayBeFlat: boolean;
  /** Code and text for a file with several volumes. */
  readonly tooMany: (frames: number) => RefusedError;
}

/**
 * Opens a NIfTI file of one volume for as long as `use` takes. Rejects with `RefusedError`, whose text begins with the name
 * of the file.
 */
export async function withSingleVolume<Result>(
  file: string,
  { limits, mayBeFlat, tooMany }: SingleVolumeRules,
  use: (volume: OpenVolume) => Promise<Result>
): Promise<Result> {
  try {
    const reader = await openByteReader(file);
    try {
      const start = await reader.read(HEADER_BYTES);
      if (mayBeFlat) flatAsSlice(start);
      const header = readHeader(start, limits);
      if (header.frames !== 1) throw tooMany(header.frames);
      checkSize(header, reader, limits);
      const before = new Uint8Array(header.voxOffset);
      before.set(start.subarray(0, header.voxOffset));
      if (start.byteLength < header.voxOffset) await reader.fill(before.subarray(start.byteLength));
      checkExtensions(before, header);
      return await use({ header, before, carried: start.subarray(header.voxOffset), reader });
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (error instanceof ImagingError || error instanceof RefusedError) {
      throw new RefusedError(error.code, `${file}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Before anything is read that a damaged header only promises. */
function checkSize(header: NiftiHeader, reader: ByteReader, limits: ImagingLimits): void {
  const announced = header.voxOffset + header.frameBytes;
  const possible = reader.compressed
    ? Math.max(limits.gzipGrace, reader.fileBytes * limits.gzipRatio)
    : reader.fileBytes;
  if (announced <= possible) return;
  throw new ImagingError(
    'nifti.truncated',
    `The header announces ${announced} bytes, more than the file can hold. Copy or export it again.`
  );
}
