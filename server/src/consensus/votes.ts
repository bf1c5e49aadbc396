import type { TieRule } from '@voxcord/schemas/api';
import { bitCount, voteShares, type BinaryVotes } from './binaryVotes.js';
import type { VotePatterns } from './votePatterns.js';

/** What a rule says of a voxel. */
export const Decision = { background: 0, foreground: 1, undecided: 2 } as const;
export type Decision = (typeof Decision)[keyof typeof Decision];

/** Relative difference of sums of weights below which they are equal. */
const EQUAL = 1e-12;

/** Votes that are more than half of `readers`: ⌈(R + 1) / 2⌉. */
export function majorityOf(readers: number): number {
  return Math.ceil((readers + 1) / 2);
}

/**
 * Foreground where at least `threshold` readers marked the voxels. It is a tie where exactly half of the readers did and
 * the threshold is the majority: then `ties` decides. A smaller or larger threshold leaves no ties.
 *
 * @param threshold null: the majority
 */
export function voteKOfN(votes: BinaryVotes, threshold: number | null, ties: TieRule): Uint8Array {
  const majority = majorityOf(votes.readers);
  const needed = threshold ?? majority;
  return Uint8Array.from(votes.marks, row => {
    const count = bitCount(row);
    if (count >= needed) return Decision.foreground;
    return needed === majority && 2 * count === votes.readers ? Decision[ties] : Decision.background;
  });
}

/** Foreground where readers of more than half of the weight marked the voxels; exactly half of it is a tie. */
export function voteWeighted(votes: BinaryVotes, weights: readonly number[], ties: TieRule): Uint8Array {
  return Uint8Array.from(voteShares(votes, weights), share => byHalf(share, ties));
}

/** Foreground above one half; a tie at it. */
export function byHalf(probability: number, ties: TieRule): Decision {
  if (Math.abs(probability - 0.5) <= EQUAL) return Decision[ties];
  return probability > 0.5 ? Decision.foreground : Decision.background;
}

export interface Plurality {
  /** The label that most readers gave, per pattern; 0 where it is undecided. */
  readonly labels: Uint8Array;
  /** 1 for patterns in which the most frequent labels are tied. */
  readonly undecided: Uint8Array;
}

/**
 * The most frequent label of each pattern, background included, as ITK's LabelVotingImageFilter. Between labels with as
 * many votes `ties` decides: `background` takes 0; `foreground` takes the label where only background competes with it;
 * everything else is undecided.
 *
 * @param threshold votes that a label needs at least, else it is background; null: none
 */
export function votePlurality(
  { table, counts, readers }: Pick<VotePatterns, 'table' | 'counts' | 'readers'>,
  threshold: number | null,
  ties: TieRule,
  weights?: readonly number[]
): Plurality {
  const labels = new Uint8Array(counts.length);
  const undecided = new Uint8Array(counts.length);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const sums = new Map<number, number>();
    for (let r = 0; r < readers; r++) {
      const label = table[pattern * readers + r] ?? 0;
      sums.set(label, (sums.get(label) ?? 0) + (weights?.[r] ?? 1));
    }
    const most = Math.max(...sums.values());
    const first = [...sums].filter(([, sum]) => sum >= most * (1 - EQUAL)).map(([label]) => label);
    if (threshold !== null && most < threshold * (1 - EQUAL)) continue;
    const winner = resolveTie(first, ties);
    labels[pattern] = winner ?? 0;
    undecided[pattern] = winner === undefined ? 1 : 0;
  }
  return { labels, undecided };
}

/**
 * The label that stands for several which are equally good; undefined: undecided. A single label stands for itself.
 */
export function resolveTie(labels: readonly number[], ties: TieRule): number | undefined {
  if (labels.length < 2) return labels[0];
  if (ties === 'background') return 0;
  if (ties === 'undecided' || labels.length > 2 || !labels.includes(0)) return undefined;
  return labels.find(label => label !== 0);
}
