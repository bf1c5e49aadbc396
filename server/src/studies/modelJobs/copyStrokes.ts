import {
  boxVolume,
  encodeStrokes,
  LabelMapError,
  unionBox,
  type Dims,
  type PaintedRegion,
  type VoxelBox
} from '@voxcord/schemas/labelmap';
import { bitmapOf } from '../brickMaps.js';
import type { Bricks } from '../fixedLabelMaps.js';

export interface CopyTask {
  readonly dims: Dims;
  /** Of the label map that is copied. */
  readonly bricks: Bricks;
  /** Numbers there, and in the read that is painted in. */
  readonly segments: readonly { readonly from: number; readonly to: number }[];
  /** Clock of the first record. */
  readonly lamport: number;
}

/** Records of one gesture: each segment painted as a whole. Empty if nothing is labelled with any of them. */
export function copyStrokes({ dims, bricks, segments, lamport }: CopyTask): Uint8Array[] {
  const bitmap = bitmapOf(bricks, dims);
  const records: Uint8Array[] = [];
  for (const { from, to } of segments) {
    const region = regionOf(bitmap, dims, from);
    if (region === null) continue;
    const stroke = {
      lamport: lamport + records.length,
      segment: to,
      tool: 'model',
      continues: records.length > 0
    } as const;
    records.push(...encodeStrokes({ ...stroke, region, dims }));
  }
  return records;
}

/** All voxels of a segment; null if there are none. Throws `LabelMapError` if the bitmap does not fit the grid. */
function regionOf(bitmap: Uint8Array, [ni, nj, nk]: Dims, segment: number): PaintedRegion | null {
  if (bitmap.length !== ni * nj * nk) throw new LabelMapError('grid.mismatch', 'The label map has another grid.');
  let box: VoxelBox | null = null;
  for (let at = bitmap.indexOf(segment); at >= 0; at = bitmap.indexOf(segment, at + 1)) {
    const row = Math.floor(at / ni);
    const first = at - row * ni;
    const last = bitmap.lastIndexOf(segment, (row + 1) * ni - 1) - row * ni;
    const [j, k] = [row % nj, Math.floor(row / nj)];
    const found: VoxelBox = { min: [first, j, k], max: [last, j, k] };
    box = box === null ? found : unionBox(box, found);
    at = row * ni + last;
  }
  if (box === null) return null;
  const { min, max } = box;
  const mask = new Uint8Array(boxVolume(box));
  let position = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0], at = i + ni * (j + nj * k); i <= max[0]; i++)
        mask[position++] = bitmap[at++] === segment ? 1 : 0;
    }
  }
  return { box, mask };
}
