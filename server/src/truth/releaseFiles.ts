import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from './sha256.js';

/** One thing that lies in a release folder; the path is relative, with slashes. */
export interface ReleaseEntry {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
}

/** The files of a release, wherever they are. */
export interface ReleaseFiles {
  /** Everything that is there, in any order; folders only by what they hold. */
  list(): Promise<readonly ReleaseEntry[]>;
  read(path: string): Promise<Uint8Array>;
  /** SHA-256 of a file's bytes. */
  hash(path: string): Promise<string>;
}

/** Takes the files of a release as they are made. */
export interface ReleaseSink {
  write(path: string, bytes: Uint8Array): Promise<void>;
}

/** A release in memory. */
export class MemoryFiles implements ReleaseFiles, ReleaseSink {
  readonly #files = new Map<string, Uint8Array>();

  write(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, bytes);
    return Promise.resolve();
  }

  list(): Promise<ReleaseEntry[]> {
    return Promise.resolve([...this.#files.keys()].map(path => ({ path, kind: 'file' })));
  }

  read(path: string): Promise<Uint8Array> {
    const bytes = this.#files.get(path);
    return bytes === undefined ? Promise.reject(new RangeError(`There is no file ${path}`)) : Promise.resolve(bytes);
  }

  async hash(path: string): Promise<string> {
    return sha256(await this.read(path));
  }
}

/** A release in a folder of the file system. */
export class FolderFiles implements ReleaseFiles, ReleaseSink {
  constructor(private readonly folder: string) {}

  async list(): Promise<ReleaseEntry[]> {
    const entries: ReleaseEntry[] = [];
    // Not `recursive`: that would follow links to folders.
    const visit = async (parent: string): Promise<void> => {
      for (const entry of await this.#entriesOf(parent, entries)) {
        const name = parent === '' ? entry.name : `${parent}/${entry.name}`;
        if (entry.isDirectory()) await visit(name);
        else entries.push({ path: name, kind: entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other' });
      }
    };
    await visit('');
    return entries;
  }

  /** A folder inside that cannot be looked into is listed as what it is: no file of a release. */
  async #entriesOf(parent: string, entries: ReleaseEntry[]): Promise<Dirent[]> {
    try {
      return await readdir(path.join(this.folder, parent), { withFileTypes: true });
    } catch (error) {
      if (parent === '') throw error;
      entries.push({ path: parent, kind: 'other' });
      return [];
    }
  }

  async read(name: string): Promise<Uint8Array> {
    return readFile(path.join(this.folder, name));
  }

  async hash(name: string): Promise<string> {
    const digest = createHash('sha256');
    for await (const part of createReadStream(path.join(this.folder, name))) digest.update(part as Uint8Array);
    return digest.digest('hex');
  }

  /** Fails if there is such a file: a release is never written over another one. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Order of paths in lists: by their bytes in UTF-8. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
