import type { Dims } from '@voxcord/schemas/labelmap';
import { contourLengths } from './marchingSquares.js';
import { surfaceAreas } from './marchingCubes.js';
import { FULL_WORD, WORD, wordsOf, type Mask, type MaskGrid } from './mask.js';

/** The boundary of a mask as points of a lattice. */
export interface Surface {
  /** Points of the lattice; its spacing is that of the grid. */
  readonly lattice: Dims;
  /** Their indices in the lattice, in order. */
  readonly points: Int32Array;
  /** What passes at each of them: an index of `weights`. */
  readonly kinds: Uint8Array;
  /** How much a point of each kind counts. */
  readonly weights: Float64Array;
}

/**
 * Surface elements: the corners between voxels where both the mask and its outside meet, weighted by the area (mm²) of
 * the surface round them; in a plane, by the length (mm) of the contour.
 */
export function surfaceElements(mask: Mask, grid: MaskGrid): Surface {
  const [si, sj] = grid.spacing;
  const weights = grid.isPlanar ? contourLengths([si, sj]) : surfaceAreas('fewer', grid.spacing);
  return { ...surfaceCorners(mask, grid), weights };
}

/**
 * Corners between voxels where both the mask and its outside meet. Their kind says which of the voxels round them are in
 * the mask: bit a + 2·b + 4·c for the voxel at (a, b, c) from the first of them (in a plane a + 2·b).
 */
export function surfaceCorners(mask: Mask, { dims, isPlanar }: MaskGrid): Omit<Surface, 'weights'> {
  const [ni, nj, nk] = dims;
  const lattice: Dims = [ni + 1, nj + 1, isPlanar ? 1 : nk + 1];
  const found = new PointList();
  const words = wordsOf(mask);
  const perRow = ni / WORD;
  const outside = new Uint32Array(perRow);
  const rowAt = (j: number, k: number): Uint32Array =>
    j < 0 || k < 0 || j >= nj || k >= nk ? outside : words.subarray((k * nj + j) * perRow, (k * nj + j + 1) * perRow);
  for (let k = 0; k < lattice[2]; k++) {
    for (let j = 0; j < lattice[1]; j++) {
      const row = (k * lattice[1] + j) * lattice[0];
      if (isPlanar) {
        addCorners(found, row, rowAt(j - 1, 0), rowAt(j, 0), outside, outside, 2);
      } else {
        addCorners(found, row, rowAt(j - 1, k - 1), rowAt(j, k - 1), rowAt(j - 1, k), rowAt(j, k), 4);
      }
    }
  }
  return { lattice, ...found.taken() };
}

/** Bits of the rows round a line of corners, spread so that the voxel before comes into the bit before. */
const BITS: Readonly<Record<2 | 4, readonly [number, number, number, number]>> = {
  2: [2, 8, 0, 0],
  4: [2, 8, 32, 128]
};

function addCorners(
  found: PointList,
  row: number,
  a: Uint32Array,
  b: Uint32Array,
  c: Uint32Array,
  d: Uint32Array,
  rows: 2 | 4
): void {
  const [bitA, bitB, bitC, bitD] = BITS[rows];
  const full = bitA | bitB | bitC | bitD;
  // What the rows hold before this column.
  let before = 0;
  for (let word = 0; word <= a.length; word++) {
    const wa = a[word] ?? 0;
    const wb = b[word] ?? 0;
    const wc = c[word] ?? 0;
    const wd = d[word] ?? 0;
    const isSame = wa === wb && (rows === 2 || (wa === wc && wa === wd));
    if (isSame && ((wa === 0 && before === 0) || (wa === FULL_WORD && before === full))) continue;
    const columns = word === a.length ? 1 : WORD;
    for (let column = 0; column < columns; column++) {
      const shift = 8 * column;
      const here =
        ((wa >> shift) & 1) * bitA +
        ((wb >> shift) & 1) * bitB +
        ((wc >> shift) & 1) * bitC +
        ((wd >> shift) & 1) * bitD;
      const code = here | (before >> 1);
      before = here;
      if (code !== 0 && code !== (full | (full >> 1))) found.add(row + word * WORD + column, code);
    }
  }
}

/** Boundary voxels: those of the mask that have a neighbour across a face (in a plane, an edge) outside. Each counts 1. */
export function boundaryVoxels(mask: Mask, { dims, isPlanar }: MaskGrid): Surface {
  const [ni, nj, nk] = dims;
  const words = wordsOf(mask);
  const perRow = ni / WORD;
  const perSlice = perRow * nj;
  const slice = ni * nj;
  const found = new PointList();
  for (let k = 0, word = 0; k < nk; k++) {
    const isEndK = !isPlanar && (k === 0 || k === nk - 1);
    for (let j = 0; j < nj; j++) {
      const isEnd = isEndK || j === 0 || j === nj - 1;
      for (let column = 0; column < ni; column += WORD, word++) {
        const here = words[word] ?? 0;
        if (here === 0) continue;
        const first = word * WORD;
        const isInner =
          here === FULL_WORD &&
          !isEnd &&
          column > 0 &&
          column + WORD < ni &&
          mask[first - 1] === 1 &&
          mask[first + WORD] === 1 &&
          words[word - perRow] === FULL_WORD &&
          words[word + perRow] === FULL_WORD &&
          (isPlanar || (words[word - perSlice] === FULL_WORD && words[word + perSlice] === FULL_WORD));
        if (isInner) continue;
        for (let index = first, i = column; index < first + WORD; index++, i++) {
          if (mask[index] === 0) continue;
          const isSurrounded =
            !isEnd &&
            i > 0 &&
            i < ni - 1 &&
            mask[index - 1] === 1 &&
            mask[index + 1] === 1 &&
            mask[index - ni] === 1 &&
            mask[index + ni] === 1 &&
            (isPlanar || (mask[index - slice] === 1 && mask[index + slice] === 1));
          if (!isSurrounded) found.add(index, 1);
        }
      }
    }
  }
  return { lattice: dims, ...found.taken(), weights: Float64Array.of(0, 1) };
}

class PointList {
  private points = new Int32Array(1024);
  private kinds = new Uint8Array(1024);
  private count = 0;

  add(point: number, kind: number): void {
    if (this.count === this.points.length) this.grow();
    this.points[this.count] = point;
    this.kinds[this.count] = kind;
    this.count += 1;
  }

  taken(): { points: Int32Array; kinds: Uint8Array } {
    return { points: this.points.subarray(0, this.count), kinds: this.kinds.subarray(0, this.count) };
  }

  private grow(): void {
    const points = new Int32Array(2 * this.count);
    const kinds = new Uint8Array(2 * this.count);
    points.set(this.points);
    kinds.set(this.kinds);
    this.points = points;
    this.kinds = kinds;
  }
}
