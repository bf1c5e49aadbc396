import type { Vector } from '@voxcord/schemas/geometry';
import { voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { clippedBox, grownBox } from '../morphology/boxes.js';
import { valueDensities, type Densities } from './appearance.js';
import { addCones, distancesToBalls, type Ball } from './balls.js';
import { finishMask } from './finishMask.js';
import { smooth } from './gaussian.js';
import { spread } from './geodesicDistance.js';
import { indexOf, millimetresBetween, voxelAt, type Crop, type Place } from './prompts.js';
import { maskOfField } from './fieldMask.js';
import { LARGEST_RADIUS, lookAround, SMALLEST_RADIUS } from './thingRadius.js';
import { toGrid, workingGrid, type WorkingGrid } from './workingGrid.js';

/** Standard deviation of the smoothing before anything is compared: share of the radius, and mm at least and most. */
const DENOISING = { share: 0.15, least: 0.8, most: 2 };
/** A millimetre through what looks like the other side costs so many more. */
const STRANGENESS = 12;
/** What is meant ends within this much more than its supposed radius: share of it, and mm. */
const BEYOND = { share: 1, millimetres: 3 };
/** What certainly looks like the thing, before anything was found: this share of its supposed radius. */
const CORE = 0.6;
/** What certainly looks like the surroundings, before anything was found: this much beyond the supposed radius. */
const SURROUNDINGS = { share: 0.25, millimetres: 1 };
/** Log-odds that a voxel belongs to a round thing of the supposed radius: at most, and over which width they turn. */
const ROUNDNESS = { most: 2, share: 0.25, millimetres: 0.5 };
/** Log-odds that a place other than the first one gives to its neighbourhood, and how wide that is. */
const WORD = { logOdds: 4, reach: 1.5, on: 0.4, beside: 0.5, towardsOpposite: 0.7, least: 1.5 };
/** The first place and the others are all on the thing: it is at least so large, as a share of how far they are. */
const SPREAD_SHARE = 0.8;
/** A place beside the thing nearer to the first place than this share of the radius: the radius was wrong. */
const TOO_LARGE = 0.5;
/** How often the appearance is learnt anew from what was found. */
const ROUNDS = 2;
/** Where the thing is nearer than its surroundings by this, or the other way round, appearance is learnt from it. */
const SURE = 0.3;
/** Smoothing of the border: share of the radius. */
const BORDER = 0.1;
/** A working voxel is at most this share of the radius, but never finer than this many mm. */
const FINENESS = { share: 1 / 16, least: 0.5 };

/** Called now and then; throws to give up. */
export type Checkpoint = () => void;

/**
 * What somebody means who points at places on a thing and beside it: a mask of the crop, 1 in the thing.
 *
 * Geodesic segmentation (Criminisi, Sharp and Blake, GeoS, ECCV 2008; Bai and Sapiro, ICCV 2007): a voxel belongs to the
 * thing if the way there from places on it is shorter than from places beside it, where ways through what looks like the
 * other side are long. What both sides look like is learnt around the places and then once more from what was found
 * (Rother, Kolmogorov and Blake, GrabCut, SIGGRAPH 2004). What nobody has pointed at beside the thing begins where the
 * thing, as large as it seems from its first place, must have ended.
 *
 * @param places indices of the crop; one on the thing at least, the first of them well inside it
 */
export function geodesicProposal(
  crop: Crop,
  places: readonly Place[],
  checkpoint: Checkpoint = () => undefined
): Uint8Array {
  const sides = sidesOf(crop, places);
  const { radius } = sides;
  checkpoint();
  const limit = BEYOND.share * radius + BEYOND.millimetres;
  const box = clippedBox(grownBox(boxAround(sides.on, crop), limit + 1, crop.spacing), crop.dims);
  const grid = workingGrid(crop, box, Math.max(FINENESS.least, FINENESS.share * radius));
  const field = nearness(grid, placed(grid, sides), limit, checkpoint);
  smooth(field, grid.dims, grid.spacing, BORDER * radius);
  const mask = maskOfField(grid, field, crop.dims);
  finishMask(mask, crop.dims, places);
  return mask;
}

/** Balls on the thing, the one about the first place first, and beside it. */
interface Sides {
  readonly on: readonly Ball[];
  readonly beside: readonly Ball[];
  /** mm: of the thing, as it seems. */
  readonly radius: number;
  /** Standard deviation of values around the first place. */
  readonly noise: number;
}

function sidesOf(crop: Crop, places: readonly Place[]): Sides {
  const on = places.filter(place => place.on);
  const beside = places.filter(place => !place.on);
  const [first, ...more] = on;
  if (first === undefined) throw new RangeError('A proposal needs a place on the thing.');
  const away = (a: Place, b: Place): number => millimetresBetween(a.at, b.at, crop.spacing);
  const nearest = (a: Place, others: readonly Place[]): number =>
    others.reduce((least, b) => Math.min(least, away(a, b)), Infinity);
  const distances = more.map(place => away(first, place)).sort((a, b) => a - b);
  const median = distances[Math.floor(distances.length / 2)] ?? 0;
  const free = lookAround(crop, first.at, LARGEST_RADIUS);
  // A place beside the thing but well within its supposed radius says that this was too large; one further out carves.
  const isWrong = nearest(first, beside) < TOO_LARGE * free.radius;
  const atMost = isWrong ? Math.max(SMALLEST_RADIUS, nearest(first, beside)) : LARGEST_RADIUS;
  const seen = isWrong ? lookAround(crop, first.at, atMost) : free;
  const main = Math.max(seen.radius, Math.min(atMost, SPREAD_SHARE * median));
  const radius = Math.max(main, (distances.at(-1) ?? 0) / 2);
  const ball = (place: Place, share: number, opposite: readonly Place[]): Ball => ({
    at: place.at,
    radius: Math.max(WORD.least, Math.min(share * radius, WORD.towardsOpposite * nearest(place, opposite)))
  });
  return {
    on: [{ at: first.at, radius: main }, ...more.map(place => ball(place, WORD.on, beside))],
    beside: beside.map(place => ball(place, WORD.beside, on)),
    radius,
    noise: seen.noise
  };
}

function boxAround(balls: readonly Ball[], { dims, spacing }: Crop): VoxelBox {
  const reach = balls.map(({ radius }) => spacing.map(size => radius / size));
  const end = (axis: 0 | 1 | 2, sign: 1 | -1): number => {
    const ends = balls.map(({ at }, n) => sign * at[axis] + (reach[n]?.[axis] ?? 0));
    const furthest = Math.ceil(ends.reduce((a, b) => Math.max(a, b)));
    return Math.min(dims[axis] - 1, Math.max(0, sign * furthest));
  };
  return { min: [end(0, -1), end(1, -1), end(2, -1)], max: [end(0, 1), end(1, 1), end(2, 1)] };
}

function placed(grid: WorkingGrid, sides: Sides): Sides {
  const move = ({ at, radius }: Ball): Ball => ({ at: toGrid(grid, at), radius });
  return { ...sides, on: sides.on.map(move), beside: sides.beside.map(move) };
}

/** From 1 (on a place) over 0 (as near to the thing as to its surroundings) to -1 (beside it). */
function nearness(grid: WorkingGrid, sides: Sides, limit: number, checkpoint: Checkpoint): Float32Array {
  const { dims, spacing } = grid;
  const { radius } = sides;
  const values = grid.values.slice();
  smooth(values, dims, spacing, Math.min(DENOISING.most, Math.max(DENOISING.least, DENOISING.share * radius)));
  checkpoint();
  const outwards = distancesToBalls(sides.on, dims, spacing);
  const words = wordsOf(sides, dims, spacing);
  const core = (CORE - 1) * (sides.on[0]?.radius ?? radius);
  const around = SURROUNDINGS.share * radius + SURROUNDINGS.millimetres;
  let field: Float32Array = new Float32Array(0);
  for (let round = 0; round < ROUNDS; round++) {
    const found = field;
    const isInside = (n: number): boolean => (round === 0 ? (outwards[n] ?? 0) <= core : (found[n] ?? 0) > SURE);
    const isOutside = (n: number): boolean =>
      (outwards[n] ?? 0) <= limit && (round === 0 ? (outwards[n] ?? 0) >= around : (found[n] ?? 0) < -SURE);
    const densities = valueDensities(values, isInside, isOutside, sides.noise);
    const share = shareOfThing(values, densities, outwards, words, radius);
    checkpoint();
    field = compareWays(share, outwards, limit, sides, dims, spacing, checkpoint);
    if (round < ROUNDS - 1) smooth(field, dims, spacing, BORDER * radius);
  }
  return field;
}

/** Log-odds in favour of the thing by what was said of single places. */
function wordsOf(sides: Sides, dims: Dims, spacing: Vector): Float32Array {
  const words = new Float32Array(voxelCount(dims));
  addCones(words, sides.beside, { dims, spacing }, -WORD.logOdds, WORD.reach);
  addCones(words, sides.on.slice(1), { dims, spacing }, WORD.logOdds, WORD.reach);
  return words;
}

/** How probably each voxel is of the thing, by its value and where it is. */
function shareOfThing(
  values: Float32Array,
  { thing, surroundings }: Densities,
  outwards: Float32Array,
  words: Float32Array,
  radius: number
): Float32Array {
  const { most } = ROUNDNESS;
  const width = ROUNDNESS.share * radius + ROUNDNESS.millimetres;
  return values.map((value, n) => {
    const round = Math.max(-most, Math.min(most, -(outwards[n] ?? 0) / width));
    const odds = (thing(value) / surroundings(value)) * Math.exp(round + (words[n] ?? 0));
    return odds / (1 + odds);
  });
}

function compareWays(
  share: Float32Array,
  outwards: Float32Array,
  limit: number,
  sides: Sides,
  dims: Dims,
  spacing: Vector,
  checkpoint: Checkpoint
): Float32Array {
  const count = voxelCount(dims);
  const costs = new Float32Array(count);
  const fromThing = new Float32Array(count);
  const fromBeside = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const isBeyond = (outwards[n] ?? 0) > limit;
    fromThing[n] = isBeyond ? -1 : Infinity;
    fromBeside[n] = isBeyond ? 0 : Infinity;
    costs[n] = STRANGENESS * (1 - (share[n] ?? 0));
  }
  const voxels = (balls: readonly Ball[]): number[] =>
    balls.map(({ at }) => indexOf(voxelAt({ at, on: true }, dims), dims));
  for (const index of voxels(sides.beside)) [fromThing[index], fromBeside[index]] = [-1, 0];
  for (const index of voxels(sides.on)) [fromThing[index], fromBeside[index]] = [0, -1];
  spread(fromThing, costs, dims, spacing, checkpoint);
  for (let n = 0; n < count; n++) costs[n] = (outwards[n] ?? 0) > limit ? 0 : STRANGENESS * (share[n] ?? 0);
  spread(fromBeside, costs, dims, spacing, checkpoint);
  return fromThing.map((there, n) => {
    const here = fromBeside[n] ?? 0;
    if (there < 0) return -1;
    if (here < 0) return 1;
    // Without anything beside it within the crop, all of it is nearer to the thing.
    if (here === Infinity) return there === Infinity ? -1 : 1;
    return there === Infinity ? -1 : (here - there) / (here + there + Number.EPSILON);
  });
}
