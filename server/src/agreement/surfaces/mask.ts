import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/** Where label arrays lie: i is fastest; spacing in mm along i, j and k. */
export interface GridGeometry {
  readonly dims: Dims;
  readonly spacing: Vector;
}

/**
 * A part of a grid that holds all of a mask; what lies outside is not of the mask. The first edge is a multiple of four:
 * four voxels are looked at as one word.
 */
export interface MaskGrid extends GridGeometry {
  /** A plane: the third edge is 1, and contours are measured instead of surfaces. */
  readonly isPlanar: boolean;
  /** Which axes of the label map run along the edges. */
  readonly axes: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
}

/** One byte per voxel of a `MaskGrid`: 1 in the mask, else 0. */
export type Mask = Uint8Array<ArrayBuffer>;

export const WORD = 4;
/** A word of four voxels of the mask. */
export const FULL_WORD = 0x01010101;

/** The grid of a box. A grid of one slice becomes a plane, whose edges are the other two axes. */
export function maskGrid({ dims, spacing }: GridGeometry, box: VoxelBox): MaskGrid {
  const axes = dims[2] === 1 || !dims.includes(1) ? SPACE : dims[1] === 1 ? WITHOUT_J : WITHOUT_I;
  const size = boxSize(box);
  const [u, v, w] = axes;
  return {
    dims: [Math.ceil(size[u] / WORD) * WORD, size[v], size[w]],
    spacing: [spacing[u], spacing[v], spacing[w]],
    isPlanar: dims.includes(1),
    axes
  };
}

const SPACE = [0, 1, 2] as const;
const WITHOUT_J = [0, 2, 1] as const;
const WITHOUT_I = [1, 2, 0] as const;

/** The mask of one segment in a box of a label map, on the grid of that box. */
export function cropMask(labels: Uint8Array, dims: Dims, box: VoxelBox, segment: number, grid: MaskGrid): Mask {
  const wanted = new Uint8Array(256);
  wanted[segment] = 1;
  return cropWanted(labels, dims, box, wanted, grid);
}

/** The mask of all values of which `wanted` says 1. */
export function cropWanted(
  labels: Uint8Array | Uint32Array,
  dims: Dims,
  box: VoxelBox,
  wanted: Uint8Array,
  grid: MaskGrid
): Mask {
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  const size = boxSize(box);
  const [u, v, w] = grid.axes;
  const [nu, nv, nw] = grid.dims;
  const start = box.min.reduce((sum, place, axis) => sum + place * (strides[axis] ?? 0), 0);
  const mask = new Uint8Array(nu * nv * nw);
  for (let c = 0; c < nw; c++) {
    for (let b = 0; b < nv; b++) {
      let from = start + b * strides[v] + c * strides[w];
      const row = (c * nv + b) * nu;
      for (let to = row; to < row + size[u]; to++, from += strides[u]) mask[to] = wanted[labels[from] ?? 0] ?? 0;
    }
  }
  return mask;
}

/** Four voxels at a time. */
export function wordsOf(mask: Mask): Uint32Array {
  return new Uint32Array(mask.buffer, mask.byteOffset, mask.length / WORD);
}

/** How many voxels of a word are in the mask. */
export function voxelsInWord(word: number): number {
  return Math.imul(word, FULL_WORD) >>> 24;
}
