import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { SignatureMeaning, Signing, SigningKey } from '@voxcord/schemas/api';
import { type VoxcordApi, messageOf } from '../client/index.js';
import { instantText } from '../ui/dates.js';

/** Shortest passphrase that can be chosen. */
const SHORTEST_PASSPHRASE = 10;

export interface SigningModelOptions<T> {
  readonly api: VoxcordApi;
  readonly trans: TranslationBundle;
  /** What the signature says unless the person chooses otherwise. */
  readonly meaning: SignatureMeaning;
  /** Signs. What it throws is shown, and signing can be tried again. */
  readonly sign: (signing: Signing, remark: string) => Promise<T>;
}

/** What the fields hold. */
export interface Filled {
  readonly meaning: SignatureMeaning;
  readonly passphrase: string;
  /** The passphrase once more, where it is chosen. */
  readonly repeated: string;
  readonly remark: string;
}

/** What somebody fills in to sign, and what came of it. Knows nothing of the dialog. */
export class SigningModel<T> implements IDisposable {
  private _filled: Filled;
  private _key: SigningKey | null = null;
  private _problem: string | null = null;
  private _isBusy = false;
  private _isDisposed = false;
  private unlocking: ReturnType<typeof setTimeout> | undefined;
  private readonly _changed = new Signal<this, void>(this);

  constructor(private readonly options: SigningModelOptions<T>) {
    this._filled = { meaning: options.meaning, passphrase: '', repeated: '', remark: '' };
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get filled(): Filled {
    return this._filled;
  }

  fill(part: Partial<Filled>): void {
    this._filled = { ...this._filled, ...part };
    this.emit();
  }

  /** Whether this person has a key; null: not known yet. */
  get key(): SigningKey | null {
    return this._key;
  }

  /** This person signs for the first time and chooses the passphrase here. */
  get isFirst(): boolean {
    return this._key !== null && this._key.keyId === null;
  }

  /** When signing is possible again after too many wrong passphrases; null: now. */
  get lockedUntil(): string | null {
    const until = this._key?.lockedUntil ?? null;
    return until !== null && Date.parse(until) > Date.now() ? until : null;
  }

  /** What stopped the last attempt, for people. */
  get problem(): string | null {
    const { trans } = this.options;
    const { lockedUntil } = this;
    if (lockedUntil !== null) {
      return trans.__(
        'Too many wrong passphrases. You can sign again from %1. Nothing was signed.',
        instantText(lockedUntil)
      );
    }
    return this._problem;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  get mayTry(): boolean {
    return this._key !== null && !this._isBusy && this.lockedUntil === null;
  }

  /** Asks whether this person has a key. */
  async load(): Promise<void> {
    try {
      this.follow(await this.options.api.call('getSigningKey', {}));
      this._problem = null;
    } catch (reason) {
      this._problem = messageOf(reason);
    }
    this.emit();
  }

  /** Signs with what is filled in; null if it could not be done, and `problem` says why. */
  async attempt(): Promise<{ readonly signed: T } | null> {
    if (!this.mayTry) return null;
    this._problem = this.incomplete();
    if (this._problem !== null) {
      this.emit();
      return null;
    }
    this._isBusy = true;
    this.emit();
    const { api, sign } = this.options;
    const { meaning, passphrase, remark } = this._filled;
    try {
      if (this.isFirst) this.follow(await api.call('setPassphrase', { body: { passphrase } }));
      const signed = await sign({ meaning, passphrase }, remark.trim());
      return { signed };
    } catch (reason) {
      this._problem = messageOf(reason);
      // The attempt may have been one too many.
      await api.call('getSigningKey', {}).then(this.follow, () => undefined);
      return null;
    } finally {
      this._isBusy = false;
      this.fill({ passphrase: '', repeated: '' });
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    this._filled = { ...this._filled, passphrase: '', repeated: '' };
    clearTimeout(this.unlocking);
    Signal.clearData(this);
  }

  private incomplete(): string | null {
    const { trans } = this.options;
    const { passphrase, repeated } = this._filled;
    if (passphrase === '') return trans.__('Type your passphrase.');
    if (passphrase.length < SHORTEST_PASSPHRASE) {
      return this.isFirst
        ? trans.__('A passphrase needs at least %1 characters.', SHORTEST_PASSPHRASE)
        : trans.__('This is not your passphrase: it has at least %1 characters.', SHORTEST_PASSPHRASE);
    }
    return !this.isFirst || passphrase === repeated ? null : trans.__('The two passphrases are not the same.');
  }

  private readonly follow = (key: SigningKey): void => {
    this._key = key;
    clearTimeout(this.unlocking);
    const { lockedUntil } = this;
    if (lockedUntil === null || this._isDisposed) return;
    this.unlocking = setTimeout(
      () => {
        this._problem = null;
        this.emit();
      },
      Date.parse(lockedUntil) - Date.now()
    );
  };

  private emit(): void {
    if (!this._isDisposed) this._changed.emit();
  }
}
