import { type ISignal, Signal } from '@lumino/signaling';
import {
  type Dims,
  LabelMap,
  type PaintedRegion,
  type RecordId,
  RecordLog,
  type Tool,
  UndoHistory,
  decodeRegion,
  encodeStrokes,
  encodeVisibility
} from '@voxcord/schemas/labelmap';
import { aboutOf, sessionsOf } from '@voxcord/schemas/rooms';
import type * as Y from 'yjs';
import { LabelLayer } from '../viewer/contracts.js';
import { decodeWhenIdle } from './decodeWhenIdle.js';
import type { ReadSnapshots } from './labelMapSnapshots.js';
import type { PortableStroke } from './strokesInUpdates.js';

/** Loads snapshots that belong to the base that the document names now. */
export type SnapshotSource = () => Promise<ReadSnapshots>;

/** The label map of a read, kept in step with the record logs of its document, and the person's own undo. */
export class ReadLabels {
  private labelMap: LabelMap;
  private history: UndoHistory;
  private _layer: LabelLayer;
  private readonly log: RecordLog;
  private readonly stopObserving: () => void;
  private stopDecoding: () => void;
  private readonly _layerChanged = new Signal<this, LabelLayer>(this);
  private readonly _changed = new Signal<this, void>(this);
  private isDisposed = false;
  private rebasing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly doc: Y.Doc,
    private readonly dims: Dims,
    private readonly username: string,
    private readonly snapshots: SnapshotSource,
    loaded: ReadSnapshots
  ) {
    this.log = new RecordLog(doc);
    this.labelMap = LabelMap.open(dims, { ...loaded, records: this.log.entries() });
    this._layer = new LabelLayer(this.labelMap);
    this.history = this.newHistory();
    this.stopDecoding = decodeWhenIdle(this.labelMap);
    this.stopObserving = this.log.observe(entries => {
      const boxes = this.labelMap.insertMany(entries);
      for (const { id } of entries) {
        const inserted = this.labelMap.record(id);
        if (inserted !== null) this.history.note(id, inserted.record);
      }
      this._layer.markDirty(boxes);
      this._changed.emit();
    });
    aboutOf(doc).observe(this.onAbout);
    sessionsOf(doc).observe(this.onSessions);
  }

  /** `doc` must hold what the server held at some moment. */
  static async open(doc: Y.Doc, dims: Dims, username: string, snapshots: SnapshotSource): Promise<ReadLabels> {
    return new ReadLabels(doc, dims, username, snapshots, await snapshotsOnBase(doc, snapshots));
  }

  /** What viewers draw. Replaced when the label map had to be opened anew. */
  get layer(): LabelLayer {
    return this._layer;
  }

  get layerChanged(): ISignal<this, LabelLayer> {
    return this._layerChanged;
  }

  /** Records came in, of whomever. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get canUndo(): boolean {
    return this.history.undoable().length > 0;
  }

  get canRedo(): boolean {
    return this.history.redoable().length > 0;
  }

  /** Appends the stroke; a big one becomes several records that undo together. */
  paint(region: PaintedRegion, segment: number, tool: Tool): void {
    const { dims } = this;
    const lamport = this.labelMap.nextLamport();
    // One transaction each: together they might not fit into one frame.
    for (const record of encodeStrokes({ lamport, segment, tool, continues: false, region, dims })) {
      this.log.append(record);
    }
  }

  /** Appends strokes that undo together. */
  paintTogether(parts: readonly { readonly region: PaintedRegion; readonly segment: number }[], tool: Tool): void {
    const { dims } = this;
    let continues = false;
    for (const { region, segment } of parts) {
      const lamport = this.labelMap.nextLamport();
      for (const record of encodeStrokes({ lamport, segment, tool, continues, region, dims })) this.log.append(record);
      continues = true;
    }
  }

  /** Paints strokes of another history that are not part of this one. Returns how many. */
  repaint(strokes: readonly PortableStroke[]): number {
    const missing = strokes.filter(({ id }) => !this.holds(id));
    for (const { region, segment, tool } of missing) this.paint(region, segment, tool);
    return missing.length;
  }

  /** Hides the own last visible gesture. False if there is none. */
  undo(): boolean {
    return this.setHidden(this.history.undoable(), true);
  }

  redo(): boolean {
    return this.setHidden(this.history.redoable(), false);
  }

  /** The own strokes that are visible and not compacted, in fold order. */
  ownStrokes(): PortableStroke[] {
    const bytes = new Map(this.log.entries().map(entry => [keyOf(entry.id), entry.bytes]));
    return this.labelMap.records().flatMap(({ id, record, hidden }) => {
      const encoded = bytes.get(keyOf(id));
      if (record.kind !== 'stroke' || hidden || encoded === undefined || !this.isMine(id.client)) return [];
      return [{ id, region: decodeRegion(encoded, this.dims), segment: record.segment, tool: record.tool }];
    });
  }

  /** Whether the record `id` is part of this label map. */
  holds(id: RecordId): boolean {
    return (this.labelMap.frontier()[String(id.client)] ?? 0) > id.clock;
  }

  /** The folded label map, one byte per voxel, i fastest. */
  get bitmap(): Uint8Array {
    return this.labelMap.bitmap;
  }

  frontier(): Record<string, number> {
    return this.labelMap.frontier();
  }

  fingerprints(): Map<number, string> {
    return this.labelMap.fingerprints();
  }

  /** Voxels per segment number; 256 entries. */
  counts(): Float64Array {
    return this.labelMap.counts();
  }

  /** Opens the label map anew from the server's snapshots and all records of the document. */
  async reopen(): Promise<void> {
    const loaded = await snapshotsOnBase(this.doc, this.snapshots);
    if (this.isDisposed) return;
    this.labelMap = LabelMap.open(this.dims, { ...loaded, records: this.log.entries() });
    this._layer = new LabelLayer(this.labelMap);
    this.history = this.newHistory();
    this.stopDecoding();
    this.stopDecoding = decodeWhenIdle(this.labelMap);
    this._layerChanged.emit(this._layer);
    this._changed.emit();
  }

  dispose(): void {
    this.isDisposed = true;
    this.stopDecoding();
    this.stopObserving();
    aboutOf(this.doc).unobserve(this.onAbout);
    sessionsOf(this.doc).unobserve(this.onSessions);
    Signal.clearData(this);
  }

  private setHidden(targets: ReturnType<UndoHistory['undoable']>, hidden: boolean): boolean {
    if (targets.length === 0) return false;
    const lamport = this.labelMap.nextLamport();
    this.log.appendMany(targets.map((target, n) => encodeVisibility({ lamport: lamport + n, target, hidden })));
    return true;
  }

  private newHistory(): UndoHistory {
    const history = new UndoHistory(client => this.isMine(client), this.labelMap);
    history.rebuild();
    return history;
  }

  private isMine(client: number): boolean {
    return client === this.doc.clientID || sessionsOf(this.doc).get(String(client))?.username === this.username;
  }

  /** The server has compacted the history: fold on its new base. */
  private readonly onAbout = (event: { readonly keysChanged: ReadonlySet<string> }): void => {
    if (!event.keysChanged.has('base')) return;
    this.rebasing = this.rebasing.then(() => this.rebase()).catch(() => this.reopen().catch(() => undefined));
  };

  /** It may be known only now that a client of an earlier visit was mine. */
  private readonly onSessions = (): void => {
    this.history.rebuild();
    this._changed.emit();
  };

  private async rebase(): Promise<void> {
    const { base } = await snapshotsOnBase(this.doc, this.snapshots);
    if (this.isDisposed || base === null) return;
    const boxes = this.labelMap.rebase(base);
    this.history.rebuild();
    this._layer.markDirty(boxes);
    this._changed.emit();
  }
}

const ATTEMPTS = 4;

/** The server may compact between two answers: asks again until snapshots and document speak of one base. */
async function snapshotsOnBase(doc: Y.Doc, snapshots: SnapshotSource): Promise<ReadSnapshots> {
  for (let attempt = 1; ; attempt++) {
    const loaded = await snapshots();
    const base = aboutOf(doc).get('base') as { snapshot: string } | undefined;
    if ((base?.snapshot ?? null) === loaded.baseHash || attempt === ATTEMPTS) return loaded;
    await new Promise(resolve => setTimeout(resolve, 250 * attempt));
  }
}

function keyOf(id: RecordId): string {
  return `${id.client}:${id.clock}`;
}
