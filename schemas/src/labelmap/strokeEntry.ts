import type { CellWords } from './cellWords.js';
import type { ParsedStroke } from './recordHeader.js';
import type { RecordId, StrokeRecord } from './records.js';
import type { OrderKey } from './recordOrder.js';

/** A stroke that the fold knows. */
export class StrokeEntry implements OrderKey {
  order: number;
  hidden = false;
  /** Decoded voxels while the cache keeps them. */
  words: CellWords | null = null;
  /** Cells that its voxels lie in, once known; kept when the voxels are not. */
  cells: Int32Array | null = null;
  /** Used since the cache last looked at it. */
  recentlyUsed = false;

  constructor(
    readonly id: RecordId,
    readonly parsed: ParsedStroke,
    horizon: number
  ) {
    this.order = Math.max(parsed.record.lamport, horizon);
  }

  /** Whether it may have voxels in a cell: unknown until it was decoded once. */
  mayReach(cell: number): boolean {
    return this.cells === null || this.cells.includes(cell);
  }

  get record(): StrokeRecord {
    return this.parsed.record;
  }
}
