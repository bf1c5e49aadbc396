import type { ReleaseEntry, ReleaseFiles } from '../releaseFiles.js';
import { BrokenRecord } from './verdict.js';

/** The files of a release, of which one that cannot be read is a broken record. */
export class ReadableFiles implements ReleaseFiles {
  constructor(private readonly files: ReleaseFiles) {}

  list(): Promise<readonly ReleaseEntry[]> {
    return this.files.list();
  }

  read(path: string): Promise<Uint8Array> {
    return expectReadable(path, this.files.read(path));
  }

  hash(path: string): Promise<string> {
    return expectReadable(path, this.files.hash(path));
  }
}

async function expectReadable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new BrokenRecord(path, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
