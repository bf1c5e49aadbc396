import { createHash } from 'node:crypto';
import type { LabelMapContent } from '@voxcord/schemas/files';
import { encodeBrickRuns, type Dims } from '@voxcord/schemas/labelmap';
import { sha256 } from './sha256.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const ROOT = Uint8Array.of(2);

/** Bytes of a brick's runs, named by their SHA-256. */
export interface ContentBrick {
  readonly index: number;
  readonly sha256: string;
  readonly runs: Uint8Array;
}

/**
 * What a label map holds, as hashes that depend on its voxels alone: not on the order of edits, and on no compressor.
 * `bitmap` holds one segment number per voxel, i fastest. Throws `LabelMapError` (`grid.mismatch`).
 */
export function contentOfLabelMap(bitmap: Uint8Array, dims: Dims): LabelMapContent {
  const bricks = contentBricks(bitmap, dims).map(({ index, sha256: name }) => ({ index, sha256: name }));
  return { root: rootOfBricks(bricks, dims), bricks };
}

/** The labelled 64³ bricks, ascending: what a store keeps of the label map. */
export function contentBricks(bitmap: Uint8Array, dims: Dims): ContentBrick[] {
  const bricks: ContentBrick[] = [];
  for (const [index, runs] of encodeBrickRuns(bitmap, dims)) bricks.push({ index, sha256: sha256(runs), runs });
  return bricks;
}

/**
 * Root of the hash tree over the bricks (ascending by index). As in RFC 6962 §2.1 with SHA-256: a leaf is
 * H(0, brick index as 32 bits little-endian, SHA-256 of the runs), a node H(1, left, right), cut at the largest power of
 * two below the number of leaves; the tree of nothing is H(). The root is H(2, the three dims as 32 bits little-endian,
 * tree).
 */
export function rootOfBricks(bricks: LabelMapContent['bricks'], dims: Dims): string {
  const leaves = bricks.map(({ index, sha256: name }) => hash(LEAF, words(index), Buffer.from(name, 'hex')));
  return hash(ROOT, words(...dims), treeOf(leaves)).toString('hex');
}

function treeOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return hash();
  if (leaves.length === 1) return only;
  let cut = 1;
  while (cut * 2 < leaves.length) cut *= 2;
  return hash(NODE, treeOf(leaves.slice(0, cut)), treeOf(leaves.slice(cut)));
}

function hash(...parts: readonly Uint8Array[]): Buffer {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}
