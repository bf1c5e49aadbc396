import { decodeBrick } from './bricks.js';
import { BRICK_EDGE, CELL_EDGE, tileBox, tileCounts, boxSize, type Dims } from './grid.js';
import type { Snapshot } from './snapshot.js';

/** Decoded bricks that are kept, 256 kB each. */
const KEPT_BRICKS = 96;

/** Where the labels of a cell's rows lie in a decoded brick of the base. */
export interface BaseCell {
  readonly labels: Uint8Array;
  /** Index of the label of the first voxel of a row of the cell. */
  rowStart(row: number): number;
}

/** What lies beneath all strokes: compacted history, decoded brick by brick when it is needed. */
export class BaseLayer {
  private readonly decoded = new Map<number, Uint8Array>();
  private readonly cellsI: number;
  private readonly cellsJ: number;
  private readonly bricksI: number;
  private readonly bricksJ: number;

  constructor(
    private readonly dims: Dims,
    readonly snapshot: Snapshot | null
  ) {
    const [cellsI, cellsJ] = tileCounts(dims, CELL_EDGE);
    this.cellsI = cellsI;
    this.cellsJ = cellsJ;
    const [bricksI, bricksJ] = tileCounts(dims, BRICK_EDGE);
    this.bricksI = bricksI;
    this.bricksJ = bricksJ;
  }

  /** Lamport clock up to which everything is folded; 0 without a base. */
  get horizon(): number {
    return this.snapshot?.lamport ?? 0;
  }

  /** How many records of a client are folded into the base. */
  folded(client: number): number {
    return this.snapshot?.frontier[String(client)] ?? 0;
  }

  /** The labels beneath a cell; null where the base holds none. */
  cell(cell: number): BaseCell | null {
    const ci = cell % this.cellsI;
    const cj = Math.floor(cell / this.cellsI) % this.cellsJ;
    const ck = Math.floor(cell / (this.cellsI * this.cellsJ));
    const brick = ((ck >> 1) * this.bricksJ + (cj >> 1)) * this.bricksI + (ci >> 1);
    const labels = this.brick(brick);
    if (labels === null) return null;
    const [ni, nj] = boxSize(tileBox(brick, this.dims, BRICK_EDGE));
    const [i, j, k] = [(ci & 1) * CELL_EDGE, (cj & 1) * CELL_EDGE, (ck & 1) * CELL_EDGE];
    return { labels, rowStart: row => ((k + (row >> 5)) * nj + j + (row & 31)) * ni + i };
  }

  /** A brick's labels in brick order, cut at the grid's border. */
  brick(index: number): Uint8Array | null {
    const bytes = this.snapshot?.bricks.get(index);
    if (bytes === undefined) return null;
    const known = this.decoded.get(index);
    if (known !== undefined) return known;
    const size = boxSize(tileBox(index, this.dims, BRICK_EDGE));
    const labels = new Uint8Array(size[0] * size[1] * size[2]);
    decodeBrick(bytes, 0, size, labels);
    for (const oldest of this.decoded.keys()) {
      if (this.decoded.size < KEPT_BRICKS) break;
      this.decoded.delete(oldest);
    }
    this.decoded.set(index, labels);
    return labels;
  }
}
