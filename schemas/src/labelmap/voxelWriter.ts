import { mergeBoxes } from './dirtyBoxes.js';
import { BRICK_EDGE, CELL_EDGE, tileCounts, voxelCount, type Dims, type VoxelBox } from './grid.js';

/** What `VoxelWriter` remembers about a brick that it changed, until it is asked. */
export const BrickChange = { fingerprint: 1, encoded: 2 } as const;

/**
 * Writes labels into the bitmap, cell by cell, and keeps what follows from it: voxels per segment, the boxes and the
 * bricks that changed. Writing the label that is there already changes nothing.
 */
export class VoxelWriter {
  readonly bitmap: Uint8Array;
  readonly counts = new Float64Array(256);
  private readonly changedBricks: Uint8Array;

  private readonly cellsI: number;
  private readonly cellsJ: number;
  private readonly bricksI: number;
  private readonly bricksJ: number;

  /** Changed part of each cell in cell coordinates: i, j, k from and to; `from` 255 = unchanged. */
  private readonly extents: Uint8Array;
  private readonly changedCells: number[] = [];

  private cell = 0;
  private i0 = 0;
  private j0 = 0;
  private k0 = 0;

  constructor(readonly dims: Dims) {
    this.bitmap = new Uint8Array(voxelCount(dims));
    this.counts[0] = this.bitmap.length;
    const [cellsI, cellsJ, cellsK] = tileCounts(dims, CELL_EDGE);
    this.cellsI = cellsI;
    this.cellsJ = cellsJ;
    this.extents = new Uint8Array(cellsI * cellsJ * cellsK * 6).fill(255);
    const [bricksI, bricksJ, bricksK] = tileCounts(dims, BRICK_EDGE);
    this.bricksI = bricksI;
    this.bricksJ = bricksJ;
    this.changedBricks = new Uint8Array(bricksI * bricksJ * bricksK);
  }

  /** The following rows are rows of this cell. */
  enterCell(cell: number): void {
    this.cell = cell;
    this.i0 = (cell % this.cellsI) * CELL_EDGE;
    this.j0 = (Math.floor(cell / this.cellsI) % this.cellsJ) * CELL_EDGE;
    this.k0 = Math.floor(cell / (this.cellsI * this.cellsJ)) * CELL_EDGE;
  }

  /** Grid index of the first voxel of a row of the present cell. */
  rowStart(row: number): number {
    return ((this.k0 + (row >> 5)) * this.dims[1] + this.j0 + (row & 31)) * this.dims[0] + this.i0;
  }

  /** Which voxels of a row of the present cell carry `label`, out of those in `bits`. */
  matching(row: number, bits: number, label: number): number {
    const start = this.rowStart(row);
    let found = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const bit = 31 - Math.clz32(rest & -rest);
      if (this.bitmap[start + bit] === label) found |= 1 << bit;
    }
    return found;
  }

  /** Gives the voxels `bits` of a row of the present cell one label. */
  paint(row: number, bits: number, label: number): void {
    const { bitmap, counts } = this;
    const start = this.rowStart(row);
    let first = -1;
    let last = -1;
    let rest = bits;
    while (rest !== 0) {
      const from = 31 - Math.clz32(rest & -rest);
      const gap = ~(rest >>> from);
      const end = gap === 0 ? 32 : Math.min(32, from + 31 - Math.clz32(gap & -gap));
      for (let bit = from; bit < end; bit++) {
        const before = bitmap[start + bit] ?? 0;
        if (before === label) continue;
        bitmap[start + bit] = label;
        counts[before] = (counts[before] ?? 0) - 1;
        if (first < 0) first = bit;
        last = bit;
        counts[label] = (counts[label] ?? 0) + 1;
      }
      rest = end === 32 ? 0 : rest & (-1 << end);
    }
    if (first >= 0) this.noteChange(row, first, last);
  }

  /** Gives the voxels `bits` of a row of the present cell the labels from `labels[offset]` on. */
  paintFrom(row: number, bits: number, labels: Uint8Array, offset: number): void {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const lowest = rest & -rest;
      this.paint(row, lowest, labels[offset + 31 - Math.clz32(lowest)] ?? 0);
    }
  }

  /** Boxes of what changed since the last call. */
  takeChanges(): VoxelBox[] {
    const boxes: VoxelBox[] = [];
    this.changedCells.sort((a, b) => a - b);
    for (const cell of this.changedCells) {
      this.enterCell(cell);
      const at = cell * 6;
      const e = this.extents;
      boxes.push({
        min: [this.i0 + (e[at] ?? 0), this.j0 + (e[at + 1] ?? 0), this.k0 + (e[at + 2] ?? 0)],
        max: [this.i0 + (e[at + 3] ?? 0), this.j0 + (e[at + 4] ?? 0), this.k0 + (e[at + 5] ?? 0)]
      });
      e.fill(255, at, at + 6);
    }
    this.changedCells.length = 0;
    return mergeBoxes(boxes);
  }

  /** Bricks that changed since this kind of change was last taken, ascending. */
  takeChangedBricks(kind: number): number[] {
    const bricks: number[] = [];
    this.changedBricks.forEach((kinds, brick) => {
      if ((kinds & kind) === 0) return;
      this.changedBricks[brick] = kinds & ~kind;
      bricks.push(brick);
    });
    return bricks;
  }

  /** A brick was written from outside. */
  noteBrick(brick: number, kinds: number): void {
    this.changedBricks[brick] = (this.changedBricks[brick] ?? 0) | kinds;
  }

  private noteChange(row: number, first: number, last: number): void {
    const { extents } = this;
    const at = this.cell * 6;
    const j = row & 31;
    const k = row >> 5;
    if (extents[at] === 255) {
      this.changedCells.push(this.cell);
      const brick = ((this.k0 >> 6) * this.bricksJ + (this.j0 >> 6)) * this.bricksI + (this.i0 >> 6);
      this.noteBrick(brick, BrickChange.fingerprint | BrickChange.encoded);
      extents[at] = first;
      extents[at + 1] = j;
      extents[at + 2] = k;
      extents[at + 3] = last;
      extents[at + 4] = j;
      extents[at + 5] = k;
      return;
    }
    if (first < (extents[at] ?? 0)) extents[at] = first;
    if (j < (extents[at + 1] ?? 0)) extents[at + 1] = j;
    if (k < (extents[at + 2] ?? 0)) extents[at + 2] = k;
    if (last > (extents[at + 3] ?? 0)) extents[at + 3] = last;
    if (j > (extents[at + 4] ?? 0)) extents[at + 4] = j;
    if (k > (extents[at + 5] ?? 0)) extents[at + 5] = k;
  }
}
