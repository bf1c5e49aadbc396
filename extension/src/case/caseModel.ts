import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Case, NewRead, Person, Read, Segment, Volume } from '@voxcord/schemas/api';
import { ReadSession, type SaveState, VoxcordError, isAbort } from '../client/index.js';
import type { VoxcordService } from '../service/voxcordService.js';

export type CasePhase =
  | { readonly kind: 'opening' }
  /** `case` is there; its read may still be joining. */
  | { readonly kind: 'open' }
  | { readonly kind: 'failed'; readonly error: unknown };

export type ReadPhase =
  /** No read is open in this view. */
  | { readonly kind: 'none' }
  | { readonly kind: 'joining' }
  | { readonly kind: 'joined' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** One open case: what it holds and the read that is painted in. Knows nothing of widgets. */
export class CaseModel implements IDisposable {
  private _case: Case | null = null;
  private _caseId: string | null = null;
  private _me: Person | null = null;
  private _read: Read | null = null;
  private _session: ReadSession | null = null;
  private _volume: Volume | null = null;
  private _phase: CasePhase = { kind: 'opening' };
  private _readPhase: ReadPhase = { kind: 'none' };
  private readonly _changed = new Signal<this, void>(this);
  private readonly _volumeChanged = new Signal<this, Volume>(this);
  private readonly _sessionChanged = new Signal<this, ReadSession | null>(this);
  private opening: AbortController | null = null;
  private _isDisposed = false;

  constructor(private readonly service: VoxcordService) {}

  /** Null until the address of the case is known. */
  get caseId(): string | null {
    return this._caseId;
  }

  get phase(): CasePhase {
    return this._phase;
  }

  get readPhase(): ReadPhase {
    return this._readPhase;
  }

  get case(): Case | null {
    return this._case;
  }

  get title(): string {
    return this._case?.title ?? '';
  }

  get me(): Person | null {
    return this._me;
  }

  /** The volume on show; the read's own unless the reader chose another. */
  get volume(): Volume | null {
    return this._volume;
  }

  get read(): Read | null {
    return this._read;
  }

  get session(): ReadSession | null {
    return this._session;
  }

  get saveState(): SaveState | null {
    return this._session?.saveState ?? null;
  }

  /** Segments that are offered for painting, in number order. */
  get segments(): readonly Segment[] {
    return this._session?.segments.filter(segment => !segment.retired) ?? [];
  }

  /** Labels can be drawn on the volume on show: it has the grid of the read. */
  get labelsFit(): boolean {
    const { _volume: volume, _session: session } = this;
    return volume !== null && session !== null && sameGrid(volume, session.volume);
  }

  /** Anything that people see of this case changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get volumeChanged(): ISignal<this, Volume> {
    return this._volumeChanged;
  }

  get sessionChanged(): ISignal<this, ReadSession | null> {
    return this._sessionChanged;
  }

  /** Loads a case and joins `readId`, or the read that this person would look for. Also to try again. */
  async open(caseId: string, readId: string | null = null, volumeHash: string | null = null): Promise<void> {
    this._caseId = caseId;
    this._phase = { kind: 'opening' };
    this._changed.emit();
    try {
      const [me, opened] = await Promise.all([
        this.service.me(),
        this.service.api.call('getCase', { params: { caseId } })
      ]);
      if (this._isDisposed) return;
      this._me = me.person;
      this._case = opened;
      const read = opened.reads.find(({ id }) => id === readId) ?? this.readToJoin(opened, me.person.username);
      this._phase = { kind: 'open' };
      this._readPhase = read === null ? { kind: 'none' } : { kind: 'joining' };
      const volume = volumeOf(opened, volumeHash) ?? volumeOf(opened, read?.volume ?? null) ?? opened.volumes[0];
      if (volume !== undefined) this.showVolume(volume.hash);
      this._changed.emit();
      if (read !== null) await this.join(read);
    } catch (error) {
      if (!this._isDisposed && !isAbort(error)) this.fail(error);
    }
  }

  /** The case cannot be opened. */
  fail(error: unknown): void {
    this._phase = { kind: 'failed', error };
    this._changed.emit();
  }

  showVolume(hash: string): void {
    const volume = this._case === null ? undefined : volumeOf(this._case, hash);
    if (volume === undefined) return;
    this._volume = volume;
    this._volumeChanged.emit(volume);
    this._changed.emit();
  }

  /** Opens a read of this case in place of the present one. `anyEpoch`: whatever history the server has now. */
  async join(read: Read, anyEpoch = false): Promise<void> {
    this.opening?.abort();
    const opening = (this.opening = new AbortController());
    this.setSession(null);
    this._read = read;
    this._readPhase = { kind: 'joining' };
    this._changed.emit();
    try {
      const volume = this._case === null ? undefined : volumeOf(this._case, read.volume);
      if (volume === undefined) {
        throw new VoxcordError('read.volume-missing', 'The volume of this read is not part of the case any more.');
      }
      const session = await ReadSession.open({
        api: this.service.api,
        me: await this.service.me(),
        read,
        volume,
        caseTitle: this.title,
        store: await this.service.unsavedStore(),
        anyEpoch,
        signal: opening.signal
      });
      if (opening.signal.aborted) {
        session.dispose();
        return;
      }
      this._readPhase = { kind: 'joined' };
      this.setSession(session);
    } catch (error) {
      if (opening.signal.aborted) return;
      this._readPhase = { kind: 'failed', error };
    }
    this._changed.emit();
  }

  /** Leaves the read that is joined; none is open then. */
  leave(): void {
    this.opening?.abort();
    this._read = null;
    this._readPhase = { kind: 'none' };
    this.setSession(null);
    this._changed.emit();
  }

  /** Joins the read `id` of this case, if it is there and not joined already. Throws `VoxcordError`. */
  async joinById(id: string): Promise<void> {
    // It may be younger than what is known of the case.
    if (this._case?.reads.some(candidate => candidate.id === id) === false) await this.refresh();
    const read = this._case?.reads.find(candidate => candidate.id === id);
    if (read !== undefined && this._read?.id !== id) await this.join(read);
  }

  /** Resolves when the case and its read are open, or cannot be. */
  whenSettled(): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => {
        const isOpening = this._phase.kind === 'opening' || this._readPhase.kind === 'joining';
        if (isOpening && !this._isDisposed) return;
        this._changed.disconnect(look);
        resolve();
      };
      this._changed.connect(look);
      look();
    });
  }

  /** Begins a read of this case and joins it. */
  async beginRead(read: NewRead): Promise<void> {
    const { _caseId: caseId } = this;
    if (caseId === null) return;
    try {
      const begun = await this.service.api.call('createRead', { params: { caseId }, body: read });
      this._case = await this.service.api.call('getCase', { params: { caseId } });
      await this.join(this._case.reads.find(({ id }) => id === begun.id) ?? begun);
    } catch (error) {
      this._readPhase = { kind: 'failed', error };
      this._changed.emit();
    }
  }

  /**
   * Leaves the present history of the read for the one that the server has, and paints the own strokes again that are
   * missing there. Returns how many, or null if it could not be done: the present copy stays in front then.
   */
  async mergeIntoServersHistory(): Promise<number | null> {
    const { _session: old, _read: read } = this;
    if (old === null || read === null) return null;
    this._session = null;
    this.unfollow(old);
    await this.join(read, true);
    const session = this._session as ReadSession | null;
    if (session?.mayPaint !== true) {
      this._readPhase = { kind: 'joined' };
      this.setSession(old);
      this._changed.emit();
      return null;
    }
    const repainted = session.repainted + (await session.takeOver(old));
    old.dispose();
    return repainted;
  }

  /** Asks for the case anew: reads may have been begun, submitted or opened again. Throws `VoxcordError`. */
  async refresh(): Promise<void> {
    const { _caseId: caseId } = this;
    if (caseId === null) return;
    this._case = await this.service.api.call('getCase', { params: { caseId } });
    this._changed.emit();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    this.opening?.abort();
    this._session?.dispose();
    Signal.clearData(this);
  }

  /** The read to join if none is asked for; null: none is joined. */
  protected readToJoin(opened: Case, username: string): Read | null {
    return usualRead(opened, username);
  }

  private setSession(session: ReadSession | null): void {
    const before = this._session;
    this._session = session;
    if (session !== null) {
      session.saveStateChanged.connect(this.emitChanged);
      session.segmentsChanged.connect(this.emitChanged);
      session.labels.changed.connect(this.emitChanged);
      session.people.changed.connect(this.emitChanged);
    }
    this._sessionChanged.emit(session);
    if (before !== session) before?.dispose();
  }

  private unfollow(session: ReadSession): void {
    session.saveStateChanged.disconnect(this.emitChanged);
    session.segmentsChanged.disconnect(this.emitChanged);
    session.labels.changed.disconnect(this.emitChanged);
    session.people.changed.disconnect(this.emitChanged);
  }

  private readonly emitChanged = (): void => {
    this._changed.emit();
  };
}

function volumeOf(opened: Case, hash: string | null): Volume | undefined {
  return opened.volumes.find(volume => volume.hash === hash);
}

/** The read that a person most likely came for: their own, then one that they share, then any that they may see. */
function usualRead(opened: Case, username: string): Read | null {
  const order = (read: Read): number => {
    if (!read.mayWrite) return 3;
    if (read.reader.username === username && read.protocolVersion !== null) return 0;
    if (read.access === 'blind') return read.reader.username === username ? 0 : 2;
    return 1;
  };
  const seen = opened.reads.filter(({ mayView, purpose }) => mayView && purpose === 'reading');
  return seen.toSorted((a, b) => order(a) - order(b))[0] ?? null;
}

function sameGrid(a: Volume, b: Volume): boolean {
  return (
    a.hash === b.hash ||
    (a.grid.dims.every((size, n) => size === b.grid.dims[n]) &&
      a.grid.affine.every((value, n) => Math.abs(value - (b.grid.affine[n] ?? NaN)) < 1e-3))
  );
}
