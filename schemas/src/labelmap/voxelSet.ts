import { CELL_ROWS } from './cellWords.js';
import { CELL_EDGE, boxSize, tileCounts, type Dims, type VoxelBox } from './grid.js';
import type { PaintedRegion } from './regions.js';

/** A growing set of voxels, kept as the rows of 32³ cells. Memory of cells is reused after `clear`. */
export class VoxelSet {
  private readonly cells = new Map<number, Int32Array>();
  private readonly spare: Int32Array[] = [];
  private readonly cellsI: number;
  private readonly cellsJ: number;

  constructor(dims: Dims) {
    const [cellsI, cellsJ] = tileCounts(dims, CELL_EDGE);
    this.cellsI = cellsI;
    this.cellsJ = cellsJ;
  }

  clear(): void {
    for (const rows of this.cells.values()) {
      rows.fill(0);
      this.spare.push(rows);
    }
    this.cells.clear();
  }

  /** Adds the voxels `bits` of the word at (wordI, j, k), which starts at voxel i = 32 wordI; returns the new ones. */
  add(wordI: number, j: number, k: number, bits: number): number {
    const cell = ((k >> 5) * this.cellsJ + (j >> 5)) * this.cellsI + wordI;
    let rows = this.cells.get(cell);
    if (rows === undefined) {
      rows = this.spare.pop() ?? new Int32Array(CELL_ROWS);
      this.cells.set(cell, rows);
    }
    const row = ((k & 31) << 5) | (j & 31);
    const before = rows[row] ?? 0;
    rows[row] = before | bits;
    return bits & ~before;
  }

  /** The set as a region in its tight box; null if it is empty. */
  region(): PaintedRegion | null {
    const extent = new BoxExtent();
    this.forEachWord((wordI, j, k, bits) => extent.include(wordI, j, k, bits));
    const box = extent.box();
    if (box === null) return null;
    const [ni, nj, nk] = boxSize(box);
    const mask = new Uint8Array(ni * nj * nk);
    this.forEachWord((wordI, j, k, bits) => markWord(mask, box, wordI, j, k, bits));
    return { box, mask };
  }

  private forEachWord(visit: (wordI: number, j: number, k: number, bits: number) => void): void {
    for (const [cell, rows] of this.cells) {
      const wordI = cell % this.cellsI;
      const j0 = (Math.floor(cell / this.cellsI) % this.cellsJ) * CELL_EDGE;
      const k0 = Math.floor(cell / (this.cellsI * this.cellsJ)) * CELL_EDGE;
      for (let row = 0; row < CELL_ROWS; row++) {
        const bits = rows[row] ?? 0;
        if (bits !== 0) visit(wordI, j0 + (row & 31), k0 + (row >> 5), bits);
      }
    }
  }
}

/** Grows a box around words of voxels. */
export class BoxExtent {
  private min: [number, number, number] = [Infinity, Infinity, Infinity];
  private max: [number, number, number] = [-1, -1, -1];

  clear(): void {
    this.min = [Infinity, Infinity, Infinity];
    this.max = [-1, -1, -1];
  }

  include(wordI: number, j: number, k: number, bits: number): void {
    const low = wordI * CELL_EDGE + 31 - Math.clz32(bits & -bits);
    const high = wordI * CELL_EDGE + 31 - Math.clz32(bits);
    if (low < this.min[0]) this.min[0] = low;
    if (j < this.min[1]) this.min[1] = j;
    if (k < this.min[2]) this.min[2] = k;
    if (high > this.max[0]) this.max[0] = high;
    if (j > this.max[1]) this.max[1] = j;
    if (k > this.max[2]) this.max[2] = k;
  }

  box(): VoxelBox | null {
    return this.max[0] < 0 ? null : { min: [...this.min], max: [...this.max] };
  }
}

/** Sets the voxels of a word in the mask of a box that holds them. */
export function markWord(mask: Uint8Array, box: VoxelBox, wordI: number, j: number, k: number, bits: number): void {
  const [ni, nj] = boxSize(box);
  const row = ((k - box.min[2]) * nj + (j - box.min[1])) * ni + wordI * CELL_EDGE - box.min[0];
  for (let rest = bits; rest !== 0; rest &= rest - 1) mask[row + 31 - Math.clz32(rest & -rest)] = 1;
}
