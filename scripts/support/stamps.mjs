import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

/**
 * Does work unless its output is there and was made from these inputs.
 * @param {string} name
 * @param {{ inputs: string, isDone: boolean }} state `inputs`: fingerprint
 * @param {() => Promise<void>} work
 */
export async function onlyIfChanged(name, { inputs, isDone }, work) {
  const file = path.join(cache, `${name}.stamp`);
  if (isDone && existsSync(file) && readFileSync(file, 'utf8') === inputs) return;
  await work();
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, inputs);
}
