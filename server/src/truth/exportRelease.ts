import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';

import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { TruthError } from './errors.js';
import { comparePaths, FolderFiles, type ReleaseFiles } from './releaseFiles.js';

/** Earliest time that a zip archive can say: the same for every file, so that equal releases give equal archives. */
const ARCHIVE_TIME = new Date(1980, 0, 1);
const ARCHIVE_MODE = 0o100644;

/**
 * Writes a release into a folder that does not exist yet or is empty. The folder is there whole, or as it was. Throws
 * `TruthError` (`release.folder`).
 */
export async function writeReleaseFolder(release: ReleaseFiles, folder: string): Promise<void> {
  const partial = `${folder}.${randomUUID()}.part`;
  try {
    if ((await readFolder(folder)).length > 0) {
      throw new TruthError('release.folder', 'The folder holds something already: choose a new or an empty one.');
    }
    await mkdir(partial, { recursive: true });
    const target = new FolderFiles(partial);
    for (const path of await sortedPaths(release)) await target.write(path, await release.read(path));
    // Onto an empty folder: not every system replaces it.
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    if (cause instanceof TruthError) throw cause;
    throw new TruthError('release.folder', 'The release cannot be written. Check the folder and the free space.', {
      cause
    });
  }
}

/** A zip archive of a release as a stream, with its files in a folder `name`. Equal releases give equal bytes. */
export async function writeReleaseArchive(release: ReleaseFiles, name: string): Promise<NodeJS.ReadableStream> {
  const archive = new ZipFile();
  for (const path of await sortedPaths(release)) {
    // Maps are compressed already, and a compressor of the system's would make other bytes elsewhere.
    archive.addReadStreamLazy(
      `${name}/${path}`,
      { mtime: ARCHIVE_TIME, forceDosTimestamp: true, mode: ARCHIVE_MODE, compress: false },
      done => {
        release.read(path).then(
          bytes => done(null, Readable.from([Buffer.from(bytes)])),
          (error: unknown) => done(error, Readable.from([]))
        );
      }
    );
  }
  archive.end();
  const output = new PassThrough();
  archive.on('error', (error: Error) => output.destroy(error));
  return archive.outputStream.pipe(output);
}

async function sortedPaths(release: ReleaseFiles): Promise<string[]> {
  return (await release.list()).map(({ path }) => path).sort(comparePaths);
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
