import { boxVolume, unionBox, type VoxelBox } from './grid.js';

/** Two boxes become one when that covers less than this times what they cover themselves. */
const MERGE_UP_TO = 1.5;

/** More boxes than this are not compared pair by pair. */
const PAIRWISE_UP_TO = 256;

/**
 * Fewer boxes that cover the same voxels and little else. Uploading a box has a fixed cost and one by volume, so
 * neighbours are joined and distant boxes are kept apart.
 */
export function mergeBoxes(boxes: readonly VoxelBox[]): VoxelBox[] {
  const merged = joinNeighbours(boxes);
  if (merged.length > PAIRWISE_UP_TO) {
    return [merged.reduce(unionBox)];
  }
  for (let at = 0; at < merged.length; at++) {
    for (let other = at + 1; other < merged.length; other++) {
      const union = joined(merged[at], merged[other]);
      if (union === null) continue;
      merged[at] = union;
      merged.splice(other, 1);
      // The larger box may now reach boxes that were too far before.
      other = at;
    }
  }
  return merged;
}

function joinNeighbours(boxes: readonly VoxelBox[]): VoxelBox[] {
  const result: VoxelBox[] = [];
  for (const box of boxes) {
    const union = joined(result.at(-1), box);
    if (union === null) result.push(box);
    else result[result.length - 1] = union;
  }
  return result;
}

function joined(a: VoxelBox | undefined, b: VoxelBox | undefined): VoxelBox | null {
  if (a === undefined || b === undefined) return null;
  const union = unionBox(a, b);
  return boxVolume(union) <= MERGE_UP_TO * (boxVolume(a) + boxVolume(b)) ? union : null;
}
