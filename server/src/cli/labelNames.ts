import type { LabelFile } from './labelFiles.js';

/** Names of the files, without folder and ending; whole paths where names are the same. */
export function distinctNames(files: readonly LabelFile[]): string[] {
  const isDistinct = new Set(files.map(({ name }) => name)).size === files.length;
  const names = files.map(file => (isDistinct ? file.name : file.path));
  return names.map((name, n) => (names.indexOf(name) === n ? name : `${name} (${n + 1})`));
}
