import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { VoxcordError } from '../client/index.js';
import type { VoxcordService } from './voxcordService.js';

/** A part of a project that a page shows: loaded from the service, and again whenever somebody comes back to it. */
export abstract class ProjectPart implements IDisposable {
  private isLoaded = false;
  private _error: unknown = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    protected readonly service: VoxcordService,
    protected readonly projectId: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Why there is nothing to show; null: there is, or is not loaded yet. */
  get error(): unknown {
    return this._error;
  }

  async load(): Promise<void> {
    try {
      await this.fetch();
      this.isLoaded = true;
      this._error = null;
    } catch (error) {
      // While the server cannot be reached, what is there stays; what one may no longer see does not.
      const isPassing = error instanceof VoxcordError && error.isTransient;
      if (!this.isLoaded || !isPassing) this._error = error;
    }
    this.emit();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Asks the service and keeps what it says. */
  protected abstract fetch(): Promise<void>;

  protected emit(): void {
    if (!this._isDisposed) this._changed.emit();
  }
}
