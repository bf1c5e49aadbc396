import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Me, Read, Segment, SegmentChange, NewSegment, Volume } from '@voxcord/schemas/api';
import { type RelayedPreview, type StrokePreview, listSegments, segmentsOf, sessionsOf } from '@voxcord/schemas/rooms';
import * as Y from 'yjs';
import { type Agreement, checkAgreement } from './agreementCheck.js';
import type { VoxcordApi } from './api.js';
import { loadSnapshots } from './labelMapSnapshots.js';
import { People } from './people.js';
import { VoxcordError } from './problems.js';
import { ReadLabels } from './readLabels.js';
import { RoomConnection, isFromServer } from './roomConnection.js';
import { type SaveState, saveStateOf } from './saveState.js';
import { strokesIn } from './strokesInUpdates.js';
import { UnsavedChanges } from './unsavedChanges.js';
import type { Place, RoomLabel, UnsavedStore } from './unsavedStore.js';

export interface ReadSessionOptions {
  readonly api: VoxcordApi;
  readonly me: Me;
  readonly read: Read;
  readonly volume: Volume;
  /** Title of the case, to name what waits for it. */
  readonly caseTitle: string;
  /** Where unacknowledged work is kept across reloads, or null if nothing may be kept on this computer. */
  readonly store: UnsavedStore | null;
  /** Join whatever history the room has now, and paint there again what waits for another one. */
  readonly anyEpoch?: boolean;
  readonly signal?: AbortSignal;
  /** Milliseconds without a change before the label map is compared with the server's. */
  readonly quietTime?: number;
}

/** Somebody else's stroke while their pointer is still down. */
export interface PreviewOfOther {
  readonly colour: string;
  readonly preview: StrokePreview;
}

const QUIET_TIME = 15_000;
/** Longest wait of a session that was closed for the server to confirm its last changes, ms. */
const LONGEST_LEAVE = 10_000;
/** Failed attempts after which to ask over HTTP whether it is the sign-in. */
const ATTEMPTS_BEFORE_ASKING = 3;
const FALLBACK_COLOUR = '#8a8a8a';

/** One read, open in this page: its room, its label map, its people, and what is not saved of it. */
export class ReadSession implements IDisposable {
  readonly read: Read;
  readonly volume: Volume;
  readonly labels: ReadLabels;
  readonly people: People;
  private readonly abort = new AbortController();
  private readonly _saveStateChanged = new Signal<this, SaveState>(this);
  private readonly _segmentsChanged = new Signal<this, void>(this);
  private readonly _previewed = new Signal<this, PreviewOfOther>(this);
  private readonly _compared = new Signal<this, Agreement>(this);
  private quietTimer: ReturnType<typeof setTimeout> | undefined;
  private stroke = 0;
  private isSignedOut = false;
  private wasSynced = true;
  private _isDisposed = false;
  private _repainted = 0;

  private constructor(
    private readonly options: ReadSessionOptions,
    readonly doc: Y.Doc,
    private readonly room: RoomConnection,
    private readonly unsaved: UnsavedChanges,
    labels: ReadLabels
  ) {
    this.read = options.read;
    this.volume = options.volume;
    this.labels = labels;
    const { username, displayName, initials, colour } = options.me.person;
    this.people = new People(room.awareness, { username, displayName, initials, colour });
    room.stateChanged.connect(this.onRoom);
    unsaved.changed.connect(this.emitSaveState);
    labels.changed.connect(this.waitForQuiet);
    room.previewed.connect(this.onPreview);
    segmentsOf(doc).observe(this.onSegments);
    this.waitForQuiet();
  }

