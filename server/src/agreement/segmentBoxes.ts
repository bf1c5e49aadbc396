import { unionBox, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/** Where a segment lies in a label map, and how large it is. */
export interface SegmentExtent {
  readonly box: VoxelBox;
  readonly voxels: number;
}

const BOX = 6;
const WORD = 4;

/** The segments of a label map, in one pass. 0 is no segment. */
export function segmentExtents(labels: Uint8Array, dims: Dims): ReadonlyMap<number, SegmentExtent> {
  const found = new Extents();
  const [ni, nj] = dims;
  for (let index = nextPainted(labels, 0); index < labels.length;) {
    const row = Math.floor(index / ni);
    const j = row % nj;
    const k = Math.floor(row / nj);
    const end = (row + 1) * ni;
    // Runs of one segment to the end of the row.
    while (index < end) {
      const segment = labels[index] ?? 0;
      const from = index;
      while (index < end && labels[index] === segment) index += 1;
      if (segment !== 0) found.add(segment, from - row * ni, index - from, j, k);
    }
    index = nextPainted(labels, index);
  }
  return found.taken();
}

/** The first voxel from `from` on that is not 0; the length if there is none. Empty space is passed in words. */
function nextPainted(labels: Uint8Array, from: number): number {
  let index = from;
  if (labels.byteOffset % WORD === 0) {
    while (index < labels.length && index % WORD !== 0 && labels[index] === 0) index += 1;
    if (index % WORD !== 0) return index;
    const words = new Uint32Array(labels.buffer, labels.byteOffset, Math.floor(labels.length / WORD));
    let word = index / WORD;
    while (word < words.length && words[word] === 0) word += 1;
    index = word * WORD;
  }
  while (index < labels.length && labels[index] === 0) index += 1;
  return index;
}

class Extents {
  private readonly voxels = new Float64Array(256);
  /** Of each segment the smallest and the largest i, j and k. */
  private readonly ends = new Int32Array(256 * BOX);

  add(segment: number, i: number, length: number, j: number, k: number): void {
    const { ends, voxels } = this;
    const at = segment * BOX;
    const before = voxels[segment] ?? 0;
    const last = i + length - 1;
    voxels[segment] = before + length;
    if (before === 0) {
      ends.set([i, last, j, j, k, k], at);
      return;
    }
    if (i < (ends[at] ?? 0)) ends[at] = i;
    if (last > (ends[at + 1] ?? 0)) ends[at + 1] = last;
    if (j < (ends[at + 2] ?? 0)) ends[at + 2] = j;
    if (j > (ends[at + 3] ?? 0)) ends[at + 3] = j;
    ends[at + 5] = k;
  }

  taken(): ReadonlyMap<number, SegmentExtent> {
    const extents = new Map<number, SegmentExtent>();
    this.voxels.forEach((voxels, segment) => {
      if (voxels === 0) return;
      const [i0 = 0, i1 = 0, j0 = 0, j1 = 0, k0 = 0, k1 = 0] = this.ends.subarray(segment * BOX);
      extents.set(segment, { box: { min: [i0, j0, k0], max: [i1, j1, k1] }, voxels });
    });
    return extents;
  }
}

/** The smallest box around all of them; null around nothing. */
export function boxAround(boxes: readonly VoxelBox[]): VoxelBox | null {
  const [first, ...others] = boxes;
  return first === undefined ? null : others.reduce(unionBox, first);
}
