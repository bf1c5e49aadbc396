import type { Volume } from '@voxcord/schemas/api';
import type { VoxcordApi } from './api.js';
import { VoxcordError } from './problems.js';
import { type DownloadOptions, downloadInRanges } from './rangedDownload.js';

const CACHE_NAME = 'voxcord-volumes-1';
const STORED_AT = 'x-voxcord-stored-at';
const MAX_KEPT = 12;

/**
 * NIfTI renditions of volumes. They never change, so what was loaded once is kept by the browser under its address,
 * unless the settings say that this computer is shared.
 */
export class VolumeStore {
  constructor(
    private readonly api: VoxcordApi,
    private readonly mayKeep: () => boolean
  ) {}

  /** The volume as an uncompressed NIfTI file on its closest-canonical RAS grid. */
  async load(volume: Volume, options: DownloadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const address = this.api.binaryAddress('getVolumeFile', { volumeHash: volume.hash });
    const kept = await this.kept(address);
    if (kept !== null && kept.byteLength === volume.bytes) {
      options.onProgress?.({ loaded: kept.byteLength, total: kept.byteLength });
      return kept;
    }
    const bytes = await downloadInRanges(this.api, address, options);
    if (bytes.byteLength !== volume.bytes) {
      throw new VoxcordError('download.changed', 'The volume arrived with another size than announced. Open it again.');
    }
    await this.keep(address, bytes);
    return bytes;
  }

  /** Forgets all volumes on this computer. */
  static async forgetAll(): Promise<void> {
    if (hasCacheStorage()) await caches.delete(CACHE_NAME);
  }

  private async kept(address: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!this.mayKeep() || !hasCacheStorage()) return null;
    try {
      const response = await (await caches.open(CACHE_NAME)).match(address);
      return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
    } catch {
      return null;
    }
  }

  private async keep(address: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.mayKeep() || !hasCacheStorage()) return;
    try {
      const cache = await caches.open(CACHE_NAME);
      await dropOldest(cache, MAX_KEPT - 1);
      await cache.put(address, new Response(bytes, { headers: { [STORED_AT]: String(Date.now()) } }));
    } catch {
      // A full disk or a private window: the volume is loaded again next time, nothing else.
    }
  }
}

/** Browsers offer it on secure pages only. */
function hasCacheStorage(): boolean {
  return typeof caches !== 'undefined';
}

async function dropOldest(cache: Cache, keep: number): Promise<void> {
  const entries = await Promise.all(
    (await cache.keys()).map(async request => {
      const response = await cache.match(request);
      return { request, storedAt: Number(response?.headers.get(STORED_AT) ?? 0) };
    })
  );
  entries.sort((a, b) => b.storedAt - a.storedAt);
  await Promise.all(entries.slice(keep).map(entry => cache.delete(entry.request)));
}