  /**
   * Joins the room of the read and folds its label map. Throws `VoxcordError`, `RoomRefused` when the server refuses
   * for good, or the signal's reason.
   */
  static async open(options: ReadSessionOptions): Promise<ReadSession> {
    const { api, me, read, volume, store, signal } = options;
    const doc = new Y.Doc();
    const unsaved = new UnsavedChanges(doc, isFromServer, store);
    const place = { username: me.person.username, room: `read:${read.id}` };
    const label: RoomLabel = { caseId: read.caseId, title: options.caseTitle };
    const epoch = options.anyEpoch === true ? null : await restoreUnsaved(unsaved, store, place);
    const room = new RoomConnection({
      roomsUrl: api.roomsUrl,
      room: { kind: 'read', id: read.id },
      doc,
      WebSocket: api.settings.WebSocket,
      parameters: api.tokenParameter,
      epoch,
      unsaved
    });
    try {
      signal?.throwIfAborted();
      room.welcomed.connect((_, welcome) => {
        const settled: Place = { ...place, epoch: welcome.epoch };
        unsaved.settle(settled);
        void store?.noteEpoch(settled, label).catch(() => undefined);
      });
      room.connect();
      await room.whenSynced(signal);
      const labels = await ReadLabels.open(doc, volume.grid.dims, place.username, () =>
        loadSnapshots(api, read.id, signal)
      );
      const session = new ReadSession(options, doc, room, unsaved, labels);
      session.restoreFromOthers();
      if (options.anyEpoch === true && store !== null && session.mayPaint) {
        session._repainted = await repaintWhatWaits(store, place, labels);
      }
      return session;
    } catch (reason) {
      room.dispose();
      unsaved.dispose();
      doc.destroy();
      throw reason;
    }
  }

  get saveState(): SaveState {
    const state = saveStateOf(this.room.state, this.room.isSynced, this.unsaved.count);
    return this.isSignedOut && state.kind === 'offline' ? { kind: 'refused', count: state.count, code: 4401 } : state;
  }

  get saveStateChanged(): ISignal<this, SaveState> {
    return this._saveStateChanged;
  }

  /** True if closing the page now would lose work. */
  get isAtRisk(): boolean {
    return this.unsaved.isAtRisk;
  }

  get segmentsChanged(): ISignal<this, void> {
    return this._segmentsChanged;
  }

  get previewed(): ISignal<this, PreviewOfOther> {
    return this._previewed;
  }

  /** The label map was compared with the server's. */
  get compared(): ISignal<this, Agreement> {
    return this._compared;
  }

  /** Segments in number order, retired ones too. */
  get segments(): readonly Segment[] {
    return listSegments(this.doc);
  }

  /** May this person paint here now? Work offline counts; work after a refusal does not. */
  get mayPaint(): boolean {
    return this.room.welcome?.mayWrite === true && this.saveState.kind !== 'refused';
  }

  async addSegment(segment: NewSegment): Promise<Segment> {
    return this.options.api.call('addSegment', { params: { readId: this.read.id }, body: segment });
  }

  async changeSegment(number: number, change: SegmentChange): Promise<Segment> {
    return this.options.api.call('changeSegment', { params: { readId: this.read.id, number }, body: change });
  }

  /** Begins a stroke: its previews belong together. */
  beginStroke(): void {
    this.stroke++;
  }

  sendPreview(part: Omit<StrokePreview, 'client' | 'stroke'>): void {
    this.room.sendPreview({ ...part, client: this.doc.clientID, stroke: this.stroke });
  }

  /** Tries to connect now, after a refusal too. */
  retry(): void {
    this.isSignedOut = false;
    this.room.retry();
  }

  /** Strokes that were painted again when this session began, because they waited for another history. */
  get repainted(): number {
    return this._repainted;
  }

  /**
   * Paints the strokes of this person in `old`, another history of the same read, that this one lacks, and then lets go
   * of what `old` has not saved. Returns how many.
   */
  async takeOver(old: ReadSession): Promise<number> {
    // What it took over after this moment would be let go of without having been painted here.
    old.unsaved.stopAdopting();
    const repainted = this.labels.repaint(old.labels.ownStrokes());
    await this.unsaved.whenStored();
    await old.unsaved.forget();
    return repainted;
  }

  /** Compares the label map with the server's now. */
  async compare(): Promise<Agreement> {
    const agreement = await checkAgreement(this.options.api, this.read.id, this.labels, this.abort.signal);
    this._compared.emit(agreement);
    return agreement;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    clearTimeout(this.quietTimer);
    this.abort.abort();
    Signal.clearData(this);
    segmentsOf(this.doc).unobserve(this.onSegments);
    this.room.stateChanged.disconnect(this.onRoom);
    this.room.previewed.disconnect(this.onPreview);
    this.unsaved.changed.disconnect(this.emitSaveState);
    this.people.dispose();
    this.labels.dispose();
    void this.leave();
  }

