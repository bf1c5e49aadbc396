import type { Claims } from './claims.js';
import type { VotePatterns } from './votePatterns.js';

/** What became of the patterns. */
export interface Tally {
  /** Voxels of the segment. */
  readonly voxels: number;
  /** Undecided voxels that one reader at least gave to the segment. */
  readonly undecidedVoxels: number;
  /** Voxels of the segment, and undecided ones, per pattern. */
  readonly inside: Float64Array;
  readonly open: Float64Array;
}

/** Counts the voxels of the patterns' box that were given to a segment. */
export function tally({ index, counts, table, readers }: VotePatterns, claims: Claims, segment: number): Tally {
  const inside = new Float64Array(counts.length);
  const open = new Float64Array(counts.length);
  const isMarked = Uint8Array.from(counts, (_, pattern) => {
    const start = pattern * readers;
    return table.subarray(start, start + readers).includes(segment) ? 1 : 0;
  });
  let voxels = 0;
  let undecidedVoxels = 0;
  for (let voxel = 0; voxel < index.length; voxel++) {
    const pattern = index[voxel] ?? 0;
    if (claims.labels[voxel] === segment) {
      inside[pattern] = (inside[pattern] ?? 0) + 1;
      voxels++;
    } else if (pattern !== 0 && claims.isUndecided(voxel)) {
      open[pattern] = (open[pattern] ?? 0) + 1;
      undecidedVoxels += isMarked[pattern] ?? 0;
    }
  }
  return { voxels, undecidedVoxels, inside, open };
}

/** Sensitivity and specificity of one reader against the hard consensus in the whole image; undecided voxels do not count. */
export function performanceAgainst(
  { counts, table, readers: all }: VotePatterns,
  { inside, open, voxels }: Tally,
  segment: number,
  reader: number
): { sensitivity: number | null; specificity: number | null; reason: string | null } {
  let hits = 0;
  let outside = 0;
  let rejections = 0;
  counts.forEach((count, pattern) => {
    const isMarked = table[pattern * all + reader] === segment;
    const rest = count - (inside[pattern] ?? 0) - (open[pattern] ?? 0);
    outside += rest;
    if (isMarked) hits += inside[pattern] ?? 0;
    else rejections += rest;
  });
  return {
    sensitivity: voxels === 0 ? null : hits / voxels,
    specificity: outside === 0 ? null : rejections / outside,
    reason: voxels === 0 ? 'The consensus is empty.' : outside === 0 ? 'The consensus is full.' : null
  };
}
