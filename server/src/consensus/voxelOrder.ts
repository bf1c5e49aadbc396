import type { Orientation } from '@voxcord/schemas/geometry';
import { boxSize, type VoxelBox } from '@voxcord/schemas/labelmap';
import type { VotePatterns } from './votePatterns.js';

/** The voxels of a region one after the other, as runs of voxels with the same votes. */
export interface VoxelOrder {
  /** Row of the votes of each run. */
  readonly rows: Uint32Array;
  readonly lengths: Uint32Array;
}

/** More runs than this are not worth their memory: 8 bytes each. */
const MAXIMUM_RUNS = 30_000_000;

/**
 * The voxels of a region in the order in which a file stores them; null if votes change so often that it would take too
 * much memory.
 *
 * @param rowOfPattern row of the votes of each pattern
 * @param region box in the grid
 * @param orientation headings of the file's axes on the closest-canonical grid: its first axis is the fastest
 */
export function voxelsInOrder(
  { box, index }: VotePatterns,
  rowOfPattern: Uint32Array,
  region: VoxelBox,
  orientation: Orientation
): VoxelOrder | null {
  const runs = new RunList(rowOfPattern[0] ?? 0);
  const size = boxSize(region);
  const [fast, middle, slow] = orientation;
  const inner = box ?? { min: [0, 0, 0], max: [-1, -1, -1] };
  const [ni, nj] = boxSize(inner);
  const strides = [1, ni, ni * nj] as const;
  const at = ({ axis, sign }: Orientation[0], n: number): number =>
    sign === 1 ? region.min[axis] + n : region.max[axis] - n;
  const isInside = ({ axis }: Orientation[0], position: number): boolean =>
    position >= inner.min[axis] && position <= inner.max[axis];
  const length = size[fast.axis];
  const step = fast.sign * strides[fast.axis];
  // Steps along the fast axis before the marks' box, and in it.
  const before =
    fast.sign === 1 ? inner.min[fast.axis] - region.min[fast.axis] : region.max[fast.axis] - inner.max[fast.axis];
  const first = Math.max(0, Math.min(length, before));
  const last = Math.max(first, Math.min(length, before + inner.max[fast.axis] - inner.min[fast.axis] + 1));
  for (let z = 0; z < size[slow.axis]; z++) {
    const c = at(slow, z);
    for (let y = 0; y < size[middle.axis]; y++) {
      const b = at(middle, y);
      if (!isInside(slow, c) || !isInside(middle, b)) {
        runs.add(runs.background, length);
        continue;
      }
      runs.add(runs.background, first);
      let voxel =
        (c - inner.min[slow.axis]) * strides[slow.axis] +
        (b - inner.min[middle.axis]) * strides[middle.axis] +
        (at(fast, first) - inner.min[fast.axis]) * strides[fast.axis];
      for (let x = first; x < last; x++) {
        runs.add(rowOfPattern[index[voxel] ?? 0] ?? 0, 1);
        voxel += step;
      }
      runs.add(runs.background, length - last);
    }
    if (runs.size > MAXIMUM_RUNS) return null;
  }
  return runs.finish();
}

class RunList {
  size = 0;
  private rows = new Uint32Array(4096);
  private lengths = new Uint32Array(4096);
  private row: number;
  private length = 0;

  constructor(readonly background: number) {
    this.row = background;
  }

  add(row: number, length: number): void {
    if (row === this.row) {
      this.length += length;
      return;
    }
    if (length === 0) return;
    this.close();
    this.row = row;
    this.length = length;
  }

  finish(): VoxelOrder {
    this.close();
    return { rows: this.rows.slice(0, this.size), lengths: this.lengths.slice(0, this.size) };
  }

  private close(): void {
    if (this.length === 0) return;
    if (this.size === this.rows.length) {
      this.rows = doubled(this.rows);
      this.lengths = doubled(this.lengths);
    }
    this.rows[this.size] = this.row;
    this.lengths[this.size] = this.length;
    this.size += 1;
    this.length = 0;
  }
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
}
