import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Project, Protocol, Release, Signing, Verification } from '@voxcord/schemas/api';
import { type VoxcordApi, isAbort } from '../client/index.js';
import { type PicturesByCase, picturesIn } from './releasePictures.js';

/** Milliseconds between two looks at a release that is being put together. */
const LOOK_AGAIN = 500;

export type Checking =
  | { readonly kind: 'not' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'checked'; readonly verification: Verification; readonly at: string }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The service still works on it: puts it together, or seals it after the last signature. */
export function isUnderWay({ state, progress, signatures, signaturesNeeded }: Release): boolean {
  if (progress.state === 'failed' || progress.state === 'cancelled') return false;
  if (progress.state === 'running' || state === 'preparing') return true;
  return state === 'signing' && signatures.length >= signaturesNeeded;
}

/** One release, as its page shows it. Knows nothing of widgets. */
export class ReleaseModel implements IDisposable {
  private _release: Release | null = null;
  private _project: Project | null = null;
  private _protocol: Protocol | null = null;
  private _parent: Release | null = null;
  private _pictures: PicturesByCase = new Map();
  private _checking: Checking = { kind: 'not' };
  private _error: unknown = null;
  private readonly loading = new AbortController();
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    readonly api: VoxcordApi,
    readonly releaseId: string
  ) {
    void this.load();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null while it is loaded. */
  get release(): Release | null {
    return this._release;
  }

  get project(): Project | null {
    return this._project;
  }

  /** The version of the protocol that the release follows. */
  get protocol(): Protocol | null {
    return this._protocol;
  }

  /** The release before this one. */
  get parent(): Release | null {
    return this._parent;
  }

  /** Pictures of its report, by the title of the case. */
  get pictures(): PicturesByCase {
    return this._pictures;
  }

  get checking(): Checking {
    return this._checking;
  }

  get error(): unknown {
    return this._error;
  }

  /** Loads it, and again until it is put together. Also to try again. */
  async load(): Promise<void> {
    const { signal } = this.loading;
    this._error = null;
    try {
      await this.look(signal);
      await this.loadSurroundings(signal);
      while (this._release !== null && isUnderWay(this._release)) {
        await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN));
        signal.throwIfAborted();
        await this.look(signal);
      }
      await this.loadPictures(signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this._error = error;
      this.emit();
    }
  }

  /** Signs; throws `VoxcordError`. With the last signature that is needed it is released. */
  async sign(signing: Signing): Promise<Release> {
    const params = { releaseId: this.releaseId };
    const signed = await this.api.call('signRelease', { params, body: signing });
    this._release = signed;
    this.emit();
    void this.load();
    return signed;
  }

  /** Gives up a release that is not released yet. Throws `VoxcordError`. */
  async withdraw(): Promise<void> {
    await this.api.call('withdrawRelease', { params: { releaseId: this.releaseId } });
    await this.load();
  }

  /** Has the service check every byte. */
  async verify(): Promise<void> {
    const { signal } = this.loading;
    this.setChecking({ kind: 'checking' });
    try {
      const verification = await this.api.call('verifyRelease', { params: { releaseId: this.releaseId } }, signal);
      this.setChecking({ kind: 'checked', verification, at: new Date().toISOString() });
    } catch (error) {
      if (!signal.aborted) this.setChecking({ kind: 'failed', error });
    }
  }

  /** The self-contained folder, as a zip file. Throws `VoxcordError`. */
  async archive(): Promise<Blob> {
    const address = this.api.binaryAddress('getReleaseArchive', { releaseId: this.releaseId });
    return (await this.api.request(address, { signal: this.loading.signal })).blob();
  }

  get isDisposed(): boolean {
    return this.loading.signal.aborted;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.loading.abort();
    Signal.clearData(this);
  }

  private async look(signal: AbortSignal): Promise<void> {
    this._release = await this.api.call('getRelease', { params: { releaseId: this.releaseId } }, signal);
    this.emit();
  }

  private async loadSurroundings(signal: AbortSignal): Promise<void> {
    const { _release: release } = this;
    if (release === null || this._project !== null) return;
    const params = { projectId: release.projectId };
    const [project, protocols, parent] = await Promise.all([
      this.api.call('getProject', { params }, signal),
      this.api.call('listProtocols', { params }, signal),
      release.parent === null ? null : this.api.call('getRelease', { params: { releaseId: release.parent } }, signal)
    ]);
    this._project = project;
    this._protocol =
      protocols.find(({ version, state }) => version === release.protocolVersion && state !== 'draft') ?? null;
    this._parent = parent;
    this.emit();
  }

  /** A release without pictures is a release all the same. */
  private async loadPictures(signal: AbortSignal): Promise<void> {
    const state = this._release?.state;
    if ((state !== 'signing' && state !== 'released') || this._pictures.size > 0) return;
    try {
      const address = this.api.binaryAddress('getReleaseReport', { releaseId: this.releaseId });
      const report = await (await this.api.request(address, { signal })).text();
      this._pictures = picturesIn(report);
      this.emit();
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
    }
  }

  private setChecking(checking: Checking): void {
    this._checking = checking;
    this.emit();
  }

  private emit(): void {
    if (!this.isDisposed) this._changed.emit();
  }
}
