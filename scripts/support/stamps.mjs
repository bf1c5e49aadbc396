import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from './project.mjs';

/**
 * Hash of the names and bytes of files and of everything in folders.
 * @param {readonly string[]} inputs relative to the repository; those that are missing are noted as such
 * @param {(file: string) => boolean} [wanted]
 */
export function fingerprint(inputs, wanted = () => true) {
  const hash = createHash('sha256');
  /** @param {string} relative */
  const visit = relative => {
    const file = path.join(root, relative);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) {
      hash.update(`absent ${relative}\n`);
    } else if (stats.isDirectory()) {
      for (const name of readdirSync(file).sort()) visit(path.join(relative, name));
    } else if (wanted(relative)) {
      hash.update(`file ${relative} ${stats.size}\n`).update(readFileSync(file));
    }
  };
  for (const input of inputs) visit(input);
  return hash.digest('hex');
}

/** @param {string} name */
function stampFile(name) {
  return path.join(cache, `${name}.stamp`);
}

/**
 * Does work only if its inputs are not those of the last time.
 * @param {string} name
 * @param {string} inputs fingerprint
 * @param {() => Promise<void>} work
 */
export async function onlyIfChanged(name, inputs, work) {
  const file = stampFile(name);
  if (statSync(file, { throwIfNoEntry: false }) !== undefined && readFileSync(file, 'utf8') === inputs) return false;
  await work();
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, inputs);
  return true;
}
