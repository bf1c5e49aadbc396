import type { Dims } from '@voxcord/schemas/labelmap';
import { contourLengths } from './marchingSquares.js';
import { surfaceAreas } from './marchingCubes.js';
import type { Mask, MaskGrid } from './mask.js';

/** The boundary of a mask as points of a lattice. */
export interface Surface {
  /** Points of the lattice; its spacing is that of the grid. */
  readonly lattice: Dims;
  /** One byte per point of the lattice: not 0 where the boundary passes. */
  readonly presence: Uint8Array;
  /** Their indices in the lattice, in order. */
  readonly points: Int32Array;
  /** How much each of them counts: an index of `weights`. */
  readonly kinds: Uint8Array;
  readonly weights: Float64Array;
}

/**
 * Surface elements: the corners between voxels where both the mask and its outside meet, weighted by the area (mm²) of
 * the surface round them; in a plane, by the length (mm) of the contour.
 */
export function surfaceElements(mask: Mask, grid: MaskGrid): Surface {
  const lattice = cornerLattice(grid);
  const full = grid.isPlanar ? 15 : 255;
  const presence = cornerCodes(mask, grid);
  let count = 0;
  for (let index = 0; index < presence.length; index++) {
    if (presence[index] === full) presence[index] = 0;
    else if (presence[index] !== 0) count += 1;
  }
  const [si, sj] = grid.spacing;
  const weights = grid.isPlanar ? contourLengths([si, sj]) : surfaceAreas('fewer', grid.spacing);
  return listed(lattice, presence, count, weights);
}

export function cornerLattice({ dims, isPlanar }: MaskGrid): Dims {
  return [dims[0] + 1, dims[1] + 1, isPlanar ? 1 : dims[2] + 1];
}

/**
 * For each corner of the lattice, which of the voxels round it are in the mask: bit a + 2·b + 4·c for the voxel at
 * (a, b, c) from the first of them (in a plane a + 2·b).
 */
export function cornerCodes(mask: Mask, grid: MaskGrid): Uint8Array {
  const [ni, nj, nk] = grid.dims;
  const [li, lj, lk] = cornerLattice(grid);
  const codes = new Uint8Array(li * lj * lk);
  // Adds what each voxel contributes to the corners round it.
  for (let k = 0, from = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const near = (k * lj + j) * li;
      for (let i = 0; i < ni; i++, from++) {
        if (mask[from] === 0) continue;
        const corner = near + i;
        const above = corner + li;
        if (grid.isPlanar) {
          codes[corner] = (codes[corner] ?? 0) | 8;
          codes[corner + 1] = (codes[corner + 1] ?? 0) | 4;
          codes[above] = (codes[above] ?? 0) | 2;
          codes[above + 1] = (codes[above + 1] ?? 0) | 1;
          continue;
        }
        const behind = corner + li * lj;
        const last = above + li * lj;
        codes[corner] = (codes[corner] ?? 0) | 128;
        codes[corner + 1] = (codes[corner + 1] ?? 0) | 64;
        codes[above] = (codes[above] ?? 0) | 32;
        codes[above + 1] = (codes[above + 1] ?? 0) | 16;
        codes[behind] = (codes[behind] ?? 0) | 8;
        codes[behind + 1] = (codes[behind + 1] ?? 0) | 4;
        codes[last] = (codes[last] ?? 0) | 2;
        codes[last + 1] = (codes[last + 1] ?? 0) | 1;
      }
    }
  }
  return codes;
}

/** Boundary voxels: those of the mask that have a neighbour across a face (in a plane, an edge) outside. Each counts 1. */
export function boundaryVoxels(mask: Mask, { dims, isPlanar }: MaskGrid): Surface {
  const [ni, nj, nk] = dims;
  const slice = ni * nj;
  const presence = new Uint8Array(mask.length);
  let count = 0;
  for (let k = 0, index = 0; k < nk; k++) {
    const isEndK = !isPlanar && (k === 0 || k === nk - 1);
    for (let j = 0; j < nj; j++) {
      const isEnd = isEndK || j === 0 || j === nj - 1;
      for (let i = 0; i < ni; i++, index++) {
        if (mask[index] === 0) continue;
        const isInner =
          !isEnd &&
          i > 0 &&
          i < ni - 1 &&
          mask[index - 1] !== 0 &&
          mask[index + 1] !== 0 &&
          mask[index - ni] !== 0 &&
          mask[index + ni] !== 0 &&
          (isPlanar || (mask[index - slice] !== 0 && mask[index + slice] !== 0));
        if (isInner) continue;
        presence[index] = 1;
        count += 1;
      }
    }
  }
  return listed(dims, presence, count, Float64Array.of(0, 1));
}

function listed(lattice: Dims, presence: Uint8Array, count: number, weights: Float64Array): Surface {
  const points = new Int32Array(count);
  const kinds = new Uint8Array(count);
  for (let index = 0, at = 0; at < count; index++) {
    const kind = presence[index] ?? 0;
    if (kind === 0) continue;
    points[at] = index;
    kinds[at] = kind;
    at += 1;
  }
  return { lattice, presence, points, kinds, weights };
}
