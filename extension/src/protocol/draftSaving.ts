import type { Protocol, ProtocolContent } from '@voxcord/schemas/api';
import { VoxcordError } from '../client/index.js';

/** Where the draft that is edited stands against the one of the service. */
export type DraftState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  /** A required text is empty or too long: the draft is kept in this page until it can be stored. */
  | { readonly kind: 'incomplete' }
  /** Somebody else has saved the draft meanwhile. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface DraftSavingOptions {
  /** Stores the content on top of `edition`; null begins a draft. */
  readonly save: (content: ProtocolContent, edition: number | null) => Promise<Protocol>;
  readonly isStorable: (content: ProtocolContent) => boolean;
  readonly onState: (state: DraftState) => void;
  readonly onSaved: (saved: Protocol) => void;
  /** Milliseconds without a change after which a draft is saved. */
  readonly delay: number;
}

/** Saves a draft while it is written: one request at a time, the newest content last. */
export class DraftSaving {
  private waiting: ProtocolContent | null = null;
  private running: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private _state: DraftState = { kind: 'saved' };

  constructor(
    private edition: number | null,
    private readonly options: DraftSavingOptions
  ) {}

  get state(): DraftState {
    return this._state;
  }

  /** Everything is stored. */
  get isSaved(): boolean {
    return this._state.kind === 'saved';
  }

  change(content: ProtocolContent): void {
    this.waiting = content;
    if (this._state.kind === 'conflict') return;
    if (!this.options.isStorable(content)) {
      clearTimeout(this.timer);
      this.tell({ kind: 'incomplete' });
      return;
    }
    if (this.running === null) this.tell({ kind: 'unsaved' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), this.options.delay);
  }

  /** Saves what is not saved yet, now. Resolves when nothing is on its way any more. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    const content = this.waiting;
    if (content === null || this._state.kind === 'conflict' || !this.options.isStorable(content)) return;
    this.running = this.send(content);
    await this.running;
    this.running = null;
    // What was written meanwhile.
    if (this.state.kind === 'unsaved') await this.flush();
  }

  /** Saves one's own content over what somebody else has saved as `edition`. */
  async overwrite(edition: number): Promise<void> {
    this.edition = edition;
    this._state = { kind: 'unsaved' };
    await this.flush();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Something was written after what is on its way. */
  private get isWaiting(): boolean {
    return this.waiting !== null;
  }

  private async send(content: ProtocolContent): Promise<void> {
    this.waiting = null;
    this.tell({ kind: 'saving' });
    try {
      const saved = await this.options.save(content, this.edition);
      this.edition = saved.edition;
      this.options.onSaved(saved);
      this.tell(this.isWaiting ? { kind: 'unsaved' } : { kind: 'saved' });
    } catch (error) {
      this.waiting ??= content;
      const isConflict = error instanceof VoxcordError && error.status === 409;
      this.tell(isConflict ? { kind: 'conflict' } : { kind: 'failed', error });
    }
  }

  private tell(state: DraftState): void {
    this._state = state;
    this.options.onState(state);
  }
}
