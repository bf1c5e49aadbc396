import type { Vector } from '@voxcord/schemas/geometry';
import type { Crop } from './prompts.js';

/** mm: the smallest and the largest thing that is looked for around one place. */
export const SMALLEST_RADIUS = 2;
export const LARGEST_RADIUS = 40;

/** mm: thickness of the shells that are looked at one by one, and of the thinnest one that is compared with a ball. */
const SHELL = 0.5;
const THINNEST = 1.5;
/** Of an image without noise: of two borders the one that is seen whole counts. */
const LEAST_CHANCE = 1e-6;
/** The ball and the shell around it have equal volumes. */
const OUTWARDS = Math.cbrt(2);
/** mm³ over which the noise of a CT is about the same. */
const CORRELATED = 20;
/** Contrast that is not worth more than this share of the noise. */
const INDIFFERENCE = 0.25;
/** mm: of two radii that are as clear, the smaller one is meant; one larger by this must be e times as clear. */
const MODESTY = 15;
/** mm about the place, and how many standard deviations in there any other value is kept within: air beside a liver. */
const NEAR = 3;
const MOST_DEVIATIONS = 10;

/** What a place looks like from itself. */
export interface Surroundings {
  /** mm: how large a round thing about the place most probably is. */
  readonly radius: number;
  /** Standard deviation of the values right at the place. */
  readonly noise: number;
}

/**
 * How large a round thing about a place most probably is: the radius at which the mean inside differs most surely from the
 * mean in a shell of equal volume around it, in terms of what noise makes of such a difference. The idea is that of scale
 * selection by a normalised Laplacian (Lindeberg, Int. J. Computer Vision 30, 1998), with balls for Gaussians.
 *
 * @param at index of the crop, not rounded
 * @param atMost mm
 */
export function lookAround(crop: Crop, at: Vector, atMost: number): Surroundings {
  const near = radialProfile(crop, at, NEAR, [-Infinity, Infinity]).between(0, NEAR);
  const middle = near?.mean ?? 0;
  const noise = Math.sqrt(near?.variance ?? 0);
  const most = noise === 0 ? Infinity : MOST_DEVIATIONS * noise;
  const profile = radialProfile(crop, at, OUTWARDS * atMost + 2, [middle - most, middle + most]);
  let radius = SMALLEST_RADIUS;
  let highest = -Infinity;
  for (let candidate = SMALLEST_RADIUS; candidate <= atMost; candidate += SHELL) {
    const score = contrastAt(profile, candidate) * Math.exp(-candidate / MODESTY);
    if (score > highest) [highest, radius] = [score, candidate];
  }
  return { radius, noise };
}

/** How surely the ball differs from the shell around it; 0 where either holds no voxel. */
function contrastAt(profile: RadialProfile, radius: number): number {
  const inside = profile.between(0, radius);
  const outside = profile.between(radius, Math.max(radius + THINNEST, radius * OUTWARDS));
  if (inside === null || outside === null) return 0;
  const pooled = (inside.variance * inside.count + outside.variance * outside.count) / (inside.count + outside.count);
  const independent = (count: number): number => Math.max(1, count * Math.min(1, profile.voxel / CORRELATED));
  const chance = pooled * (1 / independent(inside.count) + 1 / independent(outside.count) + INDIFFERENCE ** 2);
  const difference = Math.abs(inside.mean - outside.mean);
  return difference === 0 ? 0 : difference / Math.sqrt(chance + LEAST_CHANCE * difference ** 2);
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** Sums over shells around a place. */
class RadialProfile {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;

  constructor(
    readonly voxel: number,
    reach: number
  ) {
    const shells = Math.ceil(reach / SHELL);
    this.counts = new Float64Array(shells);
    this.sums = new Float64Array(shells);
    this.squares = new Float64Array(shells);
  }

  /** Of voxels whose distance lies between two radii; null if there are none. */
  between(from: number, to: number): Moments | null {
    let [count, sum, square] = [0, 0, 0];
    const end = Math.min(this.counts.length, Math.round(to / SHELL));
    for (let n = Math.round(from / SHELL); n < end; n++) {
      count += this.counts[n] ?? 0;
      sum += this.sums[n] ?? 0;
      square += this.squares[n] ?? 0;
    }
    if (count === 0) return null;
    const mean = sum / count;
    return { count, mean, variance: Math.max(0, square / count - mean * mean) };
  }
}

function radialProfile(
  { values, dims, spacing }: Crop,
  at: Vector,
  reach: number,
  [lowest, highest]: readonly [number, number]
): RadialProfile {
  const profile = new RadialProfile(spacing[0] * spacing[1] * spacing[2], reach);
  const { counts, sums, squares } = profile;
  const from = (axis: 0 | 1 | 2): number => Math.max(0, Math.ceil(at[axis] - reach / spacing[axis]));
  const to = (axis: 0 | 1 | 2): number => Math.min(dims[axis] - 1, Math.floor(at[axis] + reach / spacing[axis]));
  const [i0, i1] = [from(0), to(0)];
  for (let k = from(2); k <= to(2); k++) {
    const z = (k - at[2]) * spacing[2];
    for (let j = from(1); j <= to(1); j++) {
      const y = (j - at[1]) * spacing[1];
      const row = dims[0] * (j + dims[1] * k);
      const across = y * y + z * z;
      for (let i = i0; i <= i1; i++) {
        const x = (i - at[0]) * spacing[0];
        const shell = Math.floor(Math.sqrt(x * x + across) / SHELL);
        if (shell >= counts.length) continue;
        const value = Math.min(highest, Math.max(lowest, values[row + i] ?? 0));
        counts[shell] = (counts[shell] ?? 0) + 1;
        sums[shell] = (sums[shell] ?? 0) + value;
        squares[shell] = (squares[shell] ?? 0) + value * value;
      }
    }
  }
  return profile;
}
