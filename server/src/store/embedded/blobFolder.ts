import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StoreError } from '../store.js';
import type { BlobStore } from '../store.js';
import { storeErrorOf } from './sqliteErrors.js';

const NAME = /^[0-9a-f]{64}$/;

/** Blobs as files named by their SHA-256, in 256 folders. */
export class BlobFolder implements BlobStore {
  /** Blobs that were put or asked for, since the sweep before the last and since the last. */
  #usedBefore = new Set<string>();
  #used = new Set<string>();
  /** Blobs that are being removed at this moment. */
  readonly #leaving = new Map<string, Promise<void>>();

  private constructor(
    readonly scratch: string,
    private readonly folder: string,
    private readonly readOnly: boolean
  ) {}

  static async open(folder: string, scratch: string, readOnly: boolean): Promise<BlobFolder> {
    if (!readOnly) {
      await rm(scratch, { recursive: true, force: true });
      await mkdir(scratch, { recursive: true });
      await mkdir(folder, { recursive: true });
    }
    return new BlobFolder(scratch, folder, readOnly);
  }

  async put(bytes: Uint8Array): Promise<string> {
    this.#checkWritable();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (await this.has(sha256)) return sha256;
    const path = join(this.scratch, randomUUID());
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
      return await this.putFile(path, sha256);
    } catch (error) {
      await rm(path, { force: true });
      throw storeErrorOf(error, 'A blob could not be written');
    }
  }

  async putFile(path: string, sha256?: string): Promise<string> {
    this.#checkWritable();
    try {
      const name = sha256 ?? (await hashFile(path));
      await this.#use(name);
      await syncPath(path);
      const folder = join(this.folder, name.slice(0, 2));
      if ((await mkdir(folder, { recursive: true })) !== undefined) await syncPath(this.folder);
      await rename(path, this.#path(name));
      await syncPath(folder);
      return name;
    } catch (error) {
      throw storeErrorOf(error, 'A blob could not be written');
    }
  }

  async has(sha256: string): Promise<boolean> {
    await this.#use(sha256);
    return (await this.size(sha256)) !== null;
  }

  async size(sha256: string): Promise<number | null> {
    const path = this.#path(sha256);
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (isAbsent(error)) return null;
      throw storeErrorOf(error, 'A blob could not be read');
    }
  }

  async get(sha256: string): Promise<Uint8Array | null> {
    const path = this.#path(sha256);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw storeErrorOf(error, 'A blob could not be read');
    }
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new StoreError('corrupt', `Blob ${sha256} is damaged: restore it from a backup.`);
    }
    return bytes;
  }

  async stream(sha256: string, start: number, end: number): Promise<NodeJS.ReadableStream> {
    const size = await this.size(sha256);
    if (size === null) throw new StoreError('corrupt', `Blob ${sha256} is missing: restore it from a backup.`);
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > size) {
      throw new RangeError(`Bytes ${start} to ${end} are outside a blob of ${size} bytes.`);
    }
    if (start === end) return Readable.from([]);
    return createReadStream(this.#path(sha256), { start, end: end - 1 });
  }

  async link(sha256: string, path: string): Promise<void> {
    this.#checkWritable();
    if (!(await this.has(sha256)))
      throw new StoreError('corrupt', `Blob ${sha256} is missing: restore it from a backup.`);
    const blob = this.#path(sha256);
    try {
      await link(blob, path).catch(() => copyFile(blob, path, constants.COPYFILE_EXCL));
    } catch (error) {
      throw storeErrorOf(error, 'A blob could not be given another name');
    }
  }

  async sweep(isNeeded: (sha256: string) => boolean): Promise<number> {
    this.#checkWritable();
    const used = [this.#usedBefore, this.#used];
    this.#usedBefore = this.#used;
    this.#used = new Set();
    let removed = 0;
    try {
      for (const folder of await readdir(this.folder)) {
        for (const name of await readdir(join(this.folder, folder))) {
          if (!NAME.test(name) || isNeeded(name)) continue;
          if (this.#used.has(name) || used.some(names => names.has(name))) continue;
          // Nothing is waited for between the question and this: who wants it from here on waits until it is gone.
          const leaving = rm(this.#path(name)).finally(() => this.#leaving.delete(name));
          this.#leaving.set(name, leaving);
          await leaving;
          removed += 1;
        }
      }
    } catch (error) {
      throw storeErrorOf(error, 'A blob could not be removed');
    }
    return removed;
  }

  /** From now on the blob stays for a while, if it is there. */
  async #use(sha256: string): Promise<void> {
    await this.#leaving.get(sha256);
    this.#used.add(sha256);
  }

  #path(sha256: string): string {
    if (!NAME.test(sha256)) throw new RangeError('A blob is named by a SHA-256 in lower-case hexadecimal.');
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  #checkWritable(): void {
    if (this.readOnly) throw new StoreError('unwritable', 'The data folder was opened for reading only.');
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A file's bytes, or a folder's names, are on disk once this resolves. */
async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
