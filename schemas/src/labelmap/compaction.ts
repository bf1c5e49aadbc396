import type { BaseLayer } from './baseLayer.js';
import { encodeBrickBox } from './brickCoding.js';
import { findCell } from './cellWords.js';
import type { Fold } from './fold.js';
import { BRICK_EDGE, CELL_EDGE, boxSize, tileBox, tileCounts, type Dims } from './grid.js';
import { isStrokeEntry, type KnownRecord, type RecordTable } from './recordTable.js';
import type { Snapshot } from './snapshot.js';

/*
 * What may be folded into a new base. The base must follow from the records of its frontier alone, so that replicas
 * which know other records besides agree on it: no stroke goes in without all that is known of its being undone.
 */

export interface CompactionPlan {
  readonly horizon: number;
  readonly frontier: Record<string, number>;
  readonly folded: ReadonlySet<KnownRecord>;
}

/**
 * The records with a lamport clock up to `horizon`, or up to a lower one: a stroke and the records that hide or show it
 * are not separated. Null if there is nothing to fold.
 */
export function planCompaction(table: RecordTable, base: BaseLayer, horizon: number): CompactionPlan | null {
  const closed = closedHorizon(table, horizon);
  if (closed <= base.horizon) return null;
  const frontier: Record<string, number> = { ...base.snapshot?.frontier };
  const folded = new Set<KnownRecord>();
  for (const [client, log] of table.logs()) {
    let clock = base.folded(client);
    for (let entry = log.get(clock); entry !== undefined; entry = log.get(clock)) {
      if (entry.record.lamport > closed) break;
      folded.add(entry);
      clock++;
    }
    if (clock > 0) frontier[String(client)] = clock;
  }
  return folded.size === 0 ? null : { horizon: closed, frontier, folded };
}

/** The highest horizon up to `horizon` that lies between no stroke and a later record on its visibility. */
function closedHorizon(table: RecordTable, horizon: number): number {
  const spans: { from: number; to: number }[] = [];
  for (const entry of table.values()) {
    if (isStrokeEntry(entry)) continue;
    const target = table.get(entry.record.target);
    if (target === undefined || !isStrokeEntry(target)) continue;
    const lamports = [target.record.lamport, entry.record.lamport] as const;
    spans.push({ from: Math.min(...lamports), to: Math.max(...lamports) });
  }
  spans.sort((a, b) => b.to - a.to);
  let closed = horizon;
  // By falling end, one pass does: a span that starts above the horizon stays above a lower one.
  for (const { from, to } of spans) {
    if (to <= closed) break;
    if (from <= closed) closed = from - 1;
  }
  return closed;
}

/** The base with the planned records folded in; the fold stays as it is. */
export function foldPlan(plan: CompactionPlan, fold: Fold, dims: Dims): Snapshot {
  const { base } = fold;
  const bricks = new Map<number, Uint8Array>(base.snapshot?.bricks);
  for (const brick of bricksOf(plan, dims)) {
    const box = tileBox(brick, dims, BRICK_EDGE);
    const size = boxSize(box);
    const labels = base.brick(brick)?.slice() ?? new Uint8Array(size[0] * size[1] * size[2]);
    for (const cell of cellsOfBrick(brick, dims)) paintCell(cell, plan, fold, dims, labels, box.min, size);
    const bytes = encodeBrickBox(labels, size[0], size[0] * size[1], 0, size);
    if (bytes === null) bricks.delete(brick);
    else bricks.set(brick, bytes);
  }
  const sorted = new Map([...bricks].sort((a, b) => a[0] - b[0]));
  return { frontier: plan.frontier, lamport: plan.horizon, bricks: sorted, previousHorizon: base.horizon };
}

function bricksOf(plan: CompactionPlan, dims: Dims): Set<number> {
  const [bi, bj] = tileCounts(dims, BRICK_EDGE);
  const bricks = new Set<number>();
  for (const entry of plan.folded) {
    if (!isStrokeEntry(entry) || entry.hidden) continue;
    const { min, max } = entry.record.box;
    for (let k = min[2] >> 6; k <= max[2] >> 6; k++) {
      for (let j = min[1] >> 6; j <= max[1] >> 6; j++) {
        for (let i = min[0] >> 6; i <= max[0] >> 6; i++) bricks.add((k * bj + j) * bi + i);
      }
    }
  }
  return bricks;
}

function cellsOfBrick(brick: number, dims: Dims): number[] {
  const [ci, cj] = tileCounts(dims, CELL_EDGE);
  const { min, max } = tileBox(brick, dims, BRICK_EDGE);
  const cells: number[] = [];
  for (let k = min[2] >> 5; k <= max[2] >> 5; k++) {
    for (let j = min[1] >> 5; j <= max[1] >> 5; j++) {
      for (let i = min[0] >> 5; i <= max[0] >> 5; i++) cells.push((k * cj + j) * ci + i);
    }
  }
  return cells;
}

/** Paints the planned strokes of a cell, oldest first, into a brick's labels. */
function paintCell(
  cell: number,
  plan: CompactionPlan,
  fold: Fold,
  dims: Dims,
  labels: Uint8Array,
  origin: readonly [number, number, number],
  size: readonly [number, number, number]
): void {
  const { min } = tileBox(cell, dims, CELL_EDGE);
  const [i, j, k] = [min[0] - origin[0], min[1] - origin[1], min[2] - origin[2]];
  for (const entry of fold.lists.at(cell)) {
    if (entry.hidden || !plan.folded.has(entry)) continue;
    const words = fold.cache.wordsOf(entry);
    const at = findCell(words, cell);
    if (at < 0) continue;
    for (let index = words.offsets[at] ?? 0; index < (words.offsets[at + 1] ?? 0); index++) {
      const row = words.rows[index] ?? 0;
      const start = ((k + (row >> 5)) * size[1] + j + (row & 31)) * size[0] + i;
      for (let bits = words.words[index] ?? 0; bits !== 0; bits &= bits - 1) {
        labels[start + 31 - Math.clz32(bits & -bits)] = entry.record.segment;
      }
    }
  }
}
