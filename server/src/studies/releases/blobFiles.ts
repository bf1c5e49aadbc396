import type { BlobStore } from '../../store/store.js';
import { StoreError } from '../../store/store.js';
import type { ReleaseEntry, ReleaseFiles, ReleaseSink } from '../../truth/index.js';
import type { StoredFile } from './releaseRecords.js';

/** The files of a release, each a blob. */
export class BlobFiles implements ReleaseFiles, ReleaseSink {
  readonly #files: Map<string, StoredFile>;

  constructor(
    private readonly blobs: BlobStore,
    files: readonly StoredFile[]
  ) {
    this.#files = new Map(files.map(file => [file.path, file]));
  }

  /** What is there by now. */
  get files(): StoredFile[] {
    return [...this.#files.values()];
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, { path, sha256: await this.blobs.put(bytes), bytes: bytes.length });
  }

  list(): Promise<ReleaseEntry[]> {
    return Promise.resolve([...this.#files.keys()].map(path => ({ path, kind: 'file' })));
  }

  async read(path: string): Promise<Uint8Array> {
    const bytes = await this.blobs.get(this.#named(path).sha256);
    if (bytes === null) throw new StoreError('corrupt', `${path} of a release is missing. Restore a backup.`);
    return bytes;
  }

  hash(path: string): Promise<string> {
    return Promise.resolve(this.#named(path).sha256);
  }

  #named(path: string): StoredFile {
    const file = this.#files.get(path);
    if (file === undefined) throw new StoreError('corrupt', `A release has no ${path}. Restore a backup.`);
    return file;
  }
}
