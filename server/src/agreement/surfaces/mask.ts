import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/** Where label arrays lie: i is fastest; spacing in mm along i, j and k. */
export interface GridGeometry {
  readonly dims: Dims;
  readonly spacing: Vector;
}

/** A part of a grid that holds all of a mask; what lies outside is not of the mask. A plane if `isPlanar`: then nk = 1. */
export interface MaskGrid extends GridGeometry {
  readonly isPlanar: boolean;
}

/** One byte per voxel of a `MaskGrid`: 1 in the mask, else 0. */
export type Mask = Uint8Array;

/**
 * The grid of a box. A grid of one slice has contours instead of surfaces; its plane is put along the first two axes,
 * which needs no change of the data.
 */
export function maskGrid({ dims, spacing }: GridGeometry, box: VoxelBox): MaskGrid {
  const size = boxSize(box);
  const flat = dims[2] === 1 ? 2 : dims[1] === 1 ? 1 : dims[0] === 1 ? 0 : null;
  if (flat === null) return { dims: size, spacing, isPlanar: false };
  const [u, v] = ([0, 1, 2] as const).filter(axis => axis !== flat);
  if (u === undefined || v === undefined) return { dims: size, spacing, isPlanar: false };
  return { dims: [size[u], size[v], 1], spacing: [spacing[u], spacing[v], 1], isPlanar: true };
}

/** The mask of one segment in a box of a label map. */
export function cropMask(labels: Uint8Array, dims: Dims, box: VoxelBox, segment: number): Mask {
  const [ni, nj] = dims;
  const [mi, mj, mk] = boxSize(box);
  const mask = new Uint8Array(mi * mj * mk);
  for (let k = 0, to = 0; k < mk; k++) {
    for (let j = 0; j < mj; j++) {
      let from = ((k + box.min[2]) * nj + j + box.min[1]) * ni + box.min[0];
      for (let i = 0; i < mi; i++, from++, to++) if (labels[from] === segment) mask[to] = 1;
    }
  }
  return mask;
}
