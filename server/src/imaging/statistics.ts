import type { VoxelArray } from '@voxcord/schemas/geometry';

/** Of the finite numbers among the voxels as stored (before slope and intercept). */
export interface Statistics {
  readonly lowest: number;
  readonly highest: number;
  /** The smallest number that at least 2 % (98 %) of the numbers do not exceed. */
  readonly percentile2: number;
  readonly percentile98: number;
}

const BINS = 65536;

/**
 * Exact for integers of up to 32 bits; for others exact to a 2³²th of the range. All zero if no voxel is finite.
 */
export function statisticsOf(voxels: VoxelArray): Statistics {
  let lowest = Infinity;
  let highest = -Infinity;
  let count = 0;
  for (let n = 0; n < voxels.length; n++) {
    const value = voxels[n] ?? 0;
    // Not finite: the difference with itself is not a number.
    if (value - value !== 0) continue;
    count += 1;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (count === 0) return { lowest: 0, highest: 0, percentile2: 0, percentile98: 0 };
  const percentile = (share: number): number =>
    valueAtRank(voxels, Math.max(1, Math.ceil(share * count)), lowest, highest);
  return { lowest, highest, percentile2: percentile(0.02), percentile98: percentile(0.98) };
}

/** The number at a rank (from 1) among the finite voxels, which lie in `lowest` ... `highest`. */
function valueAtRank(voxels: VoxelArray, rank: number, lowest: number, highest: number): number {
  if (lowest === highest) return lowest;
  // A range beyond the largest number cannot be divided into bins.
  if (!Number.isFinite(highest - lowest)) return rank === 1 ? lowest : highest;
  const coarse = histogram(voxels, lowest, highest, lowest, (highest - lowest) / (BINS - 1));
  const bin = binAtRank(coarse, rank);
  return bin.lowest === bin.highest
    ? bin.lowest
    : binAtRank(
        histogram(voxels, bin.lowest, bin.highest, bin.lowest, (bin.highest - bin.lowest) / (BINS - 1)),
        bin.rank
      ).highest;
}

interface Histogram {
  readonly counts: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

function histogram(voxels: VoxelArray, from: number, to: number, start: number, width: number): Histogram {
  const counts = new Float64Array(BINS);
  const lowest = new Float64Array(BINS).fill(Infinity);
  const highest = new Float64Array(BINS).fill(-Infinity);
  for (let n = 0; n < voxels.length; n++) {
    const value = voxels[n] ?? 0;
    if (!(value >= from && value <= to)) continue;
    const bin = Math.min(BINS - 1, Math.floor((value - start) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
    if (value < (lowest[bin] ?? Infinity)) lowest[bin] = value;
    if (value > (highest[bin] ?? -Infinity)) highest[bin] = value;
  }
  return { counts, lowest, highest };
}

/** The bin that holds a rank, the numbers in it, and the rank inside it. */
function binAtRank(bins: Histogram, rank: number): { lowest: number; highest: number; rank: number } {
  let before = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const count = bins.counts[bin] ?? 0;
    if (before + count >= rank) {
      return { lowest: bins.lowest[bin] ?? 0, highest: bins.highest[bin] ?? 0, rank: rank - before };
    }
    before += count;
  }
  throw new RangeError(`No value at rank ${rank}`);
}
