import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import { connectedComponents } from '../morphology/connectedComponents.js';

/** One connected object of one reader. Positions are those of the box that it was looked for in. */
export interface Instance {
  /** Unique over all readers, from 0. */
  readonly number: number;
  readonly reader: number;
  /** Its number among the components of its reader, from 1. */
  readonly component: number;
  readonly voxels: number;
  readonly box: VoxelBox;
  readonly firstVoxel: number;
  readonly centroid: Vector;
}

export interface Instances {
  readonly dims: Dims;
  readonly all: readonly Instance[];
  /** Component of each voxel, per reader. */
  readonly components: readonly Uint32Array[];
}

/** Separates what each reader drew into objects that touch nowhere, not even at corners. */
export function findInstances(masks: readonly Uint8Array[], dims: Dims): Instances {
  const all: Instance[] = [];
  const components = masks.map((mask, reader) => {
    const { labels, count, sizes, boxes } = connectedComponents(mask, dims, 26);
    const sums = new Float64Array(3 * (count + 1));
    const first = new Float64Array(count + 1).fill(-1);
    sumPositions(labels, dims, sums, first);
    for (let component = 1; component <= count; component++) {
      const voxels = sizes[component] ?? 0;
      const box = boxes[component];
      if (box === undefined) continue;
      const mean = (axis: number): number => (sums[3 * component + axis] ?? 0) / voxels;
      all.push({
        number: all.length,
        reader,
        component,
        voxels,
        box,
        firstVoxel: first[component] ?? 0,
        centroid: [mean(0), mean(1), mean(2)]
      });
    }
    return labels;
  });
  return { dims, all, components };
}

function sumPositions(labels: Uint32Array, [ni, nj, nk]: Dims, sums: Float64Array, first: Float64Array): void {
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, voxel++) {
        const label = labels[voxel] ?? 0;
        if (label === 0) continue;
        if (first[label] === -1) first[label] = voxel;
        sums[3 * label] = (sums[3 * label] ?? 0) + i;
        sums[3 * label + 1] = (sums[3 * label + 1] ?? 0) + j;
        sums[3 * label + 2] = (sums[3 * label + 2] ?? 0) + k;
      }
    }
  }
}

/** Voxels that two instances of different readers share, for pairs that share any; the lower number first. */
export function sharedVoxels({ all, components }: Instances): Map<number, number> {
  const total = all.length;
  const offsets = components.map((_, reader) => all.findIndex(instance => instance.reader === reader) - 1);
  const shared = new Map<number, number>();
  const here: number[] = [];
  const voxels = components[0]?.length ?? 0;
  for (let voxel = 0; voxel < voxels; voxel++) {
    here.length = 0;
    for (let reader = 0; reader < components.length; reader++) {
      const component = components[reader]?.[voxel] ?? 0;
      if (component !== 0) here.push((offsets[reader] ?? 0) + component);
    }
    for (let a = 0; a < here.length; a++) {
      for (let b = a + 1; b < here.length; b++) {
        const key = (here[a] ?? 0) * total + (here[b] ?? 0);
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
    }
  }
  return shared;
}

/** Whether the voxel nearest to the centroid of one instance belongs to the other one. */
export function holdsCentroid({ dims, components }: Instances, holder: Instance, other: Instance): boolean {
  const [i, j, k] = other.centroid.map(Math.round);
  const voxel = (i ?? 0) + dims[0] * ((j ?? 0) + dims[1] * (k ?? 0));
  return components[holder.reader]?.[voxel] === holder.component;
}

/**
 * Least distance in mm between the surfaces of two instances, infinite if it is above `limit`: 0 where their voxels
 * touch or overlap, a voxel's edge where one voxel lies between them.
 */
export function surfaceGap(instances: Instances, a: Instance, b: Instance, spacing: Vector, limit: number): number {
  if (gapOfBoxes(a.box, b.box, spacing) > limit) return Infinity;
  const one = surfaceOf(instances, a);
  const other = surfaceOf(instances, b);
  let least = Infinity;
  for (let n = 0; n < one.length; n += 3) {
    for (let m = 0; m < other.length; m += 3) {
      let sum = 0;
      for (let axis = 0; axis < 3; axis++) {
        const steps = Math.max(0, Math.abs((one[n + axis] ?? 0) - (other[m + axis] ?? 0)) - 1);
        sum += (steps * (spacing[axis] ?? 1)) ** 2;
      }
      if (sum < least) least = sum;
      if (least === 0) return 0;
    }
  }
  const gap = Math.sqrt(least);
  return gap <= limit ? gap : Infinity;
}

function gapOfBoxes(a: VoxelBox, b: VoxelBox, spacing: Vector): number {
  const gap = (axis: 0 | 1 | 2): number =>
    Math.max(0, b.min[axis] - a.max[axis] - 1, a.min[axis] - b.max[axis] - 1) * spacing[axis];
  return Math.hypot(gap(0), gap(1), gap(2));
}

/** Positions i, j, k of the voxels with a face neighbour that does not belong to the instance. */
export function surfaceOf({ dims, components }: Instances, { reader, component, box }: Instance): Int32Array {
  const labels = components[reader] ?? new Uint32Array(0);
  const [ni, nj, nk] = dims;
  const positions: number[] = [];
  const isInside = (i: number, j: number, k: number): boolean =>
    i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk && labels[i + ni * (j + nj * k)] === component;
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    for (let j = box.min[1]; j <= box.max[1]; j++) {
      for (let i = box.min[0]; i <= box.max[0]; i++) {
        if (!isInside(i, j, k)) continue;
        const isDeep =
          isInside(i - 1, j, k) &&
          isInside(i + 1, j, k) &&
          isInside(i, j - 1, k) &&
          isInside(i, j + 1, k) &&
          isInside(i, j, k - 1) &&
          isInside(i, j, k + 1);
        if (!isDeep) positions.push(i, j, k);
      }
    }
  }
  return Int32Array.from(positions);
}
