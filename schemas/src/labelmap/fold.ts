import type { BaseLayer } from './baseLayer.js';
import { CELL_ROWS, CellWordsBuilder, findCell, type CellWords } from './cellWords.js';
import { CellLists } from './cellLists.js';
import { CELL_EDGE, intersects, tileBox, type Dims, type VoxelBox } from './grid.js';
import { ProvisionalPaint } from './provisionalPaint.js';
import type { PaintedRegion } from './regions.js';
import { StrokeCache } from './strokeCache.js';
import type { StrokeEntry } from './strokeEntry.js';
import { VoxelWriter } from './voxelWriter.js';

/**
 * Keeps the bitmap equal to "all visible strokes painted in their order over the base", without painting them all
 * again: each change touches only the cells of one stroke, and in them only the voxels that can change.
 */
export class Fold {
  readonly writer: VoxelWriter;
  readonly lists: CellLists;
  readonly cache: StrokeCache;
  private readonly builder: CellWordsBuilder;
  private readonly provisional = new ProvisionalPaint();

  /** The voxels of one cell that still want a label; rows that hold none are 0. */
  private readonly open = new Int32Array(CELL_ROWS);
  private openRows = 0;
  /** No row before and after these is open; set by `openBox`. */
  private firstOpen = 0;
  private lastOpen = CELL_ROWS - 1;

  constructor(
    readonly dims: Dims,
    public base: BaseLayer,
    cacheBytes: number
  ) {
    this.writer = new VoxelWriter(dims);
    this.lists = new CellLists(dims);
    this.cache = new StrokeCache(dims, cacheBytes);
    this.builder = new CellWordsBuilder(dims);
  }

  get hasProvisional(): boolean {
    return !this.provisional.isEmpty;
  }

  /** Paints a stroke where no newer visible one covers it. It must be in the lists. */
  paint(entry: StrokeEntry): void {
    const words = this.cache.wordsOf(entry);
    const { segment } = entry.record;
    words.cells.forEach((cell, at) => {
      this.writer.enterCell(cell);
      const list = this.lists.at(cell);
      const from = words.offsets[at] ?? 0;
      const end = words.offsets[at + 1] ?? 0;
      if (list.at(-1) === entry && !this.provisional.reaches(cell)) {
        for (let row = from; row < end; row++) this.writer.paint(words.rows[row] ?? 0, words.words[row] ?? 0, segment);
        return;
      }
      this.openWords(words, at, cell);
      this.coverWithNewer(list, entry, cell, words, from, end);
      for (let row = from; row < end; row++) {
        const index = words.rows[row] ?? 0;
        const left = this.open[index] ?? 0;
        this.open[index] = 0;
        if (left !== 0) this.writer.paint(index, left, segment);
      }
    });
  }

  /** A stroke has been hidden: what it showed gets the label beneath. */
  uncover(entry: StrokeEntry): void {
    this.refill(this.cache.wordsOf(entry), entry.record.segment);
  }

  /** Gives voxels the label that they should have, whatever they show now. */
  refresh(entry: StrokeEntry): void {
    this.refill(this.cache.wordsOf(entry), null);
  }

  /** Gives every voxel of a cell the label that it should have. */
  refreshCell(cell: number): void {
    const { min, max } = tileBox(cell, this.dims, CELL_EDGE);
    const bits = -1 >>> (31 - (max[0] - min[0]));
    this.openRows = 0;
    for (let k = 0; k <= max[2] - min[2]; k++) {
      for (let j = 0; j <= max[1] - min[1]; j++) {
        this.open[(k << 5) + j] = bits | 0;
        this.openRows++;
      }
    }
    this.hideProvisional(cell);
    this.fill(cell);
  }

  paintProvisional(region: PaintedRegion, segment: number): void {
    const words = this.builder.ofRegion(region);
    words.cells.forEach((cell, at) => {
      this.writer.enterCell(cell);
      const rows = this.provisional.rowsOf(cell);
      for (let row = words.offsets[at] ?? 0; row < (words.offsets[at + 1] ?? 0); row++) {
        const index = words.rows[row] ?? 0;
        const bits = words.words[row] ?? 0;
        rows[index] = (rows[index] ?? 0) | bits;
        this.writer.paint(index, bits, segment);
      }
    });
  }

  discardProvisional(): void {
    for (const [cell, rows] of this.provisional.take()) {
      this.openRows = 0;
      rows.forEach((bits, row) => {
        this.open[row] = bits;
        if (bits !== 0) this.openRows++;
      });
      this.fill(cell);
    }
  }

  /** `shown`: only voxels that carry this label can change; null: all can. */
  private refill(words: CellWords, shown: number | null): void {
    words.cells.forEach((cell, at) => {
      this.openWords(words, at, cell);
      if (shown !== null) this.keepMatching(words, at, cell, shown);
      this.fill(cell);
    });
  }

  /** Opens the voxels of one cell of `words` that provisional paint does not hold. */
  private openWords(words: CellWords, at: number, cell: number): void {
    const from = words.offsets[at] ?? 0;
    const end = words.offsets[at + 1] ?? 0;
    for (let row = from; row < end; row++) this.open[words.rows[row] ?? 0] = words.words[row] ?? 0;
    this.openRows = end - from;
    this.hideProvisional(cell);
  }

