import { CELL_ROWS } from './cellWords.js';

/** Voxels that the own unfinished stroke holds, by cell: nothing that arrives meanwhile shows there. */
export class ProvisionalPaint {
  private cells = new Map<number, Int32Array>();

  get isEmpty(): boolean {
    return this.cells.size === 0;
  }

  reaches(cell: number): boolean {
    return this.cells.size > 0 && this.cells.has(cell);
  }

  rowsOf(cell: number): Int32Array {
    let rows = this.cells.get(cell);
    if (rows === undefined) {
      rows = new Int32Array(CELL_ROWS);
      this.cells.set(cell, rows);
    }
    return rows;
  }

  /** All of it; holds nothing afterwards. */
  take(): Map<number, Int32Array> {
    const { cells } = this;
    this.cells = new Map();
    return cells;
  }
}
