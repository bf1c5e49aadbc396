import type { TieRule } from '@voxcord/schemas/api';
import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, boxVolume, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { clippedBox, cutOut } from '../morphology/boxes.js';
import { signedDistanceTransform } from '../morphology/distanceTransform.js';
import { Decision } from './votes.js';

/** Mean distances that differ by less than this share of a voxel are equal: sums in another order are rounded apart. */
const EQUAL = 1e-9;

/**
 * Shape-based averaging (Rohlfing and Maurer, IEEE TIP 2007;16:153): foreground where the mean signed distance to the
 * readers' borders is negative, a tie where it is 0. A reader without a mark is infinitely far everywhere, so that one
 * such reader alone makes the average empty: presence must have been decided before.
 *
 * @param masks one per reader, 1 inside and 0 outside, of the voxels of `dims`; if that is a box cut out of an image, it
 *   must hold the marked voxels and one voxel more on each side where the image has one
 * @param weights of the readers; left out: all alike
 */
export function averageShapes(
  masks: Iterable<Uint8Array>,
  dims: Dims,
  spacing: Vector,
  ties: TieRule,
  weights?: readonly number[]
): Uint8Array {
  const sum = summedDistances(masks, dims, spacing, weights);
  const near = EQUAL * Math.min(...spacing);
  return Uint8Array.from(sum, distance =>
    Number.isNaN(distance) || Math.abs(distance) <= near
      ? Decision[ties]
      : distance < 0
        ? Decision.foreground
        : Decision.background
  );
}

/** Weighted sums of the signed distances of all readers, one per voxel. */
function summedDistances(
  masks: Iterable<Uint8Array>,
  dims: Dims,
  spacing: Vector,
  weights?: readonly number[]
): Float64Array {
  const sum = new Float64Array(dims[0] * dims[1] * dims[2]);
  let reader = 0;
  for (const mask of masks) {
    const weight = weights?.[reader++] ?? 1;
    if (weight === 0) continue;
    const distances = signedDistanceTransform(mask, dims, spacing);
    for (let voxel = 0; voxel < sum.length; voxel++) sum[voxel] = (sum[voxel] ?? 0) + weight * (distances[voxel] ?? 0);
  }
  return sum;
}

/** The box with one voxel more on each side where the grid has one: what `averageShapes` needs. */
export function shapeBox(box: VoxelBox, dims: Dims): VoxelBox {
  const { min, max } = box;
  return clippedBox({ min: [min[0] - 1, min[1] - 1, min[2] - 1], max: [max[0] + 1, max[1] + 1, max[2] + 1] }, dims);
}

export interface AveragedLabels {
  /** Label of each voxel of the box; 0 where it is undecided. */
  readonly labels: Uint8Array;
  /** 1 where two labels are as near. */
  readonly undecided: Uint8Array;
}

/**
 * Shape-based averaging of several labels: the label with the smallest mean signed distance, background included.
 * `background` and `foreground` resolve ties as in `votePlurality`.
 *
 * @param reads segment numbers on the whole grid
 * @param box as `shapeBox` makes it of the box of all marked voxels
 */
export function averageLabelShapes(
  reads: readonly Uint8Array[],
  dims: Dims,
  spacing: Vector,
  labels: readonly number[],
  box: VoxelBox,
  ties: TieRule,
  weights?: readonly number[]
): AveragedLabels {
  const near = EQUAL * Math.min(...spacing);
  const size: Dims = boxSize(box);
  const parts = reads.map(read => cutOut(read, dims, box));
  const best = new Float64Array(boxVolume(box)).fill(Infinity);
  const result = new Uint8Array(best.length);
  const undecided = new Uint8Array(best.length);
  for (const label of [0, ...labels]) {
    const sum = summedDistances(masksOf(parts, label), size, spacing, weights);
    for (let voxel = 0; voxel < sum.length; voxel++) {
      const distance = sum[voxel] ?? 0;
      const least = best[voxel] ?? 0;
      if (Math.abs(distance - least) <= near || Number.isNaN(distance)) {
        const isWithBackground = result[voxel] === 0 && undecided[voxel] === 0;
        if (ties === 'foreground' && isWithBackground) result[voxel] = label;
        else if (ties === 'background') result[voxel] = 0;
        else undecided[voxel] = 1;
      } else if (distance < least) {
        best[voxel] = distance;
        result[voxel] = label;
        undecided[voxel] = 0;
      }
    }
  }
  for (let voxel = 0; voxel < result.length; voxel++) if (undecided[voxel] === 1) result[voxel] = 0;
  return { labels: result, undecided };
}

function* masksOf(parts: readonly Uint8Array[], label: number): Generator<Uint8Array> {
  for (const part of parts) yield part.map(value => (value === label ? 1 : 0));
}
