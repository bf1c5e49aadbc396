import { type Dims, unionBox, type VoxelBox } from '@voxcord/schemas/labelmap';
import type { ReadableVoxels } from './acceptance.js';

/** Edge of the neighbourhood in which differing voxels are counted, in mm. */
const NEIGHBOURHOOD = 12;

/** Voxels with their boxes that may hold something. */
export interface SparseVoxels extends ReadableVoxels {
  readonly dims: Dims;
  readonly boxes: readonly VoxelBox[];
}

/**
 * Where two label maps differ most about a segment: the voxel that differs next to the middle of the densest place of
 * differing voxels. Null: they do not differ.
 */
export function greatestDisagreement(
  a: SparseVoxels,
  b: SparseVoxels,
  segment: number,
  spacing: readonly [number, number, number]
): readonly [number, number, number] | null {
  const edge = (axis: 0 | 1 | 2): number => Math.max(1, Math.round(NEIGHBOURHOOD / spacing[axis]));
  const [ei, ej, ek] = [edge(0), edge(1), edge(2)];
  const across = Math.ceil(a.dims[0] / ei);
  const along = Math.ceil(a.dims[1] / ej);
  const places = new Map<number, Place>();
  for (const [i, j, k] of differing(a, b, segment)) {
    const key = (Math.floor(k / ek) * along + Math.floor(j / ej)) * across + Math.floor(i / ei);
    const place = places.get(key) ?? { count: 0, sum: [0, 0, 0] };
    place.count++;
    place.sum[0] += i;
    place.sum[1] += j;
    place.sum[2] += k;
    places.set(key, place);
  }
  let densest: Place | null = null;
  for (const place of places.values()) if (densest === null || place.count > densest.count) densest = place;
  if (densest === null) return null;
  const { count, sum } = densest;
  let best: readonly [number, number, number] | null = null;
  let nearest = Infinity;
  for (const voxel of differing(a, b, segment)) {
    const off = Math.hypot(
      (voxel[0] - sum[0] / count) * spacing[0],
      (voxel[1] - sum[1] / count) * spacing[1],
      (voxel[2] - sum[2] / count) * spacing[2]
    );
    if (off < nearest) [nearest, best] = [off, voxel];
  }
  return best;
}

interface Place {
  count: number;
  readonly sum: [number, number, number];
}

function* differing(a: SparseVoxels, b: SparseVoxels, segment: number): Generator<readonly [number, number, number]> {
  for (const box of boxesOf(a.boxes, b.boxes)) {
    const [left, right] = [a.read(box), b.read(box)];
    let at = 0;
    for (let k = box.min[2]; k <= box.max[2]; k++) {
      for (let j = box.min[1]; j <= box.max[1]; j++) {
        for (let i = box.min[0]; i <= box.max[0]; i++, at++) {
          if ((left[at] === segment) !== (right[at] === segment)) yield [i, j, k];
        }
      }
    }
  }
}

/** Each box once: bricks of both maps lie on one grid of bricks. */
function boxesOf(a: readonly VoxelBox[], b: readonly VoxelBox[]): VoxelBox[] {
  const boxes = new Map<string, VoxelBox>();
  for (const box of [...a, ...b]) {
    const key = box.min.join();
    const known = boxes.get(key);
    boxes.set(key, known === undefined ? box : unionBox(known, box));
  }
  return [...boxes.values()];
}
