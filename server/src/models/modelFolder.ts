import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { MAX_CARD } from '@voxcord/schemas/api';
import { MODEL_FILE, parseModelFile, type ModelFile, type Weights } from '@voxcord/schemas/models';
import { ModelError } from './errors.js';
import { MAX_CARD_BYTES, MAX_DESCRIPTION_BYTES, MAX_WEIGHTS_BYTES } from './limits.js';
import { decodeText, hashPlainFile, readPlainFile } from './plainFiles.js';

/** A model folder as it is described; its networks have not been looked into. */
export interface ModelFolder {
  readonly folder: string;
  readonly file: ModelFile;
  /** Names `model.json` and every file that it pins: see `modelHash`. */
  readonly sha256: string;
  /** Markdown; empty if there is none. */
  readonly card: string;
}

/** ONNX files that a description pins. */
export function weightsOf(file: ModelFile): readonly Weights[] {
  return file.kind === 'automatic' ? [file.weights] : [file.encoder, file.decoder];
}

/**
 * Reads the description of a model and checks that its files are there, plain, not too large and those that are pinned.
 * Throws `ModelError` and `ModelFileError`.
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const description = await readDescription(folder);
  const file = parseModelFile(decodeText(description, MODEL_FILE));
  const hashes = new Map([[MODEL_FILE, createHash('sha256').update(description).digest('hex')]]);
  for (const weights of weightsOf(file)) {
    const found = await hashPlainFile(folder, weights.file, MAX_WEIGHTS_BYTES);
    if (found !== weights.sha256) throw otherWeights(weights, found);
    hashes.set(weights.file, found);
  }
  return { folder, file, sha256: modelHash(hashes), card: file.card === null ? '' : await readCard(folder, file.card) };
}

/**
 * The name of a model's content: SHA-256 of what `sha256sum` prints for `model.json` and the pinned files in the order of
 * their names (`LC_ALL=C`).
 */
export function modelHash(hashes: ReadonlyMap<string, string>): string {
  const lines = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sha256]) => `${sha256}  ${name}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** A pinned file, whole. Throws `ModelError`, also `model.wrong-hash` if it is another file. */
export async function readWeights(folder: string, weights: Weights): Promise<Uint8Array> {
  const bytes = await readPlainFile(folder, weights.file, MAX_WEIGHTS_BYTES);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== weights.sha256) throw otherWeights(weights, found);
  return bytes;
}

/** Whether a folder is one of a model, and what tells cheaply whether it has changed. */
export interface FolderState {
  /** Different after each change. */
  readonly key: string;
  /** When the newest of its files was written or put there, ms. */
  readonly changedAt: number;
  /** To a folder that may be anywhere. */
  readonly isLink: boolean;
}

/** Null if the folder is no model folder, nor looks like one. Rejects with errors of the system. */
export async function folderState(folder: string): Promise<FolderState | null> {
  const names = (await readdir(folder)).filter(name => /\.(json|onnx|md)$/.test(name)).sort();
  if (!names.some(name => name === MODEL_FILE || name.endsWith('.onnx'))) return null;
  const parts: string[] = [];
  let changedAt = 0;
  for (const name of names) {
    const stats = await lstat(path.join(folder, name), { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = stats;
    parts.push([name, dev, ino, size, mtimeNs, ctimeNs].join(' '));
    changedAt = Math.max(changedAt, Number(ctimeMs));
  }
  return { key: parts.join('\n'), changedAt, isLink: (await lstat(folder)).isSymbolicLink() };
}

async function readDescription(folder: string): Promise<Buffer> {
  try {
    return await readPlainFile(folder, MODEL_FILE, MAX_DESCRIPTION_BYTES);
  } catch (cause) {
    if (!(cause instanceof ModelError) || cause.code !== 'model.file-missing') throw cause;
    throw new ModelError(
      'model.no-description',
      `There is no ${MODEL_FILE} in the folder. Write one beside the weights.`
    );
  }
}

async function readCard(folder: string, name: string): Promise<string> {
  const card = decodeText(await readPlainFile(folder, name, MAX_CARD_BYTES), name);
  if (card.length <= MAX_CARD) return card;
  throw new ModelError('model.too-large', `${name} has ${card.length} characters; at most ${MAX_CARD} are shown.`);
}

function otherWeights({ file }: Weights, found: string): ModelError {
  return new ModelError(
    'model.wrong-hash',
    `${file} is not the file that ${MODEL_FILE} names: its SHA-256 is ${found}. Copy it again, or correct ${MODEL_FILE}.`
  );
}
