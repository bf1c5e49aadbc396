import { CELL_EDGE, tileCounts, type Dims, type VoxelBox } from './grid.js';
import { compareOrder } from './recordOrder.js';
import type { StrokeEntry } from './strokeEntry.js';

const NONE: readonly StrokeEntry[] = [];

/** For each 32³ cell the strokes whose box reaches it, in fold order. A box reaches cells that its stroke may not. */
export class CellLists {
  private readonly lists: (StrokeEntry[] | undefined)[];
  private readonly cellsI: number;
  private readonly cellsJ: number;

  constructor(dims: Dims) {
    const [cellsI, cellsJ, cellsK] = tileCounts(dims, CELL_EDGE);
    this.cellsI = cellsI;
    this.cellsJ = cellsJ;
    this.lists = new Array<StrokeEntry[] | undefined>(cellsI * cellsJ * cellsK);
  }

  at(cell: number): readonly StrokeEntry[] {
    return this.lists[cell] ?? NONE;
  }

  get cellCount(): number {
    return this.lists.length;
  }

  add(entry: StrokeEntry): void {
    this.forEachCell(entry.record.box, cell => {
      const list = this.lists[cell];
      if (list === undefined) {
        this.lists[cell] = [entry];
        return;
      }
      const last = list.at(-1);
      if (last === undefined || compareOrder(last, entry) < 0) list.push(entry);
      else list.splice(place(list, entry), 0, entry);
    });
  }

  /** Drops strokes everywhere. */
  removeAll(entries: ReadonlySet<StrokeEntry>): void {
    if (entries.size === 0) return;
    this.lists.forEach((list, cell) => {
      if (list?.some(entry => entries.has(entry)) === true) {
        this.lists[cell] = list.filter(entry => !entries.has(entry));
      }
    });
  }

  /** The order of these strokes has changed. */
  reorder(entries: Iterable<StrokeEntry>): void {
    const cells = new Set<number>();
    for (const entry of entries) this.forEachCell(entry.record.box, cell => cells.add(cell));
    for (const cell of cells) this.lists[cell]?.sort(compareOrder);
  }

  private forEachCell(box: VoxelBox, visit: (cell: number) => void): void {
    const { min, max } = box;
    for (let ck = min[2] >> 5; ck <= max[2] >> 5; ck++) {
      for (let cj = min[1] >> 5; cj <= max[1] >> 5; cj++) {
        const row = (ck * this.cellsJ + cj) * this.cellsI;
        for (let ci = min[0] >> 5; ci <= max[0] >> 5; ci++) visit(row + ci);
      }
    }
  }
}

/** Index of the first entry that comes after `entry`. */
function place(list: readonly StrokeEntry[], entry: StrokeEntry): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = list[middle];
    if (at !== undefined && compareOrder(at, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
