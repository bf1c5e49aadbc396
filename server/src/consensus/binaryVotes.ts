import type { VotePatterns } from './votePatterns.js';

/** Votes for one object: how many voxels of a region have each combination of readers who marked them. */
export interface BinaryVotes {
  readonly readers: number;
  /** Combination of each row: bit r is set if reader r marked the voxels. The first row is 0: nobody did. */
  readonly marks: Uint32Array;
  readonly counts: Float64Array;
}

/** Votes for one segment, with the row in which each pattern of the case is counted. */
export interface SegmentVotes {
  /** Over the whole grid. */
  readonly votes: BinaryVotes;
  /** Row of each pattern. */
  readonly rowOfPattern: Uint32Array;
}

/**
 * The votes of some readers for one segment over the whole grid. Bit n stands for `readers[n]`.
 */
export function votesForSegment(
  { table, counts, readers: all }: Pick<VotePatterns, 'table' | 'counts' | 'readers'>,
  segment: number,
  readers: readonly number[]
): SegmentVotes {
  const rows = new Map<number, number>([[0, 0]]);
  const rowOfPattern = new Uint32Array(counts.length);
  const sums: number[] = [0];
  for (let pattern = 0; pattern < counts.length; pattern++) {
    let marks = 0;
    readers.forEach((reader, bit) => {
      if (table[pattern * all + reader] === segment) marks |= 1 << bit;
    });
    let row = rows.get(marks);
    if (row === undefined) {
      row = sums.length;
      rows.set(marks, row);
      sums.push(0);
    }
    rowOfPattern[pattern] = row;
    sums[row] = (sums[row] ?? 0) + (counts[pattern] ?? 0);
  }
  const votes = { readers: readers.length, marks: Uint32Array.from(rows.keys()), counts: Float64Array.from(sums) };
  return { votes, rowOfPattern };
}

/**
 * The same votes in a region that holds all marked voxels: only the number of voxels that nobody marked changes with the
 * region.
 */
export function votesInRegion({ readers, marks, counts }: BinaryVotes, regionVoxels: number): BinaryVotes {
  const inRegion = counts.slice();
  inRegion[0] = regionVoxels - markedVoxels({ counts });
  return { readers, marks, counts: inRegion };
}

/** Voxels that somebody marked. */
export function markedVoxels({ counts }: Pick<BinaryVotes, 'counts'>): number {
  let sum = 0;
  for (let row = 1; row < counts.length; row++) sum += counts[row] ?? 0;
  return sum;
}

export function totalVoxels({ counts }: Pick<BinaryVotes, 'counts'>): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

export function bitCount(marks: number): number {
  let count = 0;
  for (let rest = marks; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Voxels that each reader marked. */
export function markedByReader({ readers, marks, counts }: BinaryVotes): number[] {
  const sums = new Array<number>(readers).fill(0);
  for (let row = 0; row < marks.length; row++) {
    for (let r = 0; r < readers; r++) {
      if (((marks[row] ?? 0) >>> r) & 1) sums[r] = (sums[r] ?? 0) + (counts[row] ?? 0);
    }
  }
  return sums;
}

/** Share of readers who marked the voxels of each row; with weights, of their weight. */
export function voteShares({ readers, marks }: BinaryVotes, weights?: readonly number[]): Float64Array {
  const weight = (r: number): number => weights?.[r] ?? 1;
  let total = 0;
  for (let r = 0; r < readers; r++) total += weight(r);
  return Float64Array.from(marks, row => {
    let sum = 0;
    for (let r = 0; r < readers; r++) if ((row >>> r) & 1) sum += weight(r);
    return total === 0 ? 0 : sum / total;
  });
}
