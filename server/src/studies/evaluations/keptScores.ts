import { type BlobStore, StoreError } from '../../store/store.js';
import { spreadScores } from '../compactScores.js';
import type { StoredRevision } from '../records.js';

/** Scores of a segment in a read, as they are kept. */
export interface PackedScores {
  readonly segment: number;
  /** Null: lost or damaged. */
  readonly content: Uint8Array | null;
}

/** Those that a revision names, of these segments. Rejects with `StoreError` if they cannot be read now. */
export async function loadScores(
  blobs: Pick<BlobStore, 'get'>,
  { manifest }: Pick<StoredRevision, 'manifest'>,
  segments: readonly number[]
): Promise<PackedScores[]> {
  const named = (manifest.model?.scores ?? []).filter(({ segment }) => segments.includes(segment));
  return Promise.all(
    named.map(async ({ segment, sha256 }) => ({ segment, content: await blobs.get(sha256).catch(nullIfDamaged) }))
  );
}

function nullIfDamaged(error: unknown): null {
  if (error instanceof StoreError && error.code === 'corrupt') return null;
  throw error;
}

/** Scores over a grid. */
export interface SpreadScores {
  /** By segment. All in one array: a voxel has one segment. */
  readonly scores: ReadonlyMap<number, Float32Array>;
  /** Segments whose scores are lost, damaged or those of other labels: they have none. */
  readonly damaged: readonly number[];
}

/** @param labels of the read whose scores they are, i fastest */
export function spreadOver(labels: Uint8Array, packed: readonly PackedScores[]): SpreadScores {
  if (packed.length === 0) return { scores: new Map(), damaged: [] };
  const all = new Float32Array(labels.length);
  const scores = new Map<number, Float32Array>();
  const damaged: number[] = [];
  for (const { segment, content } of packed) {
    if (content !== null && spreadScores(content, segment, labels, all)) scores.set(segment, all);
    else damaged.push(segment);
  }
  return { scores, damaged };
}
