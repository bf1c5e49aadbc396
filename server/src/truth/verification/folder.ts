import type { ReleaseManifest } from '@voxcord/schemas/files';
import { comparePaths, type ReleaseEntry, type ReleaseFiles } from '../releaseFiles.js';
import { BrokenRecord } from './verdict.js';

/** Files that are not in the list of release.json: what the seal covers. */
export const SEALED_FILES = ['audit.jsonl', 'keys.json', 'release.json', 'signatures.html', 'signatures.json'] as const;

/** Answers the paths of all files. Throws `BrokenRecord` for links, and for files without which nothing can be checked. */
export function checkEntries(entries: readonly ReleaseEntry[]): ReadonlySet<string> {
  const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
  for (const path of [...new Set([...kinds.keys(), ...SEALED_FILES])].sort(comparePaths)) {
    const kind = kinds.get(path);
    if (kind === undefined) throw new BrokenRecord(path, 'the file is missing');
    if (kind === 'link') throw new BrokenRecord(path, 'it is a symbolic link: a release holds files only');
    if (kind === 'other') throw new BrokenRecord(path, 'it is not an ordinary file');
  }
  return new Set(kinds.keys());
}

/** Checks that exactly the listed files are there, with the listed bytes. Throws `BrokenRecord` for the first one. */
export async function checkFiles(
  files: ReleaseFiles,
  present: ReadonlySet<string>,
  listed: ReleaseManifest['files']
): Promise<void> {
  const digests = new Map(listed.map(({ path, sha256 }) => [path, sha256]));
  const folded = new Map([...digests.keys()].map(path => [path.toLowerCase(), path]));
  if (folded.size !== listed.length) throw new BrokenRecord('release.json', 'it lists a file twice');
  for (const path of SEALED_FILES) {
    if (folded.has(path)) throw new BrokenRecord('release.json', `it lists ${path}, which cannot be in its own list`);
    digests.set(path, '');
  }
  for (const path of [...new Set([...digests.keys(), ...present])].sort(comparePaths)) {
    const digest = digests.get(path);
    if (digest === '') continue;
    if (digest === undefined) {
      const other = folded.get(path.toLowerCase());
      const hint = other === undefined ? '' : `: ${other} was renamed`;
      throw new BrokenRecord(path, `the file is not part of the release${hint}`);
    }
    if (!present.has(path)) throw new BrokenRecord(path, 'the file is missing');
    if ((await files.hash(path)) !== digest) throw new BrokenRecord(path, 'its bytes are not those that were released');
  }
}
