import { BaseLayer } from './baseLayer.js';
import { encodeBricks, fillBrick } from './bricks.js';
import { foldPlan, planCompaction } from './compaction.js';
import { LabelMapError } from './errors.js';
import { fingerprintBrick } from './fingerprint.js';
import { Fold } from './fold.js';
import { checkDims, type Dims, type VoxelBox } from './grid.js';
import { compareOrder } from './recordOrder.js';
import { isStroke, parseRecord, type ParsedRecord } from './recordHeader.js';
import { RecordTable, isStrokeEntry, type KnownRecord } from './recordTable.js';
import type { LabelRecord, RecordEntry, RecordId } from './records.js';
import { checkRegion, type PaintedRegion } from './regions.js';
import type { Snapshot, SnapshotFrontier } from './snapshot.js';
import { StrokeEntry } from './strokeEntry.js';
import { VisibilityTable, type VisibilityEntry } from './visibilityTable.js';
import { BrickChange } from './voxelWriter.js';

export interface OpenInput {
  /** Compacted history (`about.base`); its `lamport` is the horizon. */
  readonly base?: Snapshot | null;
  /** The folded label map at a frontier. It must have been folded on the same base. */
  readonly head?: Snapshot | null;
  /** The records of the document, whether the snapshots hold them or not. */
  readonly records: Iterable<RecordEntry>;
}

export interface RecordState {
  readonly id: RecordId;
  readonly record: LabelRecord;
  /** The stroke is undone; false for visibility records. */
  readonly hidden: boolean;
}

export interface LabelMapOptions {
  /** Memory for decoded strokes, in bytes. */
  readonly cacheBytes?: number;
}

const CACHE_BYTES = 160 * 1024 * 1024;

/**
 * A label map as the fold of its records: per voxel the visible stroke of highest order (lamport, client, clock) wins.
 * Records may come in any order and more than once; equal records give equal bitmaps. Who may write what (only the
 * owner of a stroke may hide it) is checked by the server before a record gets here. Boxes that are returned hold all
 * voxels that changed and few others.
 */
export class LabelMap {
  private readonly fold: Fold;
  private readonly table = new RecordTable();
  private readonly visibility = new VisibilityTable();
  private lamport = 0;
  private headFrontier: SnapshotFrontier = {};
  /** What `decodeAhead` has still to do; null before its first call. */
  private waiting: StrokeEntry[] | null = null;
  private readonly encodedBricks = new Map<number, Uint8Array>();
  private readonly knownFingerprints = new Map<number, string>();

  /** An empty label map. Throws `grid.dims`. */
  constructor(
    readonly dims: Dims,
    options: LabelMapOptions = {}
  ) {
    checkDims(dims);
    this.fold = new Fold(dims, new BaseLayer(dims, null), options.cacheBytes ?? CACHE_BYTES);
  }

  /**
   * From snapshots and the records of the document: what the head holds is not folded again but can be undone. A head
   * that lacks records of the base is left aside. Throws `LabelMapError` for snapshots and records that cannot be read.
   */
  static open(dims: Dims, input: OpenInput, options: LabelMapOptions = {}): LabelMap {
    const map = new LabelMap(dims, options);
    map.load(input.base ?? null, input.head ?? null, input.records);
    return map;
  }

  /** Segment number per voxel, index = (k * nj + j) * ni + i. Read only. */
  get bitmap(): Uint8Array {
    return this.fold.writer.bitmap;
  }

  /** Highest lamport clock seen. A server refuses records that are far ahead of it. */
  get highestLamport(): number {
    return this.lamport;
  }

  /** The lamport clock for a new record. */
  nextLamport(): number {
    return this.lamport + 1;
  }

  /** For each session, how many of its records, from the first on, are folded in. */
  frontier(): Record<string, number> {
    return this.table.frontier();
  }

  /** Horizon of the base; 0 without one. */
  get horizon(): number {
    return this.fold.base.horizon;
  }

  /** Adds one record; does nothing if it is known. Throws `LabelMapError` and adds nothing if it cannot be read. */
  insert(id: RecordId, bytes: Uint8Array): VoxelBox[] {
    if (this.isKnown(id)) return [];
    const parsed = parseRecord(bytes, this.dims);
    if (isStroke(parsed)) {
      const entry = new StrokeEntry(id, parsed, this.horizon);
      this.fold.cache.check(entry);
      this.addStroke(entry);
    } else {
      this.addVisibility({ id, record: parsed.record });
    }
    return this.fold.writer.takeChanges();
  }

