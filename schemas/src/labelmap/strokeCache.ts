import { CellWordsBuilder, sizeOfCellWords, type CellWords } from './cellWords.js';
import { LabelMapError } from './errors.js';
import type { Dims } from './grid.js';
import type { StrokeEntry } from './strokeEntry.js';

const NOTHING: CellWords = {
  cells: new Int32Array(0),
  offsets: new Int32Array(1),
  rows: new Uint16Array(0),
  words: new Int32Array(0)
};

/**
 * Decodes strokes when their voxels are needed and keeps the recently used ones, up to a number of bytes (second
 * chance: what was used since it was last looked at stays once more).
 */
export class StrokeCache {
  private readonly builder: CellWordsBuilder;
  private queue: StrokeEntry[] = [];
  private head = 0;
  private bytes = 0;

  constructor(
    dims: Dims,
    private readonly limit: number
  ) {
    this.builder = new CellWordsBuilder(dims);
  }

  /** Decodes a stroke that nobody has checked yet. Throws `record.malformed`. */
  check(entry: StrokeEntry): void {
    if (entry.words === null) this.keep(entry, this.builder.ofStroke(entry.parsed));
  }

  /** The voxels of a stroke; none if its runs cannot be read, on every replica alike. */
  wordsOf(entry: StrokeEntry): CellWords {
    entry.recentlyUsed = true;
    if (entry.words !== null) return entry.words;
    let words = NOTHING;
    try {
      words = this.builder.ofStroke(entry.parsed);
    } catch (error) {
      if (!(error instanceof LabelMapError)) throw error;
    }
    return this.keep(entry, words);
  }
  private keep(entry: StrokeEntry, words: CellWords): CellWords {
    entry.words = words;
    entry.cells = words.cells;
    this.bytes += sizeOfCellWords(words);
    this.queue.push(entry);
    this.evict(entry);
    return words;
  }

  /** Whether decoding another stroke would drop one. */
  get isFull(): boolean {
    return this.bytes > 0.9 * this.limit;
  }

  forget(entry: StrokeEntry): void {
    if (entry.words === null) return;
    this.bytes -= sizeOfCellWords(entry.words);
    entry.words = null;
  }

  private evict(newest: StrokeEntry): void {
    while (this.bytes > this.limit && this.queue.length - this.head > 1) {
      const entry = this.queue[this.head++];
      if (this.head > 1024 && this.head * 2 > this.queue.length) {
        this.queue = this.queue.slice(this.head);
        this.head = 0;
      }
      if (entry === undefined || entry.words === null) continue;
      if (entry.recentlyUsed || entry === newest) {
        entry.recentlyUsed = false;
        this.queue.push(entry);
      } else {
        this.forget(entry);
      }
    }
  }
}