  /** What was sent just now is on its way: the room is left once the server has confirmed it, or cannot. */
  private async leave(): Promise<void> {
    const { room, unsaved } = this;
    if (isConfirming(room, unsaved)) await whenConfirmed(room, unsaved);
    room.dispose();
    unsaved.dispose();
    this.doc.destroy();
  }

  private readonly onRoom = (): void => {
    const { state } = this.room;
    if (state.kind === 'connected') this.isSignedOut = false;
    const { isSynced } = this.room;
    if (isSynced && !this.wasSynced) this.restoreFromOthers();
    this.wasSynced = isSynced;
    // A proxy that wants a sign-in refuses without a close code: the WebSocket alone cannot tell.
    if (state.kind === 'offline' && state.attempts % ATTEMPTS_BEFORE_ASKING === 0) void this.askWhetherSignedIn();
    this.emitSaveState();
    this.waitForQuiet();
  };

  /** In step with the server: what others have let go meanwhile is sent too. */
  private restoreFromOthers(): void {
    // What waits for another history is painted again instead.
    if (this.options.anyEpoch !== true) void this.unsaved.restoreFromOthers().catch(() => undefined);
  }

  private async askWhetherSignedIn(): Promise<void> {
    try {
      await this.options.api.call('me', {}, this.abort.signal);
      this.isSignedOut = false;
    } catch (reason) {
      this.isSignedOut = reason instanceof VoxcordError && (reason.status === 401 || reason.status === 403);
    }
    this.emitSaveState();
  }

  private readonly emitSaveState = (): void => {
    this._saveStateChanged.emit(this.saveState);
  };

  private readonly onPreview = (_: RoomConnection, { preview }: RelayedPreview): void => {
    if (preview.client === this.doc.clientID) return;
    const painter = this.people.present().find(person => person.client === preview.client);
    const session = sessionsOf(this.doc).get(String(preview.client));
    this._previewed.emit({ preview, colour: painter?.user.colour ?? session?.colour ?? FALLBACK_COLOUR });
  };

  private readonly onSegments = (): void => {
    this._segmentsChanged.emit();
  };

  private readonly waitForQuiet = (): void => {
    clearTimeout(this.quietTimer);
    this.quietTimer = setTimeout(() => {
      if (this.saveState.kind !== 'saved') return;
      // The next quiet moment tries again: the check repairs, it does not guard.
      void this.compare().catch(() => undefined);
    }, this.options.quietTime ?? QUIET_TIME);
  };
}

/** The server has still to confirm something, and can. */
function isConfirming({ state, isSynced }: RoomConnection, { count }: UnsavedChanges): boolean {
  return count > 0 && state.kind === 'connected' && isSynced;
}

/** At the latest after `LONGEST_LEAVE`. */
function whenConfirmed(room: RoomConnection, unsaved: UnsavedChanges): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (!isConfirming(room, unsaved)) done();
    };
    const done = (): void => {
      clearTimeout(timer);
      room.stateChanged.disconnect(look);
      unsaved.changed.disconnect(look);
      resolve();
    };
    const timer = setTimeout(done, LONGEST_LEAVE);
    room.stateChanged.connect(look);
    unsaved.changed.connect(look);
  });
}

/** Brings back what an earlier page left, and tells which history it belongs to. Without storage: nothing, none. */
async function restoreUnsaved(
  unsaved: UnsavedChanges,
  store: UnsavedStore | null,
  place: Omit<Place, 'epoch'>
): Promise<string | null> {
  try {
    const epoch = (await store?.lastEpoch(place.username, place.room)) ?? null;
    if (epoch !== null) await unsaved.restore({ ...place, epoch });
    return epoch;
  } catch {
    return null;
  }
}

/** Paints the strokes that were left behind for any history of this room, and then lets go of them. */
async function repaintWhatWaits(
  store: UnsavedStore,
  { username, room }: Omit<Place, 'epoch'>,
  labels: ReadLabels
): Promise<number> {
  const waiting = await store.ofAllHistories(username, room);
  const updates = waiting.map(({ update }) => update);
  const repainted = labels.repaint(strokesIn(updates, labels.layer.labelMap.dims));
  await store.remove(waiting.map(({ key }) => key));
  return repainted;
}
