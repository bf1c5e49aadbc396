import { type ISignal, Signal } from '@lumino/signaling';
import type { Model, RefusedModel } from '@voxcord/schemas/api';
import { type UploadOptions, type VoxcordApi, isAbort } from '../client/index.js';

/** A folder that is being sent: how much of it has left, then the check on the server. */
export type Adding =
  | { readonly step: 'sending'; readonly name: string; readonly fraction: number }
  | { readonly step: 'checking'; readonly name: string };

/** The models that can be run here, and the folders that cannot. */
export class ModelShelf {
  private _models: readonly Model[] | null = null;
  private _refused: readonly RefusedModel[] = [];
  private _checking: readonly string[] = [];
  private _mayAdd = false;
  private _error: unknown = null;
  private _adding: Adding | null = null;
  private loading: Promise<void> | null = null;
  private readonly _changed = new Signal<this, void>(this);

  constructor(private readonly api: Pick<VoxcordApi, 'call' | 'upload'>) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** By title, newer versions first; null: not known yet. */
  get models(): readonly Model[] | null {
    return this._models;
  }

  get refused(): readonly RefusedModel[] {
    return this._refused;
  }

  /** Folders that are being looked at, or that somebody is still writing. */
  get checking(): readonly string[] {
    return this._checking;
  }

  /** This person may upload models. */
  get mayAdd(): boolean {
    return this._mayAdd;
  }

  /** Why it is not known which models there are; null: it is. */
  get error(): unknown {
    return this._error;
  }

  get adding(): Adding | null {
    return this._adding;
  }

  find(name: string, version: string): Model | null {
    return this._models?.find(({ file }) => file.name === name && file.version === version) ?? null;
  }

  /** Looks which models there are: folders come and go while the service runs. Never rejects. */
  load(): Promise<void> {
    this.loading ??= this.look().finally(() => (this.loading = null));
    return this.loading;
  }

  /** Sends a ZIP archive of a model folder and has it checked. Throws `VoxcordError`, or the signal's reason. */
  async add(archive: Blob, name: string, signal: AbortSignal): Promise<Model> {
    const onProgress: UploadOptions['onProgress'] = fraction => this.setAdding({ step: 'sending', name, fraction });
    this.setAdding({ step: 'sending', name, fraction: 0 });
    try {
      const { upload } = await this.api.upload(archive, { signal, onProgress });
      this.setAdding({ step: 'checking', name });
      const model = await this.api.call('addModel', { body: { upload } }, signal);
      await this.lookAnew();
      return model;
    } finally {
      this.setAdding(null);
    }
  }

  /** Offers a model no longer. Throws `VoxcordError`. */
  async remove({ file: { name, version } }: Model): Promise<void> {
    await this.api.call('removeModel', { params: { name, version } });
    await this.lookAnew();
  }

  /** An answer that is on its way may be older than what this page has changed. */
  private async lookAnew(): Promise<void> {
    await this.loading;
    await this.load();
  }

  private async look(): Promise<void> {
    try {
      const { models, refused, checking, mayAdd } = await this.api.call('listModels', {});
      this._models = models.toSorted(byTitle);
      this._refused = refused;
      this._checking = checking;
      this._mayAdd = mayAdd;
      this._error = null;
    } catch (error) {
      if (isAbort(error)) return;
      this._error = error;
    }
    this._changed.emit();
  }

  private setAdding(adding: Adding | null): void {
    this._adding = adding;
    this._changed.emit();
  }
}

function byTitle({ file: a }: Model, { file: b }: Model): number {
  return a.title.localeCompare(b.title) || b.version.localeCompare(a.version, 'en', { numeric: true });
}