  /** Adds records, best all that arrived together. Throws `LabelMapError` and adds nothing if one cannot be read. */
  insertMany(entries: Iterable<RecordEntry>): VoxelBox[] {
    const { strokes, visibility } = this.parse(entries);
    // First what hides strokes: then a stroke that is already undone is never painted.
    for (const entry of visibility) this.addVisibility(entry);
    for (const entry of strokes) this.addStroke(entry);
    return this.fold.writer.takeChanges();
  }

  /** Paints over everything until `discardProvisional`: the own stroke while the pointer is down. */
  paintProvisional(region: PaintedRegion, segment: number): VoxelBox[] {
    checkRegion(region, this.dims);
    this.fold.paintProvisional(region, segment);
    return this.fold.writer.takeChanges();
  }

  /** Ends provisional paint. Right after the finished stroke was inserted, nothing changes on screen. */
  discardProvisional(): VoxelBox[] {
    this.fold.discardProvisional();
    return this.fold.writer.takeChanges();
  }

  get hasProvisional(): boolean {
    return this.fold.hasProvisional;
  }

  /**
   * Decodes up to `count` strokes that were not needed yet, newest first, so that undo right after opening is as fast
   * as later; for idle moments. False when there is nothing left to do.
   */
  decodeAhead(count: number): boolean {
    this.waiting ??= this.strokesNotDecoded();
    for (let left = count; left > 0; left--) {
      const entry = this.waiting.pop();
      if (entry === undefined || this.fold.cache.isFull) {
        this.waiting = [];
        return false;
      }
      if (this.table.get(entry.id) === entry) this.fold.cache.wordsOf(entry);
    }
    return this.waiting.length > 0;
  }

  /** Oldest first. */
  private strokesNotDecoded(): StrokeEntry[] {
    const entries: StrokeEntry[] = [];
    for (const entry of this.table.values()) if (isStrokeEntry(entry) && entry.words === null) entries.push(entry);
    return entries.sort(compareOrder);
  }

  /** A record that is not in the base; null if unknown. */
  record(id: RecordId): RecordState | null {
    const entry = this.table.get(id);
    return entry === undefined ? null : stateOf(entry);
  }

  /** All records that are not in the base, in fold order. */
  records(): RecordState[] {
    const horizon = this.horizon;
    return [...this.table.values()]
      .map(entry => ({ order: Math.max(entry.record.lamport, horizon), id: entry.id, entry }))
      .sort(compareOrder)
      .map(({ entry }) => stateOf(entry));
  }

  /** Voxels per segment number: 256 entries, kept incrementally. A copy. */
  counts(): Float64Array {
    return this.fold.writer.counts.slice();
  }

  /** Brick index -> 16 hex digits, for bricks that hold a label; computes only what changed. */
  fingerprints(): Map<number, string> {
    this.refuseProvisional();
    for (const brick of this.fold.writer.takeChangedBricks(BrickChange.fingerprint)) {
      const fingerprint = fingerprintBrick(this.bitmap, this.dims, brick);
      if (fingerprint === null) this.knownFingerprints.delete(brick);
      else this.knownFingerprints.set(brick, fingerprint);
    }
    return new Map([...this.knownFingerprints].sort((a, b) => a[0] - b[0]));
  }

  /** A head snapshot of the present state; encodes only bricks that changed since the last one. */
  snapshot(): Snapshot {
    this.refuseProvisional();
    const changed = this.fold.writer.takeChangedBricks(BrickChange.encoded);
    const encoded = encodeBricks(this.bitmap, this.dims, changed);
    for (const brick of changed) {
      const bytes = encoded.get(brick);
      if (bytes === undefined) this.encodedBricks.delete(brick);
      else this.encodedBricks.set(brick, bytes);
    }
    const bricks = new Map([...this.encodedBricks].sort((a, b) => a[0] - b[0]));
    return { frontier: this.frontier(), lamport: this.lamport, bricks };
  }

