import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import { connectedComponents, type Components } from '../morphology/connectedComponents.js';

/** The objects of a label map: maximal sets of voxels of one segment that touch by faces, edges or corners. */
export interface Objects extends Components {
  /** Segment of each object; entry 0 is unused. */
  readonly segments: Uint8Array;
}

export function objectsOf(labels: Uint8Array, dims: Dims): Objects {
  const components = connectedComponents(labels, dims, 26);
  const segments = new Uint8Array(components.count + 1);
  for (let voxel = 0; voxel < labels.length; voxel++) segments[components.labels[voxel] ?? 0] = labels[voxel] ?? 0;
  return { ...components, segments };
}

/** Which objects before and after share voxels. */
export interface Links {
  /** For each object before, the objects after it shares voxels with, and how many; entry 0 is unused. */
  readonly ofBefore: readonly ReadonlyMap<number, number>[];
}

export function linkObjects(before: Objects, after: Objects): Links {
  const ofBefore = Array.from({ length: before.count + 1 }, () => new Map<number, number>());
  for (let voxel = 0; voxel < before.labels.length; voxel++) {
    const old = before.labels[voxel] ?? 0;
    const current = after.labels[voxel] ?? 0;
    if (old === 0 || current === 0) continue;
    const counts = ofBefore[old];
    counts?.set(current, (counts.get(current) ?? 0) + 1);
  }
  return { ofBefore };
}

/** The part of a label map in a box, without the segments that are not asked for. */
export function cropLabels(labels: Uint8Array, dims: Dims, box: VoxelBox, isWanted: Uint8Array): Uint8Array {
  const [ni, nj, nk] = [0, 1, 2].map(axis => (box.max[axis] ?? 0) - (box.min[axis] ?? 0) + 1);
  const cropped = new Uint8Array((ni ?? 0) * (nj ?? 0) * (nk ?? 0));
  let to = 0;
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    for (let j = box.min[1]; j <= box.max[1]; j++) {
      const row = (k * dims[1] + j) * dims[0];
      for (let from = row + box.min[0]; from <= row + box.max[0]; from++, to++) {
        const segment = labels[from] ?? 0;
        if (isWanted[segment] === 1) cropped[to] = segment;
      }
    }
  }
  return cropped;
}
