import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemoryFiles, type ReleaseEntry, type ReleaseFiles } from '../../../src/truth/index.js';

/** Where the contract's files are that both verifiers are tested with. */
export const SCHEMAS = fileURLToPath(new URL('../../../../schemas', import.meta.url));
export const GOOD_RELEASE = path.join(SCHEMAS, 'fixtures', 'release');
export const OVERLAYS = path.join(SCHEMAS, 'negative', 'releases');

export type Edit =
  | { readonly op: 'flip'; readonly path: string; readonly at: number; readonly bit: number }
  | { readonly op: 'remove' | 'link'; readonly path: string }
  | { readonly op: 'rename'; readonly path: string; readonly to: string }
  | { readonly op: 'add'; readonly path: string; readonly text: string }
  | { readonly op: 'append'; readonly path: string; readonly text: string }
  | { readonly op: 'replace'; readonly path: string; readonly find: string; readonly by: string }
  | { readonly op: 'remove-line' | 'swap-lines' | 'repeat-line'; readonly path: string; readonly line: number }
  | { readonly op: 'overlay'; readonly folder: string };

export interface Tampering {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The record that must be named. */
  readonly record: string;
}

export function readTamperings(): Tampering[] {
  return JSON.parse(readFileSync(path.join(OVERLAYS, 'edits.json'), 'utf8')) as Tampering[];
}

/** All files below a folder by their path with slashes. */
export function readFolder(folder: string): Map<string, Uint8Array> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return new Map(
    names.map(entry => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file).split(path.sep).join('/'), new Uint8Array(readFileSync(file))] as const;
    })
  );
}

/** A release in memory, of which single entries may be links. */
export async function releaseOf(
  files: ReadonlyMap<string, Uint8Array>,
  links: readonly string[] = []
): Promise<ReleaseFiles> {
  const release = new MemoryFiles();
  for (const [name, bytes] of files) await release.write(name, bytes);
  const entries = (await release.list()).map((entry): ReleaseEntry =>
    links.includes(entry.path) ? { path: entry.path, kind: 'link' } : entry
  );
  return { list: () => Promise.resolve(entries), read: name => release.read(name), hash: name => release.hash(name) };
}

/** The good release with the edits carried out, in order. */
export function tamper(good: ReadonlyMap<string, Uint8Array>, edits: readonly Edit[]): Promise<ReleaseFiles> {
  const files = new Map(good);
  const links: string[] = [];
  for (const edit of edits) {
    if (edit.op === 'overlay') {
      for (const [name, bytes] of readFolder(path.join(OVERLAYS, edit.folder))) files.set(name, bytes);
      continue;
    }
    const bytes = files.get(edit.path) ?? new Uint8Array(0);
    if (edit.op !== 'add' && !files.has(edit.path)) throw new Error(`There is no ${edit.path} to ${edit.op}.`);
    switch (edit.op) {
      case 'flip':
        files.set(edit.path, flipped(bytes, edit.at < 0 ? bytes.length + edit.at : edit.at, edit.bit));
        break;
      case 'add':
        files.set(edit.path, Buffer.from(edit.text));
        break;
      case 'remove':
        files.delete(edit.path);
        break;
      case 'link':
        links.push(edit.path);
        break;
      case 'rename':
        files.delete(edit.path);
        files.set(edit.to, bytes);
        break;
      case 'append':
        files.set(edit.path, Buffer.concat([bytes, Buffer.from(edit.text)]));
        break;
      case 'replace':
        files.set(edit.path, replaced(bytes, edit.find, edit.by));
        break;
      case 'remove-line':
      case 'swap-lines':
      case 'repeat-line':
        files.set(edit.path, Buffer.from(editLines(Buffer.from(bytes).toString(), edit.op, edit.line)));
    }
  }
  return releaseOf(files, links);
}

export function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ (1 << bit);
  return changed;
}

function replaced(bytes: Uint8Array, find: string, by: string): Uint8Array {
  const text = Buffer.from(bytes).toString();
  if (!text.includes(find)) throw new Error(`There is no ${find} to replace.`);
  return Buffer.from(text.replace(find, () => by));
}

function editLines(text: string, op: 'remove-line' | 'swap-lines' | 'repeat-line', line: number): string {
  const lines = text.split('\n');
  const [first, second] = [lines[line - 1] ?? '', lines[line] ?? ''];
  if (op === 'remove-line') lines.splice(line - 1, 1);
  else if (op === 'swap-lines') lines.splice(line - 1, 2, second, first);
  else lines.splice(line, 0, first);
  return lines.join('\n');
}
