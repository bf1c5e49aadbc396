import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ReleaseManifest } from '@voxcord/schemas/files';
import { RefusedError, UsageError } from './commandErrors.js';

const ENDING = /\.nii(\.gz)?$/i;

/** Files of a folder, each for a case. */
export interface CaseFiles {
  /** Path by id of the case; a case that is not in it has no file. */
  readonly byCase: ReadonlyMap<string, string>;
  /** Files that belong to no case. */
  readonly unused: readonly string[];
}

/**
 * Finds the file of each case among the NIfTI files of a folder, by its name without ending: the id of the case, else its
 * title, else the name of its image if no other case has an image of that name; no file is that of two cases. Case, spaces
 * and punctuation do not matter. One of `suffixes` may follow: such a file goes before one without. Throws `UsageError`,
 * `RefusedError` (`predictions.ambiguous`).
 */
export async function findCaseFiles(
  folder: string,
  cases: ReleaseManifest['cases'],
  suffixes: readonly string[]
): Promise<CaseFiles> {
  const found = await niftiFilesIn(folder);
  const plain = Map.groupBy(found, keyOf);
  const suffixed = new Map<string, string[]>();
  for (const [key, files] of plain) {
    for (const end of suffixes) {
      if (!key.endsWith(end)) continue;
      const begin = key.slice(0, -end.length);
      suffixed.set(begin, [...(suffixed.get(begin) ?? []), ...files]);
    }
  }
  const ids = cases.map(({ id }) => [keyOf(id)]);
  const titles = cases.map(({ title }) => keyOf(title));
  const images = cases.map(({ image }) => keyOf(image.name));
  const byCase = new Map<string, string>();
  const taken = new Set<string>();
  // All cases by one name after the other: a file that is called as one case is not that of another one whose image is too.
  for (const keys of [ids, unique(titles), unique(images)]) {
    cases.forEach(({ id, title }, index) => {
      if (byCase.has(id)) return;
      const files = (keys[index] ?? [])
        .flatMap(key => suffixed.get(key) ?? plain.get(key) ?? [])
        .filter(file => !taken.has(file));
      if (files.length > 1) throw ambiguous(title, files);
      const [file] = files;
      if (file !== undefined) byCase.set(id, path.join(folder, file));
    });
    for (const file of byCase.values()) taken.add(path.basename(file));
  }
  return { byCase, unused: found.filter(file => !taken.has(file)) };
}

async function niftiFilesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(name => ENDING.test(name)).sort();
  } catch {
    throw new UsageError(`There is no folder ${folder}.`);
  }
}

/** Letters and digits of a name, in lower case and without the ending of a file. */
function keyOf(name: string): string {
  return name
    .replace(ENDING, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '');
}

/** Of each case its key, if no other case has it. */
function unique(keys: readonly string[]): string[][] {
  return keys.map(key => (key !== '' && keys.indexOf(key) === keys.lastIndexOf(key) ? [key] : []));
}

function ambiguous(title: string, files: readonly string[]): RefusedError {
  return new RefusedError(
    'predictions.ambiguous',
    `Several files may be that of ${title}: ${files.join(', ')}. Leave one of them in the folder.`
  );
}