  /**
   * A base snapshot of the records with a lamport clock up to `horizon`, or up to a lower one so that no stroke is
   * separated from what is known of its being undone. Null if there is nothing to fold. This map stays as it is: call
   * `rebase` once the document says so.
   */
  foldThrough(horizon: number): Snapshot | null {
    const plan = planCompaction(this.table, this.fold.base, horizon);
    return plan === null ? null : foldPlan(plan, this.fold, this.dims);
  }

  /** The highest horizon that leaves the newest `count` records out of the base; 0 if there are not more. */
  horizonKeeping(count: number): number {
    const lamports = [...this.table.values()].map(entry => entry.record.lamport).sort((a, b) => b - a);
    if (lamports.length <= count) return 0;
    return count === 0 ? this.lamport : Math.max(0, (lamports[count - 1] ?? 1) - 1);
  }

  /**
   * The document was compacted: `base` holds the records of its frontier, and records with a lamport up to its horizon
   * that it lacks come right above it. Throws `snapshot.mismatch` if the base is older than the present one.
   */
  rebase(base: Snapshot): VoxelBox[] {
    if (base.lamport < this.horizon) {
      throw new LabelMapError('snapshot.mismatch', 'This base is older than the one in use. Load the newest one.');
    }
    if (base.lamport === this.horizon && this.fold.base.snapshot !== null) return [];
    // Otherwise the base may hold records that are unknown here, or some that were late for a base that was skipped; or
    // the head showed records that never came.
    const complete =
      base.previousHorizon === this.horizon && this.knows(base.frontier) && this.knows(this.headFrontier);
    this.headFrontier = {};
    const layer = new BaseLayer(this.dims, base);
    const doubtful = this.dropFolded(layer);
    this.fold.base = layer;
    this.table.skipTo(base.frontier);
    this.lamport = Math.max(this.lamport, base.lamport);
    const late = this.raiseLate();
    if (complete) {
      for (const entry of [...doubtful, ...late]) this.fold.refresh(entry);
    } else {
      for (let cell = 0; cell < this.fold.lists.cellCount; cell++) this.fold.refreshCell(cell);
    }
    return this.fold.writer.takeChanges();
  }

  /** Forgets the records that the new base holds; returns strokes whose voxels may have to change. */
  private dropFolded(base: BaseLayer): StrokeEntry[] {
    const isFolded = (id: RecordId): boolean => id.clock < base.folded(id.client);
    const doubtful: StrokeEntry[] = [];
    const strokes = new Set<StrokeEntry>();
    const visibility: VisibilityEntry[] = [];
    for (const entry of [...this.table.values()]) {
      if (isStrokeEntry(entry)) {
        if (isFolded(entry.id)) strokes.add(entry);
      } else if (isFolded(entry.id)) {
        visibility.push(entry);
      } else if (isFolded(entry.record.target)) {
        // Came after its stroke was folded: the base does not know of it.
        const target = this.table.get(entry.record.target);
        if (target !== undefined && isStrokeEntry(target)) doubtful.push(target);
      }
    }
    for (const target of this.visibility.remove(visibility)) {
      const stroke = this.table.get(target);
      if (stroke === undefined || !isStrokeEntry(stroke) || strokes.has(stroke)) continue;
      stroke.hidden = this.visibility.isHidden(target);
      doubtful.push(stroke);
    }
    for (const entry of [...strokes, ...visibility]) this.table.remove(entry);
    this.fold.lists.removeAll(strokes);
    return doubtful;
  }

  /** Puts strokes from before the horizon right above the base. */
  private raiseLate(): StrokeEntry[] {
    const late: StrokeEntry[] = [];
    for (const entry of this.table.values()) {
      // At the horizon too: the base holds strokes of that clock which came after this one.
      if (!isStrokeEntry(entry) || entry.order > this.horizon) continue;
      entry.order = this.horizon;
      late.push(entry);
    }
    this.fold.lists.reorder(late);
    return late;
  }

