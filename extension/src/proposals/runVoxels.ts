import type { Dims, PaintedRegion, VoxelBox } from '@voxcord/schemas/labelmap';
import type { Plane, SliceSource, SliceValues } from '../viewer/index.js';
import { PLANE_AXES } from '../viewer/planes.js';

/** A proposed thing: runs of voxels of a grid, to be looked at slice by slice and to be painted. */
export class RunVoxels implements SliceSource {
  private readonly region: PaintedRegion | null;

  /** @param runs start and length of runs, i fastest, ascending; see `Proposal` */
  constructor(
    readonly dims: Dims,
    runs: readonly number[]
  ) {
    const box = boxOf(runs, dims);
    this.region = box === null ? null : { box, mask: maskOf(runs, dims, box) };
  }

  /** What a stroke of it would change: voxels that `accepts` lets through; null if there are none. */
  regionToPaint(accepts: ((index: number) => boolean) | undefined): PaintedRegion | null {
    if (this.region === null || accepts === undefined) return this.region;
    const { box } = this.region;
    const mask = this.region.mask.slice();
    let left = 0;
    forEachRow(box, (at, length, j, k) => {
      const start = box.min[0] + this.dims[0] * (j + this.dims[1] * k);
      for (let i = 0; i < length; i++) {
        if (mask[at + i] === 0) continue;
        if (accepts(start + i)) left += 1;
        else mask[at + i] = 0;
      }
    });
    return left === 0 ? null : { box, mask };
  }

  slice(plane: Plane, index: number): SliceValues | null {
    const { across, up, normal } = PLANE_AXES[plane];
    if (this.region === null) return null;
    const { box, mask } = this.region;
    if (index < box.min[normal] || index > box.max[normal]) return null;
    const [width, height] = [this.dims[across], this.dims[up]];
    const values = new Uint8Array(width * height);
    const at: [number, number, number] = [0, 0, 0];
    forEachRow(box, (row, length, j, k) => {
      at[1] = j;
      at[2] = k;
      for (let i = 0; i < length; i++) {
        at[0] = box.min[0] + i;
        if (at[normal] === index && mask[row + i] !== 0) values[at[across] + width * at[up]] = 1;
      }
    });
    return { width, height, values };
  }
}

function boxOf(runs: readonly number[], dims: Dims): VoxelBox | null {
  const min: [number, number, number] = [...dims];
  const max: [number, number, number] = [-1, -1, -1];
  eachRun(runs, dims, (i, j, k, length) => {
    min[0] = Math.min(min[0], i);
    max[0] = Math.max(max[0], i + length - 1);
    min[1] = Math.min(min[1], j);
    max[1] = Math.max(max[1], j);
    min[2] = Math.min(min[2], k);
    max[2] = Math.max(max[2], k);
  });
  return max[0] < 0 ? null : { min, max };
}

function maskOf(runs: readonly number[], dims: Dims, { min, max }: VoxelBox): Uint8Array {
  const [ni, nj, nk] = [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
  const mask = new Uint8Array(ni * nj * nk);
  eachRun(runs, dims, (i, j, k, length) => {
    const at = i - min[0] + ni * (j - min[1] + nj * (k - min[2]));
    mask.fill(1, at, at + length);
  });
  return mask;
}

/** Each run by rows: one that goes on in the next row is two. */
function eachRun(
  runs: readonly number[],
  [ni, nj]: Dims,
  visit: (i: number, j: number, k: number, length: number) => void
): void {
  for (let n = 0; n + 1 < runs.length; n += 2) {
    let start = runs[n] ?? 0;
    let left = runs[n + 1] ?? 0;
    while (left > 0) {
      const i = start % ni;
      const length = Math.min(left, ni - i);
      visit(i, Math.floor(start / ni) % nj, Math.floor(start / (ni * nj)), length);
      start += length;
      left -= length;
    }
  }
}

function forEachRow({ min, max }: VoxelBox, visit: (at: number, length: number, j: number, k: number) => void): void {
  const length = max[0] - min[0] + 1;
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++, at += length) visit(at, length, j, k);
  }
}