  private hideProvisional(cell: number): void {
    if (!this.provisional.reaches(cell)) return;
    const held = this.provisional.rowsOf(cell);
    for (let row = 0; row < CELL_ROWS; row++) this.close(row, held[row] ?? 0);
  }

  private keepMatching(words: CellWords, at: number, cell: number, label: number): void {
    this.writer.enterCell(cell);
    for (let row = words.offsets[at] ?? 0; row < (words.offsets[at + 1] ?? 0); row++) {
      const index = words.rows[row] ?? 0;
      const bits = this.open[index] ?? 0;
      this.close(index, bits & ~this.writer.matching(index, bits, label));
    }
  }

  /** These voxels of a row need no label any more. */
  private close(row: number, bits: number): void {
    const before = this.open[row] ?? 0;
    if ((before & bits) === 0) return;
    const after = before & ~bits;
    this.open[row] = after;
    if (after === 0) this.openRows--;
  }

  private coverWithNewer(
    list: readonly StrokeEntry[],
    entry: StrokeEntry,
    cell: number,
    words: CellWords,
    from: number,
    end: number
  ): void {
    const first = words.rows[from] ?? 0;
    const last = words.rows[end - 1] ?? 0;
    for (let index = list.length - 1; index >= 0 && this.openRows > 0; index--) {
      const newer = list[index];
      if (newer === undefined || newer === entry) return;
      if (newer.hidden || !intersects(newer.record.box, entry.record.box) || !newer.mayReach(cell)) continue;
      const cover = this.cache.wordsOf(newer);
      const at = findCell(cover, cell);
      if (at < 0) continue;
      const coverEnd = cover.offsets[at + 1] ?? 0;
      for (let row = firstFrom(cover.rows, cover.offsets[at] ?? 0, coverEnd, first); row < coverEnd; row++) {
        const covered = cover.rows[row] ?? 0;
        if (covered > last) break;
        this.close(covered, cover.words[row] ?? 0);
      }
    }
  }

  /** Labels the open voxels of a cell: newest visible stroke first, the base last; leaves nothing open. */
  private fill(cell: number): void {
    this.writer.enterCell(cell);
    if (this.openRows === 0) return;
    const list = this.lists.at(cell);
    let wanted = this.openBox(cell);
    let rowsAtBox = this.openRows;
    for (let index = list.length - 1; index >= 0 && this.openRows > 0; index--) {
      const entry = list[index];
      if (entry === undefined || entry.hidden || !intersects(entry.record.box, wanted) || !entry.mayReach(cell))
        continue;
      const words = this.cache.wordsOf(entry);
      const at = findCell(words, cell);
      if (at < 0) continue;
      this.fillFrom(words, at, entry.record.segment);
      // A smaller box spares strokes that would have to be decoded only to find that they lie elsewhere.
      if (this.openRows > 0 && this.openRows * 2 <= rowsAtBox) {
        wanted = this.openBox(cell);
        rowsAtBox = this.openRows;
      }
    }
    if (this.openRows > 0) this.fillFromBase(cell);
  }

  /** Labels the open voxels that one stroke covers. */
  private fillFrom(words: CellWords, at: number, segment: number): void {
    const end = words.offsets[at + 1] ?? 0;
    for (let row = firstFrom(words.rows, words.offsets[at] ?? 0, end, this.firstOpen); row < end; row++) {
      const index = words.rows[row] ?? 0;
      if (index > this.lastOpen) return;
      const bits = (this.open[index] ?? 0) & (words.words[row] ?? 0);
      if (bits === 0) continue;
      this.writer.paint(index, bits, segment);
      this.close(index, bits);
    }
  }

  private fillFromBase(cell: number): void {
    const beneath = this.base.cell(cell);
    for (let row = 0; row < CELL_ROWS && this.openRows > 0; row++) {
      const bits = this.open[row] ?? 0;
      if (bits === 0) continue;
      if (beneath === null) this.writer.paint(row, bits, 0);
      else this.writer.paintFrom(row, bits, beneath.labels, beneath.rowStart(row));
      this.close(row, bits);
    }
  }

  /** Box of the open voxels of a cell. */
  private openBox(cell: number): VoxelBox {
    let columns = 0;
    this.firstOpen = -1;
    let [j0, j1, k0, k1] = [31, 0, 31, 0];
    for (let row = 0; row < CELL_ROWS; row++) {
      const bits = this.open[row] ?? 0;
      if (bits === 0) continue;
      columns |= bits;
      if (this.firstOpen < 0) this.firstOpen = row;
      this.lastOpen = row;
      const j = row & 31;
      const k = row >> 5;
      if (j < j0) j0 = j;
      if (j > j1) j1 = j;
      if (k < k0) k0 = k;
      k1 = k;
    }
    const { min } = tileBox(cell, this.dims, CELL_EDGE);
    const i0 = 31 - Math.clz32(columns & -columns);
    const i1 = 31 - Math.clz32(columns);
    return { min: [min[0] + i0, min[1] + j0, min[2] + k0], max: [min[0] + i1, min[1] + j1, min[2] + k1] };
  }
}

/** First index from `from` up to `end` whose row is `row` or a later one. */
function firstFrom(rows: Uint16Array, from: number, end: number, row: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