  private load(base: Snapshot | null, head: Snapshot | null, records: Iterable<RecordEntry>): void {
    this.fold.base = new BaseLayer(this.dims, base);
    this.lamport = Math.max(this.lamport, base?.lamport ?? 0);
    if (base !== null) this.table.skipTo(base.frontier);
    const usable = head !== null && covers(head.frontier, base?.frontier ?? {}) ? head : null;
    this.showBricks(usable ?? base);
    this.headFrontier = usable?.frontier ?? {};
    this.lamport = Math.max(this.lamport, usable?.lamport ?? 0);

    const { strokes, visibility } = this.parse(records);
    for (const entry of visibility.filter(({ id }) => this.isInHead(id))) this.noteVisibility(entry);
    const known = strokes.filter(({ id }) => this.isInHead(id));
    for (const entry of known) {
      this.noteStroke(entry);
      entry.hidden = this.visibility.isHidden(entry.id);
    }
    this.headFrontier = {};
    for (const entry of visibility.filter(({ id }) => this.table.get(id) === undefined)) this.addVisibility(entry);
    for (const entry of strokes.filter(({ id }) => this.table.get(id) === undefined)) this.addStroke(entry);
    this.headFrontier = usable?.frontier ?? {};
    this.fold.writer.takeChanges();
  }

  private showBricks(snapshot: Snapshot | null): void {
    const { counts } = this.fold.writer;
    for (const [brick, bytes] of snapshot?.bricks ?? []) {
      fillBrick(bytes, brick, this.dims, this.bitmap, { isBlank: true, counts });
      this.encodedBricks.set(brick, bytes);
      this.fold.writer.noteBrick(brick, BrickChange.fingerprint);
    }
    counts[0] = this.bitmap.length - counts.subarray(1).reduce((sum, count) => sum + count, 0);
  }

  private parse(entries: Iterable<RecordEntry>): { strokes: StrokeEntry[]; visibility: VisibilityEntry[] } {
    const strokes: StrokeEntry[] = [];
    const visibility: VisibilityEntry[] = [];
    for (const { id, bytes } of entries) {
      if (this.isKnown(id)) continue;
      const parsed: ParsedRecord = parseRecord(bytes, this.dims);
      if (isStroke(parsed)) strokes.push(new StrokeEntry(id, parsed, this.horizon));
      else visibility.push({ id, record: parsed.record });
    }
    strokes.sort(compareOrder);
    return { strokes, visibility };
  }

  private isKnown(id: RecordId): boolean {
    return id.clock < this.fold.base.folded(id.client) || this.table.get(id) !== undefined;
  }

  private knows(frontier: SnapshotFrontier): boolean {
    return Object.entries(frontier).every(([client, count]) => this.table.known(Number(client)) >= count);
  }

  private isInHead(id: RecordId): boolean {
    return id.clock < (this.headFrontier[String(id.client)] ?? 0);
  }

  private noteStroke(entry: StrokeEntry): void {
    this.table.add(entry);
    this.fold.lists.add(entry);
    this.lamport = Math.max(this.lamport, entry.record.lamport);
  }

  private addStroke(entry: StrokeEntry): void {
    if (this.isKnown(entry.id)) return;
    this.noteStroke(entry);
    entry.hidden = this.visibility.isHidden(entry.id);
    // The head held it although the document did not give it at first: its voxels show a mixture of both.
    if (this.isInHead(entry.id)) this.fold.refresh(entry);
    else if (!entry.hidden) this.fold.paint(entry);
  }

  private noteVisibility(entry: VisibilityEntry): void {
    this.table.add(entry);
    this.visibility.add(entry);
    this.lamport = Math.max(this.lamport, entry.record.lamport);
  }

  private addVisibility(entry: VisibilityEntry): void {
    if (this.isKnown(entry.id)) return;
    this.noteVisibility(entry);
    const target = this.table.get(entry.record.target);
    if (target === undefined || !isStrokeEntry(target)) return;
    const hidden = this.visibility.isHidden(target.id);
    const changes = hidden !== target.hidden;
    target.hidden = hidden;
    // As in `addStroke`: until now the bitmap did not show what the records said.
    if (this.isInHead(entry.id)) this.fold.refresh(target);
    else if (!changes) return;
    else if (hidden) this.fold.uncover(target);
    else this.fold.paint(target);
  }

  private refuseProvisional(): void {
    if (this.hasProvisional) {
      throw new LabelMapError('map.provisional', 'A stroke is being painted. Call discardProvisional() first.');
    }
  }
}

function stateOf(entry: KnownRecord): RecordState {
  return { id: entry.id, record: entry.record, hidden: isStrokeEntry(entry) && entry.hidden };
}

function covers(frontier: SnapshotFrontier, other: SnapshotFrontier): boolean {
  return Object.entries(other).every(([client, count]) => (frontier[client] ?? 0) >= count);
}
