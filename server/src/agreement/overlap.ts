import type { NoValue } from './definitions.js';
import { voxelsInWord, wordsOf, type Mask } from './surfaces/mask.js';

/** Voxels of two masks. */
export interface OverlapCounts {
  readonly a: number;
  readonly b: number;
  readonly both: number;
}

/** Shares from 0 to 1; `null` if both masks are empty. */
export interface Overlap {
  /** 2·|A∩B| / (|A| + |B|). */
  readonly dice: number | null;
  /** |A∩B| / |A∪B|. */
  readonly iou: number | null;
  /** |A∩B| / |A|: how much of A lies in B; `null` if A is empty. */
  readonly ofA: number | null;
  /** |A∩B| / |B|. */
  readonly ofB: number | null;
}

export type EmptyMasks = Extract<NoValue, 'both-empty' | 'one-empty'>;

/** Which masks are empty; `null` if neither is. */
export function emptyMasks({ a, b }: OverlapCounts): EmptyMasks | null {
  if (a === 0 && b === 0) return 'both-empty';
  return a === 0 || b === 0 ? 'one-empty' : null;
}

export function countOverlap(a: Mask, b: Mask): OverlapCounts {
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)];
  let [inA, inB, both] = [0, 0, 0];
  for (let index = 0; index < wordsA.length; index++) {
    const one = wordsA[index] ?? 0;
    const other = wordsB[index] ?? 0;
    if ((one | other) === 0) continue;
    inA += voxelsInWord(one);
    inB += voxelsInWord(other);
    both += voxelsInWord(one & other);
  }
  return { a: inA, b: inB, both };
}

export function overlap({ a, b, both }: OverlapCounts): Overlap {
  return {
    dice: share(2 * both, a + b),
    iou: share(both, a + b - both),
    ofA: share(both, a),
    ofB: share(both, b)
  };
}

/** How far several masks of one thing agree. */
export interface Conformity {
  /** Σ|A∩B| / Σ|A∪B| over all pairs (Kouwenhoven et al., Phys Med Biol 54, 2009): does not depend on the number of masks. */
  readonly generalised: number | null;
  /** Mean of |A∩B| / |A∪B| over the pairs that have a value. */
  readonly meanOfPairs: number | null;
  /** Voxels of all masks / voxels of any: falls with the number of masks, and is told for comparison only. */
  readonly common: number | null;
}

/** @param votes how many voxels are in exactly 0, 1, 2 ... masks */
export function conformity(pairs: readonly OverlapCounts[], votes: ArrayLike<number>): Conformity {
  const both = pairs.reduce((sum, pair) => sum + pair.both, 0);
  const either = pairs.reduce((sum, { a, b, both: common }) => sum + a + b - common, 0);
  const ious = pairs.map(pair => overlap(pair).iou).filter(value => value !== null);
  const inAny = Array.from(votes).reduce((sum, voxels, count) => (count === 0 ? sum : sum + voxels), 0);
  return {
    generalised: share(both, either),
    meanOfPairs: mean(ious),
    common: votes.length < 2 ? null : share(votes[votes.length - 1] ?? 0, inAny)
  };
}

/** `null` of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
