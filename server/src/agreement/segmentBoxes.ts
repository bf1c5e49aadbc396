import { unionBox, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/** Where a segment lies in a label map, and how large it is. */
export interface SegmentExtent {
  readonly box: VoxelBox;
  readonly voxels: number;
}

const BOX = 6;

/** The segments of a label map, in one pass. 0 is no segment. */
export function segmentExtents(labels: Uint8Array, dims: Dims): ReadonlyMap<number, SegmentExtent> {
  const [ni, nj, nk] = dims;
  const voxels = new Float64Array(256);
  const ends = new Int32Array(256 * BOX);
  for (let k = 0, index = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, index++) {
        const segment = labels[index] ?? 0;
        if (segment === 0) continue;
        const at = segment * BOX;
        const count = voxels[segment] ?? 0;
        voxels[segment] = count + 1;
        if (count === 0) {
          ends.set([i, i, j, j, k, k], at);
          continue;
        }
        if (i < (ends[at] ?? 0)) ends[at] = i;
        else if (i > (ends[at + 1] ?? 0)) ends[at + 1] = i;
        if (j < (ends[at + 2] ?? 0)) ends[at + 2] = j;
        else if (j > (ends[at + 3] ?? 0)) ends[at + 3] = j;
        ends[at + 5] = k;
      }
    }
  }
  const extents = new Map<number, SegmentExtent>();
  voxels.forEach((count, segment) => {
    if (count === 0) return;
    const [i0 = 0, i1 = 0, j0 = 0, j1 = 0, k0 = 0, k1 = 0] = ends.subarray(segment * BOX);
    extents.set(segment, { box: { min: [i0, j0, k0], max: [i1, j1, k1] }, voxels: count });
  });
  return extents;
}

/** The smallest box around all of them; null around nothing. */
export function boxAround(boxes: readonly VoxelBox[]): VoxelBox | null {
  const [first, ...others] = boxes;
  return first === undefined ? null : others.reduce(unionBox, first);
}
