import type { VoxelBox } from '@voxcord/schemas/labelmap';

/** A union may be this much larger than its parts before two boxes are uploaded one by one. */
const WASTE_ALLOWED = 1.5;
/** Above this many boxes one upload of everything is cheaper. */
const MOST_BOXES = 200;

export type Upload = { readonly kind: 'boxes'; readonly boxes: readonly VoxelBox[] } | { readonly kind: 'everything' };

export function boxVolume(box: VoxelBox): number {
  return (box.max[0] - box.min[0] + 1) * (box.max[1] - box.min[1] + 1) * (box.max[2] - box.min[2] + 1);
}

export function union(a: VoxelBox, b: VoxelBox): VoxelBox {
  return {
    min: [Math.min(a.min[0], b.min[0]), Math.min(a.min[1], b.min[1]), Math.min(a.min[2], b.min[2])],
    max: [Math.max(a.max[0], b.max[0]), Math.max(a.max[1], b.max[1]), Math.max(a.max[2], b.max[2])]
  };
}

/**
 * What to upload for the boxes of one frame. Each call of the driver costs about as much as a small box
 * and union boxes of scattered strokes cost more than all of them, so boxes are joined only while the
 * union wastes little.
 */
export function planUpload(boxes: readonly VoxelBox[]): Upload {
  if (boxes.length > MOST_BOXES * 4) return { kind: 'everything' };
  const merged: VoxelBox[] = [];
  for (const box of boxes) {
    let growing = box;
    for (let index = 0; index < merged.length;) {
      const other = merged[index];
      if (other === undefined) break;
      const joined = union(growing, other);
      if (boxVolume(joined) <= WASTE_ALLOWED * (boxVolume(growing) + boxVolume(other))) {
        growing = joined;
        merged.splice(index, 1);
        index = 0;
      } else {
        index++;
      }
    }
    merged.push(growing);
  }
  return merged.length > MOST_BOXES ? { kind: 'everything' } : { kind: 'boxes', boxes: merged };
}
