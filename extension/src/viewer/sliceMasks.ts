import type { Dims, PaintedRegion, VoxelBox } from '@voxcord/schemas/labelmap';
import { union } from './boxMerging.js';

/** A growing set of voxels, kept slice by slice: what one stroke reaches is on few slices. */
export class SliceMasks {
  constructor(private readonly dims: Dims) {}

  /** Adds a region; returns the part of it that was not in the set, null if all was. */
  add({ box, mask }: PaintedRegion): PaintedRegion | null {
    const added = mask.slice();
    let news = 0;
    forEachRow(box, (at, length, j, k) => {
      const slice = this._sliceOf(k);
      const row = j * this.dims[0] + box.min[0];
      for (let i = 0; i < length; i++) {
        if (mask[at + i] === 0) continue;
        if (slice[row + i] === 1) added[at + i] = 0;
        else news++;
        slice[row + i] = 1;
      }
    });
    if (news === 0) return null;
    this._box = this._box === null ? box : union(this._box, box);
    return { box, mask: added };
  }

  /** The set, in a box that holds it; null if it is empty. */
  region(): PaintedRegion | null {
    if (this._box === null) return null;
    const box = this._box;
    const { min, max } = box;
    const mask = new Uint8Array((max[0] - min[0] + 1) * (max[1] - min[1] + 1) * (max[2] - min[2] + 1));
    forEachRow(box, (at, length, j, k) => {
      const row = j * this.dims[0] + min[0];
      const slice = this._slices.get(k);
      if (slice !== undefined) mask.set(slice.subarray(row, row + length), at);
    });
    return { box, mask };
  }

  private _sliceOf(k: number): Uint8Array {
    const known = this._slices.get(k);
    if (known !== undefined) return known;
    const slice = new Uint8Array(this.dims[0] * this.dims[1]);
    this._slices.set(k, slice);
    return slice;
  }

  private readonly _slices = new Map<number, Uint8Array>();
  private _box: VoxelBox | null = null;
}

/** Visits the rows of a box: where each begins in a mask of the box, its length, j and k. */
function forEachRow({ min, max }: VoxelBox, visit: (at: number, length: number, j: number, k: number) => void): void {
  const length = max[0] - min[0] + 1;
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++, at += length) visit(at, length, j, k);
  }
}
