import type { VoxcordApi } from './api.js';
import { VoxcordError } from './problems.js';

export interface Progress {
  readonly loaded: number;
  readonly total: number;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
const PARALLEL = 3;
const ATTEMPTS = 4;

/**
 * Loads `address` in ranges, so that a broken connection costs one range and not the file.
 * Throws `VoxcordError`, or an `AbortError` when the signal aborts.
 */
export async function downloadInRanges(
  api: VoxcordApi,
  address: string,
  options: DownloadOptions = {}
): Promise<Uint8Array<ArrayBuffer>> {
  const first = await fetchRange(api, address, 0, CHUNK_BYTES, options.signal);
  if (first.total === null) {
    options.onProgress?.({ loaded: first.bytes.byteLength, total: first.bytes.byteLength });
    return first.bytes;
  }
  const total = first.total;
  const whole = new Uint8Array(total);
  whole.set(first.bytes);
  let loaded = first.bytes.byteLength;
  options.onProgress?.({ loaded, total });

  let next = first.bytes.byteLength;
  const worker = async (): Promise<void> => {
    while (next < total) {
      const start = next;
      const end = Math.min(total, start + CHUNK_BYTES);
      next = end;
      const part = await fetchRange(api, address, start, end, options.signal);
      if (part.bytes.byteLength !== end - start || part.total !== total) {
        throw new VoxcordError('download.changed', 'The file changed while it was loaded. Open it again.');
      }
      whole.set(part.bytes, start);
      loaded += part.bytes.byteLength;
      options.onProgress?.({ loaded, total });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return whole;
}

interface Range {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Size of the whole, or null if the server sent it all at once. */
  readonly total: number | null;
}

async function fetchRange(
  api: VoxcordApi,
  address: string,
  start: number,
  end: number,
  signal: AbortSignal | undefined
): Promise<Range> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await api.request(address, {
        headers: { Range: `bytes=${start}-${end - 1}` },
        // Addressed by hash: the browser may keep it for as long as the server says.
        cache: 'default',
        ...(signal === undefined ? {} : { signal })
      });
      const bytes = new Uint8Array(await readBody(response));
      if (response.status !== 206) return { bytes, total: null };
      const total = Number(/\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1]);
      if (!Number.isSafeInteger(total)) {
        throw new VoxcordError('answer.unexpected', 'The answer of the Voxcord service cannot be read.', 206);
      }
      return { bytes, total };
    } catch (reason) {
      signal?.throwIfAborted();
      if (!(reason instanceof VoxcordError && reason.isTransient) || attempt === ATTEMPTS) throw reason;
      await pause(300 * 2 ** attempt, signal);
    }
  }
}

async function readBody(response: Response): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (reason) {
    throw new VoxcordError('connection.lost', 'The connection broke while loading. Try again.', null, {
      cause: reason
    });
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
