import { CELL_EDGE, boxSize, tileCounts, type Dims, type VoxelBox } from './grid.js';
import type { PaintedRegion } from './regions.js';
import type { ParsedStroke } from './recordHeader.js';
import { decodeRuns } from './strokeCodec.js';

/** Rows of a 32³ cell; row = (k in cell) * 32 + (j in cell), and bit i of its word is voxel i of the row. */
export const CELL_ROWS = CELL_EDGE * CELL_EDGE;

const CELL_SHIFT = 5;
const CELL_MASK = CELL_EDGE - 1;

/**
 * A set of voxels as the rows of cells that hold any: cell `cells[n]` has the rows `rows[at]` with the bits `words[at]`
 * for `at` from `offsets[n]` up to `offsets[n + 1]`. Cells and rows ascend.
 */
export interface CellWords {
  readonly cells: Int32Array;
  readonly offsets: Int32Array;
  readonly rows: Uint16Array;
  readonly words: Int32Array;
}

/** Memory that `words` takes, in bytes. */
export function sizeOfCellWords(words: CellWords): number {
  return 200 + words.cells.length * 8 + words.rows.length * 6;
}

/** Which entry of `words.cells` is `cell`, or -1. */
export function findCell(words: CellWords, cell: number): number {
  const { cells } = words;
  let low = 0;
  let high = cells.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = cells[middle] ?? 0;
    if (found === cell) return middle;
    if (found < cell) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Turns runs and masks into `CellWords`; its scratch memory is at most an eighth of the grid and is reused. */
export class CellWordsBuilder {
  private scratch = new Int32Array(16 * CELL_ROWS);
  private rows = new Uint16Array(4096);
  private words = new Int32Array(4096);
  private readonly cellsI: number;
  private readonly cellsJ: number;

  /** Cells of the present box, and how many of them lie along i and j. */
  private firstI = 0;
  private firstJ = 0;
  private firstK = 0;
  private countI = 0;
  private countJ = 0;

  constructor(dims: Dims) {
    const [cellsI, cellsJ] = tileCounts(dims, CELL_EDGE);
    this.cellsI = cellsI;
    this.cellsJ = cellsJ;
  }

  /** Throws `record.malformed` if the stroke's runs cannot be read. */
  ofStroke(stroke: ParsedStroke): CellWords {
    const { box } = stroke.record;
    this.frame(box);
    const { min } = box;
    try {
      decodeRuns(stroke, (start, end, row, slice) => {
        if (stroke.axis === 0) {
          this.setAlongI(min[0] + start, min[0] + end, min[1] + row, min[2] + slice);
        } else if (stroke.axis === 1) {
          this.setAlongJ(min[0] + row, min[1] + start, min[1] + end, min[2] + slice);
        } else {
          this.setAlongK(min[0] + row, min[1] + slice, min[2] + start, min[2] + end);
        }
      });
    } catch (error) {
      this.scratch.fill(0);
      throw error;
    }
    return this.gather(box);
  }

  ofRegion(region: PaintedRegion): CellWords {
    const { box, mask } = region;
    this.frame(box);
    const [ni, nj, nk] = boxSize(box);
    for (let k = 0, row = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++, row += ni) {
        for (let i = 0; i < ni; i++) {
          if (mask[row + i] === 0) continue;
          const start = i;
          while (i < ni && mask[row + i] !== 0) i++;
          this.setAlongI(box.min[0] + start, box.min[0] + i, box.min[1] + j, box.min[2] + k);
        }
      }
    }
    return this.gather(box);
  }

  private frame(box: VoxelBox): void {
    this.firstI = box.min[0] >> CELL_SHIFT;
    this.firstJ = box.min[1] >> CELL_SHIFT;
    this.firstK = box.min[2] >> CELL_SHIFT;
    this.countI = (box.max[0] >> CELL_SHIFT) - this.firstI + 1;
    this.countJ = (box.max[1] >> CELL_SHIFT) - this.firstJ + 1;
    const countK = (box.max[2] >> CELL_SHIFT) - this.firstK + 1;
    const needed = this.countI * this.countJ * countK * CELL_ROWS;
    if (needed > this.scratch.length) this.scratch = new Int32Array(needed);
  }

  /** Where the words of the cell at (ci, cj, ck) start in the scratch memory. */
  private origin(ci: number, cj: number, ck: number): number {
    return (((ck - this.firstK) * this.countJ + (cj - this.firstJ)) * this.countI + (ci - this.firstI)) * CELL_ROWS;
  }

  private setAlongI(from: number, end: number, j: number, k: number): void {
    const lastCell = (end - 1) >> CELL_SHIFT;
    let ci = from >> CELL_SHIFT;
    let at = this.origin(ci, j >> CELL_SHIFT, k >> CELL_SHIFT) + ((k & CELL_MASK) << CELL_SHIFT) + (j & CELL_MASK);
    let bits = -1 << (from & CELL_MASK);
    for (; ci < lastCell; ci++, at += CELL_ROWS) {
      this.scratch[at] = (this.scratch[at] ?? 0) | bits;
      bits = -1;
    }
    this.scratch[at] = (this.scratch[at] ?? 0) | (bits & (-1 >>> (CELL_MASK - ((end - 1) & CELL_MASK))));
  }

  private setAlongJ(i: number, from: number, end: number, k: number): void {
    const bit = 1 << (i & CELL_MASK);
    const plane = (k & CELL_MASK) << CELL_SHIFT;
    for (let j = from; j < end;) {
      const at = this.origin(i >> CELL_SHIFT, j >> CELL_SHIFT, k >> CELL_SHIFT) + plane;
      const stop = Math.min(end, (j | CELL_MASK) + 1);
      for (; j < stop; j++) this.scratch[at + (j & CELL_MASK)] = (this.scratch[at + (j & CELL_MASK)] ?? 0) | bit;
    }
  }

  private setAlongK(i: number, j: number, from: number, end: number): void {
    const bit = 1 << (i & CELL_MASK);
    for (let k = from; k < end;) {
      const column = this.origin(i >> CELL_SHIFT, j >> CELL_SHIFT, k >> CELL_SHIFT) + (j & CELL_MASK);
      const stop = Math.min(end, (k | CELL_MASK) + 1);
      for (; k < stop; k++) {
        const at = column + ((k & CELL_MASK) << CELL_SHIFT);
        this.scratch[at] = (this.scratch[at] ?? 0) | bit;
      }
    }
  }

  /** Collects the words that are set inside `box` and clears them. */
  private gather(box: VoxelBox): CellWords {
    const cells: number[] = [];
    const offsets: number[] = [0];
    let used = 0;
    const { min, max } = box;
    for (let ck = min[2] >> CELL_SHIFT; ck <= max[2] >> CELL_SHIFT; ck++) {
      const k0 = Math.max(min[2] - ck * CELL_EDGE, 0);
      const k1 = Math.min(max[2] - ck * CELL_EDGE, CELL_MASK);
      for (let cj = min[1] >> CELL_SHIFT; cj <= max[1] >> CELL_SHIFT; cj++) {
        const j0 = Math.max(min[1] - cj * CELL_EDGE, 0);
        const j1 = Math.min(max[1] - cj * CELL_EDGE, CELL_MASK);
        for (let ci = min[0] >> CELL_SHIFT; ci <= max[0] >> CELL_SHIFT; ci++) {
          const before = used;
          used = this.gatherCell(this.origin(ci, cj, ck), j0, j1, k0, k1, used);
          if (used === before) continue;
          cells.push((ck * this.cellsJ + cj) * this.cellsI + ci);
          offsets.push(used);
        }
      }
    }
    return {
      cells: Int32Array.from(cells),
      offsets: Int32Array.from(offsets),
      rows: this.rows.slice(0, used),
      words: this.words.slice(0, used)
    };
  }

  private gatherCell(origin: number, j0: number, j1: number, k0: number, k1: number, from: number): number {
    if (from + CELL_ROWS > this.rows.length) this.grow();
    const { scratch, rows, words } = this;
    let used = from;
    for (let k = k0; k <= k1; k++) {
      const last = (k << CELL_SHIFT) + j1;
      for (let row = (k << CELL_SHIFT) + j0; row <= last; row++) {
        const word = scratch[origin + row] ?? 0;
        if (word === 0) continue;
        scratch[origin + row] = 0;
        rows[used] = row;
        words[used++] = word;
      }
    }
    return used;
  }

  private grow(): void {
    const rows = new Uint16Array(this.rows.length * 2);
    rows.set(this.rows);
    this.rows = rows;
    const words = new Int32Array(rows.length);
    words.set(this.words);
    this.words = words;
  }
}
