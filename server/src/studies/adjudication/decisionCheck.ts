import type { Choice } from '@voxcord/schemas/api';
import type { Dims } from '@voxcord/schemas/labelmap';
import { bitmapOf } from '../brickMaps.js';
import type { Bricks } from '../fixedLabelMaps.js';

/** A decision and the voxels that it is about. */
export interface DecidedRegion {
  readonly dispute: number;
  readonly choice: Choice;
  /** Start, length, start, length ... in linear order. */
  readonly runs: readonly number[];
}

export interface DecisionCheckTask {
  readonly kind: 'decisions';
  readonly dims: Dims;
  /** What was submitted. */
  readonly submitted: Bricks;
  readonly consensus: Bricks;
  /** By letter: only of readers that were chosen. */
  readonly reads: ReadonlyMap<string, Bricks>;
  readonly decisions: readonly DecidedRegion[];
}

/**
 * How a dispute looks in the submitted label map: `as-decided`, every voxel of it is that of the reader or the consensus
 * that was chosen; `painted`, it was decided to paint it, or `differing` voxels were painted over afterwards.
 */
export interface DecisionOutcome {
  readonly dispute: number;
  readonly outcome: 'as-decided' | 'painted';
  readonly differing: number;
}

/** Compares each decision with what was submitted. Pure. */
export function checkDecisions(task: DecisionCheckTask): DecisionOutcome[] {
  const { dims, submitted, decisions } = task;
  const labels = bitmapOf(submitted, dims);
  const opened = new Map<string, Uint8Array>();
  const chosen = (choice: Choice): Uint8Array | null => {
    const bricks =
      choice.kind === 'consensus'
        ? task.consensus
        : choice.kind === 'reader'
          ? task.reads.get(choice.letter)
          : undefined;
    if (bricks === undefined) return null;
    const key = choice.kind === 'reader' ? `reader ${choice.letter}` : choice.kind;
    const known = opened.get(key) ?? bitmapOf(bricks, dims);
    opened.set(key, known);
    return known;
  };
  return decisions.map(({ dispute, choice, runs }) => {
    const expected = chosen(choice);
    if (expected === null) return { dispute, outcome: 'painted', differing: 0 };
    const differing = countDiffering(labels, expected, runs);
    return { dispute, outcome: differing === 0 ? 'as-decided' : 'painted', differing };
  });
}

function countDiffering(a: Uint8Array, b: Uint8Array, runs: readonly number[]): number {
  let differing = 0;
  for (let index = 0; index + 1 < runs.length; index += 2) {
    const start = runs[index] ?? 0;
    const end = start + (runs[index + 1] ?? 0);
    for (let voxel = start; voxel < end; voxel++) if (a[voxel] !== b[voxel]) differing += 1;
  }
  return differing;
}
