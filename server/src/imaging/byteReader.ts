import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { ImagingError } from './errors.js';

const CHUNK_BYTES = 1024 * 1024;

/** A file read from front to back, inflated on the way if it is compressed (whatever its name says). */
export interface ByteReader {
  readonly compressed: boolean;
  /** Size of the file as stored. */
  readonly fileBytes: number;
  /** Stored bytes that have been read so far; for progress. */
  fileBytesRead(): number;
  /** Up to `count` decoded bytes; fewer only at the end of the file. */
  read(count: number): Promise<Uint8Array>;
  /** Fills `target`. Throws `ImagingError` (`nifti.truncated`) if the file ends before. */
  fill(target: Uint8Array): Promise<void>;
  /**
   * Reads on to the end so that the checksum of a compressed file is verified, but gives up silently after `slack`
   * bytes: what follows an image is nobody's business.
   */
  finish(slack: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file. Throws `ImagingError` (`file.unreadable`). */
export async function openByteReader(path: string): Promise<ByteReader> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw unreadable(cause);
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw unreadable();
    const magic = new Uint8Array(2);
    await handle.read(magic, 0, 2, 0);
    const compressed = magic[0] === 0x1f && magic[1] === 0x8b;
    return new StreamReader(handle, stat.size, compressed);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class StreamReader implements ByteReader {
  private stored = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;
  /** Decoded bytes that have been taken from the stream and not yet asked for. */
  private rest: Uint8Array = new Uint8Array(0);
  private readonly stop: () => void;

  constructor(
    private readonly handle: FileHandle,
    readonly fileBytes: number,
    readonly compressed: boolean
  ) {
    const file = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES });
    file.on('data', chunk => (this.stored += chunk.length));
    if (compressed) {
      const inflate = createGunzip({ chunkSize: CHUNK_BYTES });
      file.on('error', error => inflate.destroy(error));
      this.chunks = file.pipe(inflate)[Symbol.asyncIterator]();
      this.stop = () => {
        file.destroy();
        inflate.destroy();
      };
    } else {
      this.chunks = file[Symbol.asyncIterator]();
      this.stop = () => file.destroy();
    }
  }

  fileBytesRead(): number {
    return this.stored;
  }

  async read(count: number): Promise<Uint8Array> {
    const target = new Uint8Array(count);
    return target.subarray(0, await this.readInto(target));
  }

  async fill(target: Uint8Array): Promise<void> {
    if ((await this.readInto(target)) < target.byteLength) throw truncated();
  }

  async finish(slack: number): Promise<void> {
    if (!this.compressed) return;
    let left = slack - this.rest.byteLength;
    this.rest = new Uint8Array(0);
    while (left > 0) {
      const chunk = await this.next();
      if (chunk === null) return;
      left -= chunk.byteLength;
    }
  }

  async close(): Promise<void> {
    this.stop();
    await this.handle.close();
  }

  private async readInto(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.byteLength) {
      if (this.rest.byteLength === 0) {
        const chunk = await this.next();
        if (chunk === null) break;
        this.rest = chunk;
      }
      const part = this.rest.subarray(0, target.byteLength - filled);
      target.set(part, filled);
      this.rest = this.rest.subarray(part.byteLength);
      filled += part.byteLength;
    }
    return filled;
  }

  private async next(): Promise<Uint8Array | null> {
    try {
      const result = await this.chunks.next();
      return result.done === true ? null : result.value;
    } catch (cause) {
      throw asImagingError(cause);
    }
  }
}

function asImagingError(cause: unknown): ImagingError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'Z_BUF_ERROR') return truncated(cause);
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new ImagingError('gzip.corrupt', 'The compressed data of this file is damaged. Copy or export it again.', {
      cause
    });
  }
  return unreadable(cause);
}

function truncated(cause?: unknown): ImagingError {
  return new ImagingError(
    'nifti.truncated',
    'The file ends before all the voxels that its header announces. Copy or export it again.',
    { cause }
  );
}

function unreadable(cause?: unknown): ImagingError {
  return new ImagingError('file.unreadable', 'The file cannot be read. Check that it exists and may be read.', {
    cause
  });
}
