import type { ServerConnection } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Me } from '@voxcord/schemas/api';
import { TabLock, UnsavedStore, VolumeStore, VoxcordApi } from '../client/index.js';
import { Preferences } from './preferences.js';

/** The way to the Voxcord service behind the Jupyter server of this page. */
export class VoxcordService {
  readonly api: VoxcordApi;
  readonly preferences = new Preferences();
  readonly volumes: VolumeStore;
  private readonly tab = new TabLock();
  private store: Promise<UnsavedStore | null> | null = null;
  private mePromise: Promise<Me> | null = null;
  private readonly _casesChanged = new Signal<this, void>(this);

  constructor(settings: ServerConnection.ISettings) {
    this.api = new VoxcordApi(settings);
    this.volumes = new VolumeStore(this.api, () => this.preferences.values.keepOnThisComputer);
  }

  /** Who this person is to the service. Asked once. */
  me(): Promise<Me> {
    this.mePromise ??= this.api.call('me', {}).catch((reason: unknown) => {
      this.mePromise = null;
      throw reason;
    });
    return this.mePromise;
  }

  /** Where unsaved work is kept on this computer; null if the settings or the browser do not allow it. */
  unsavedStore(): Promise<UnsavedStore | null> {
    if (!this.preferences.values.keepOnThisComputer) return Promise.resolve(null);
    this.store ??= UnsavedStore.open(this.tab).catch(() => null);
    return this.store;
  }

  /** Cases or reads of this person changed from this page. */
  get casesChanged(): ISignal<this, void> {
    return this._casesChanged;
  }

  noteCasesChanged(): void {
    this._casesChanged.emit();
  }
}

export const VoxcordServiceToken = new Token<VoxcordService>(
  '@voxcord/extension:VoxcordService',
  'The REST API, settings and local stores of Voxcord.'
);
