import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ReleaseManifest } from '@voxcord/schemas/files';
import { Value } from 'typebox/value';
import { ArchiveDamaged, ArchiveFiles } from '../studies/releases/archiveFiles.js';
import { FolderFiles, sha256, verifyRelease, type ReleaseFiles, type Verdict } from '../truth/index.js';
import { RefusedError, UsageError } from './commandErrors.js';

/** An exported release, checked. */
export interface ReleaseSource {
  readonly files: ReleaseFiles;
  readonly manifest: ReleaseManifest;
  /** SHA-256 of `release.json`. */
  readonly sha256: string;
  readonly verdict: Verdict;
}

/**
 * Opens the folder of a release or its zip archive, and checks it as `voxcord verify` does. A broken one is refused
 * (`release.broken`) unless `allowBroken`; one whose `release.json` cannot be read is always.
 */
export async function openRelease(path: string, allowBroken: boolean): Promise<ReleaseSource> {
  const files = await filesAt(path);
  const verdict = await verifyRelease(files);
  if (!verdict.valid && !allowBroken) {
    const { record, reason } = verdict.broken;
    throw new RefusedError(
      'release.broken',
      `The release is broken: ${record}: ${reason}. Get it again from where it was published; --allow-broken goes on, ` +
        'and marks the result.'
    );
  }
  const bytes = await readManifest(files);
  const manifest = parsed(bytes);
  if (!Value.Check(ReleaseManifest, manifest)) throw notARelease('release.json does not tell of a release');
  return { files, manifest, sha256: sha256(bytes), verdict };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw notARelease('release.json is not valid JSON');
  }
}

async function filesAt(path: string): Promise<ReleaseFiles> {
  let about;
  try {
    about = await stat(path);
  } catch {
    throw new UsageError(`There is no release ${path}.`);
  }
  if (about.isDirectory()) return new FolderFiles(path);
  const stream = (_: string, start: number, end: number): Promise<NodeJS.ReadableStream> =>
    Promise.resolve(createReadStream(path, { start, end: end - 1 }));
  try {
    return await ArchiveFiles.open({ stream }, { sha256: '', bytes: about.size });
  } catch (error) {
    if (error instanceof ArchiveDamaged) throw notARelease(error.message);
    throw error;
  }
}

async function readManifest(files: ReleaseFiles): Promise<Uint8Array> {
  try {
    return await files.read('release.json');
  } catch {
    throw notARelease('it has no release.json');
  }
}

function notARelease(why: string): RefusedError {
  return new RefusedError(
    'release.unreadable',
    `This is neither the folder nor the zip archive of a release: ${why.replace(/\.$/, '')}. Export it again.`
  );
}
