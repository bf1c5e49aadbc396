import type { Dims, VoxelBox } from './grid.js';
import type { LabelRecord, RecordEntry, RecordId } from './records.js';
import type { PaintedRegion } from './regions.js';
import type { Snapshot, SnapshotFrontier } from './snapshot.js';

const notReady = (): never => {
  throw new Error('The label-map engine is being built.');
};

export interface OpenInput {
  /** Compacted history (about.base). */
  readonly base?: Snapshot | null;
  /** The folded label map at a frontier; must have been folded on the same base. */
  readonly head?: Snapshot | null;
  readonly records: Iterable<RecordEntry>;
}

export interface RecordState {
  readonly record: LabelRecord;
  /** A stroke that is undone; false for visibility records. */
  readonly hidden: boolean;
}

export class LabelMap {
  readonly bitmap: Uint8Array;

  constructor(readonly dims: Dims) {
    this.bitmap = notReady();
  }

  /** From snapshots and the records of the document, without folding its history. */
  static open(_dims: Dims, _input: OpenInput): LabelMap {
    return notReady();
  }

  /** Any order, idempotent; boxes of the voxels that changed. Who may write what is checked by the server, not here. */
  insert(_id: RecordId, _bytes: Uint8Array): VoxelBox[] {
    return notReady();
  }

  insertMany(_entries: Iterable<RecordEntry>): VoxelBox[] {
    return notReady();
  }

  /** Paints over everything until `discardProvisional`: the own stroke while the pointer is down. */
  paintProvisional(_region: PaintedRegion, _segment: number): VoxelBox[] {
    return notReady();
  }

  /** Call it right after inserting the finished stroke: then nothing changes on screen. */
  discardProvisional(): VoxelBox[] {
    return notReady();
  }

  /** Highest lamport clock seen. */
  get highestLamport(): number {
    return notReady();
  }

  nextLamport(): number {
    return notReady();
  }

  frontier(): Record<string, number> {
    return notReady();
  }

  record(_id: RecordId): RecordState | null {
    return notReady();
  }

  /** Records that are not in the base, in fold order. */
  records(): (RecordState & { readonly id: RecordId })[] {
    return notReady();
  }

  /** Voxels per segment number, kept incrementally; 256 entries. */
  counts(): Float64Array {
    return notReady();
  }

  /** Brick index -> 16 hex digits, for bricks that hold a label. Without provisional paint only. */
  fingerprints(): Map<number, string> {
    return notReady();
  }

  /** A head snapshot of the present state. */
  snapshot(): Snapshot {
    return notReady();
  }

  /** A base snapshot of everything with a lamport up to `horizon`; this map itself stays as it is (see `rebase`). */
  foldThrough(_horizon: number): Snapshot {
    return notReady();
  }

  /** Highest horizon that keeps the newest `count` records out of the base; 0 if there are not more. */
  horizonKeeping(_count: number): number {
    return notReady();
  }

  /** The document was compacted: `base` now holds the records of its frontier. */
  rebase(_base: Snapshot): VoxelBox[] {
    return notReady();
  }

  /** Clients and clocks folded into the base. */
  baseFrontier(): SnapshotFrontier {
    return notReady();
  }
}
