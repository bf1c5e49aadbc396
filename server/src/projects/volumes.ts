import { rm } from 'node:fs/promises';
import type { Volume } from '@voxcord/schemas/api';
import type { ImportedVolume } from '../imaging/index.js';
import { StoreError, type Store } from '../store/store.js';
import { ProjectError } from './errors.js';
import { readVolume, type StoredVolume } from './records.js';

/** Volumes of the catalogue, by content hash. Who may see one is not decided here. */
export class Volumes {
  constructor(private readonly store: Store) {}

  async find(hash: string): Promise<StoredVolume | null> {
    const value = await this.store.catalogue.get('volume', hash);
    return value === null ? null : readVolume(value);
  }

  /** Throws `ProjectError` (`volume.unknown`). */
  async get(hash: string): Promise<StoredVolume> {
    const stored = await this.find(hash);
    if (stored === null) throw unknownVolume();
    return stored;
  }

  /**
   * Keeps an imported volume: blobs first, then the entry, so that an entry never lacks its blobs. The same content
   * again is the volume that is there, and `importer` joins those who have imported it.
   */
  async keep(imported: ImportedVolume, name: string, importer: string): Promise<Volume> {
    if ((await this.find(imported.volume.hash)) !== null) {
      await rm(imported.renditionPath, { force: true });
      return this.addImporter(imported.volume.hash, importer);
    }
    const rendition = await this.store.blobs.putFile(imported.renditionPath, imported.renditionSha256);
    const header = await this.store.blobs.put(imported.header);
    const volume: Volume = { ...imported.volume, name, importedAt: new Date().toISOString() };
    const stored: StoredVolume = { volume, rendition, header, importers: [importer] };
    try {
      await this.store.catalogue.insert('volume', volume.hash, null, stored);
      return volume;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
    }
    return this.addImporter(volume.hash, importer);
  }

  /** Blobs that volumes need. */
  async *neededBlobs(): AsyncIterable<string> {
    for await (const volumes of this.store.catalogue.all('volume')) {
      for (const { rendition, header } of volumes.map(readVolume)) yield* [rendition, header];
    }
  }

  private async addImporter(hash: string, importer: string): Promise<Volume> {
    for (;;) {
      const stored = await this.get(hash);
      if (stored.importers.includes(importer)) return stored.volume;
      const changed: StoredVolume = { ...stored, importers: [...stored.importers, importer] };
      if (await this.store.catalogue.replace('volume', hash, stored, changed)) return stored.volume;
    }
  }
}

export function unknownVolume(): ProjectError {
  return new ProjectError('volume.unknown', 'There is no such volume, or you may not see it. Import it first.');
}
