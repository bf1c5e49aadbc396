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
 * title, else the name of its image if no other case has an image of that name. Case, spaces and punctuation do not
 * matter; `suffixes` may follow. Throws `UsageError`, `RefusedError` (`predictions.ambiguous`).
 */
export async function findCaseFiles(
  folder: string,
  cases: ReleaseManifest['cases'],
  suffixes: readonly string[]
): Promise<CaseFiles> {
  const found = new Map<string, string[]>();
  for (const file of await niftiFilesIn(folder)) {
    const key = keyOf(file);
    const keys = [key, ...suffixes.filter(end => key.endsWith(end)).map(end => key.slice(0, -end.length))];
    for (const each of keys) found.set(each, [...(found.get(each) ?? []), file]);
  }
  const imageKeys = cases.map(({ image }) => keyOf(image.name));
  const titleKeys = cases.map(({ title }) => keyOf(title));
  const byCase = new Map<string, string>();
  cases.forEach(({ id, title }, index) => {
    const wanted = [keyOf(id), ...unique(titleKeys, index), ...unique(imageKeys, index)];
    const files = wanted.map(key => found.get(key) ?? []).find(each => each.length > 0) ?? [];
    if (files.length > 1) throw ambiguous(title, files);
    const [file] = files;
    if (file !== undefined) byCase.set(id, path.join(folder, file));
  });
  const used = new Set([...byCase.values()].map(file => path.basename(file)));
  return { byCase, unused: [...new Set([...found.values()].flat())].filter(file => !used.has(file)).sort() };
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

/** The key, if no other case has it. */
function unique(keys: readonly string[], index: number): string[] {
  return keys.flatMap((key, at) =>
    at === index && key !== '' && keys.indexOf(key) === keys.lastIndexOf(key) ? key : []
  );
}

function ambiguous(title: string, files: readonly string[]): RefusedError {
  return new RefusedError(
    'predictions.ambiguous',
    `Several files may be that of ${title}: ${files.join(', ')}. Leave one of them in the folder.`
  );
}
