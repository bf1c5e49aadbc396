import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Difference, LabelMapReference } from '@voxcord/schemas/api';
import type { FixedLabelMaps, VoxcordApi } from '../client/index.js';
import { isAbort } from '../client/index.js';
import { type ChangedVoxels, changedVoxels } from './changedVoxels.js';

/** A label map that never changes, with the name that people know it by. */
export interface Version {
  readonly reference: LabelMapReference;
  readonly label: string;
  /** Names the voxels: equal roots, equal label maps. Null: not known here. */
  readonly root: string | null;
}

export type ComparisonPhase =
  | { readonly kind: 'closed' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'shown'; readonly difference: Difference; readonly voxels: ChangedVoxels };

/** Two versions of a case side by side: what changed, in words and in voxels. */
export class Comparison implements IDisposable {
  private _phase: ComparisonPhase = { kind: 'closed' };
  private _before: Version | null = null;
  private _after: Version | null = null;
  private loading = new AbortController();
  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;

  constructor(
    private readonly api: VoxcordApi,
    private readonly maps: FixedLabelMaps,
    readonly caseId: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get phase(): ComparisonPhase {
    return this._phase;
  }

  get before(): Version | null {
    return this._before;
  }

  get after(): Version | null {
    return this._after;
  }

  /** Compares two versions; also with one of them chosen anew. */
  async open(before: Version, after: Version): Promise<void> {
    this.loading.abort();
    const { signal } = (this.loading = new AbortController());
    this._before = before;
    this._after = after;
    this.set({ kind: 'loading' });
    try {
      const [difference, old, now] = await Promise.all([
        this.api.call('getDifference', { query: { before: before.reference, after: after.reference } }, signal),
        this.maps.voxels(before.reference),
        this.maps.voxels(after.reference)
      ]);
      if (!signal.aborted) this.set({ kind: 'shown', difference, voxels: changedVoxels(old, now) });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) this.set({ kind: 'failed', error });
    }
  }

  close(): void {
    if (this._phase.kind === 'closed') return;
    this.loading.abort();
    this.set({ kind: 'closed' });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    this.loading.abort();
    Signal.clearData(this);
  }

  private set(phase: ComparisonPhase): void {
    if (this._isDisposed) return;
    this._phase = phase;
    this._changed.emit();
  }
}
