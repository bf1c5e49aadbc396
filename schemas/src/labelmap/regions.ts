import { LabelMapError } from './errors.js';
import { boxSize, boxVolume, isInside, type Dims, type VoxelBox } from './grid.js';

/** Voxels of a box: 1 byte per voxel, i fastest; other than 0 = painted. */
export interface PaintedRegion {
  readonly box: VoxelBox;
  readonly mask: Uint8Array;
}

/** Throws unless the region lies in the grid and its mask fits its box. */
export function checkRegion(region: PaintedRegion, dims: Dims): void {
  const { box, mask } = region;
  if (!isInside(box, dims)) {
    throw new LabelMapError(
      'stroke.outside-grid',
      `The painted box ${box.min.join(',')} - ${box.max.join(',')} lies outside the ${dims.join(' x ')} grid.`
    );
  }
  if (mask.length !== boxVolume(box)) {
    throw new LabelMapError('grid.mismatch', `The mask has ${mask.length} voxels; its box has ${boxVolume(box)}.`);
  }
}

/** The region in its smallest box, with its number of voxels; null if nothing is painted. */
export function tighten(region: PaintedRegion): (PaintedRegion & { readonly voxels: number }) | null {
  const [ni, nj, nk] = boxSize(region.box);
  const { mask } = region;
  let voxels = 0;
  let [i0, i1, j0, j1, k0, k1] = [ni, -1, nj, -1, nk, -1];
  for (let k = 0, row = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++, row += ni) {
      let first = -1;
      let last = -1;
      for (let i = 0; i < ni; i++) {
        if (mask[row + i] === 0) continue;
        if (first < 0) first = i;
        last = i;
        voxels++;
      }
      if (first < 0) continue;
      if (first < i0) i0 = first;
      if (last > i1) i1 = last;
      if (j < j0) j0 = j;
      if (j > j1) j1 = j;
      if (k < k0) k0 = k;
      k1 = k;
    }
  }
  if (voxels === 0) return null;
  const { min } = region.box;
  const box: VoxelBox = {
    min: [min[0] + i0, min[1] + j0, min[2] + k0],
    max: [min[0] + i1, min[1] + j1, min[2] + k1]
  };
  if (boxVolume(box) === mask.length) return { box, mask, voxels };
  return { ...crop(region, box), voxels };
}

/** The part of a region inside `box`, which must lie in the region's box. */
export function crop(region: PaintedRegion, box: VoxelBox): PaintedRegion {
  const [ni, nj] = boxSize(region.box);
  const [mi, mj, mk] = boxSize(box);
  const mask = new Uint8Array(mi * mj * mk);
  const offset = [0, 1, 2].map(axis => (box.min[axis] ?? 0) - (region.box.min[axis] ?? 0));
  const [oi = 0, oj = 0, ok = 0] = offset;
  for (let k = 0, to = 0; k < mk; k++) {
    for (let j = 0; j < mj; j++, to += mi) {
      const from = ((k + ok) * nj + j + oj) * ni + oi;
      mask.set(region.mask.subarray(from, from + mi), to);
    }
  }
  return { box, mask };
}

/** Two halves of a region, cut across its longest axis. */
export function halve(region: PaintedRegion): [PaintedRegion, PaintedRegion] {
  const { min, max } = region.box;
  const size = boxSize(region.box);
  const axis = size[2] >= size[0] && size[2] >= size[1] ? 2 : size[1] >= size[0] ? 1 : 0;
  const cut = min[axis] + Math.floor(size[axis] / 2);
  const at = (ends: readonly [number, number, number], value: number): [number, number, number] => [
    axis === 0 ? value : ends[0],
    axis === 1 ? value : ends[1],
    axis === 2 ? value : ends[2]
  ];
  return [crop(region, { min, max: at(max, cut - 1) }), crop(region, { min: at(min, cut), max })];
}
