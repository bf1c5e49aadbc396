import type { DisputeRegion } from '@voxcord/schemas/api';
import { boxSize, type Dims, type PaintedRegion } from '@voxcord/schemas/labelmap';
import type { Plane, SliceSource, SliceValues } from '../viewer/index.js';
import { PLANE_AXES } from '../viewer/planes.js';

/** The voxels of runs (start, length ... in linear order, i fastest) in their smallest box; null: there are none. */
export function regionOfRuns({ runs }: DisputeRegion, dims: Dims): PaintedRegion | null {
  const [ni, nj] = dims;
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-1, -1, -1];
  const rows: { i: number; j: number; k: number; length: number }[] = [];
  for (let n = 0; n + 1 < runs.length; n += 2) {
    let start = runs[n] ?? 0;
    // A run may go on into the next row.
    for (let left = runs[n + 1] ?? 0; left > 0;) {
      const i = start % ni;
      const row = Math.floor(start / ni);
      const [j, k] = [row % nj, Math.floor(row / nj)];
      const length = Math.min(left, ni - i);
      rows.push({ i, j, k, length });
      [i, j, k].forEach((value, axis) => (min[axis] = Math.min(min[axis] ?? 0, value)));
      [i + length - 1, j, k].forEach((value, axis) => (max[axis] = Math.max(max[axis] ?? 0, value)));
      start += length;
      left -= length;
    }
  }
  if (rows.length === 0) return null;
  const box = { min, max };
  const [si, sj, sk] = boxSize(box);
  const mask = new Uint8Array(si * sj * sk);
  for (const { i, j, k, length } of rows) {
    const at = ((k - min[2]) * sj + (j - min[1])) * si + (i - min[0]);
    mask.fill(1, at, at + length);
  }
  return { box, mask };
}

/** Values of a box, 0 outside it, to be drawn over slices of the whole grid. */
export class BoxSource implements SliceSource {
  constructor(
    readonly dims: Dims,
    private readonly region: PaintedRegion
  ) {}

  slice(plane: Plane, index: number): SliceValues | null {
    const { box, mask } = this.region;
    const { across, up, normal } = PLANE_AXES[plane];
    if (index < box.min[normal] || index > box.max[normal]) return null;
    const [width, height] = [this.dims[across], this.dims[up]];
    const size = boxSize(box);
    const strides = [1, size[0], size[0] * size[1]] as const;
    const values = new Uint8Array(width * height);
    const base = (index - box.min[normal]) * strides[normal];
    for (let y = box.min[up]; y <= box.max[up]; y++) {
      let from = base + (y - box.min[up]) * strides[up];
      for (let at = y * width + box.min[across]; at <= y * width + box.max[across]; at++, from += strides[across]) {
        values[at] = mask[from] ?? 0;
      }
    }
    return { width, height, values };
  }
}
