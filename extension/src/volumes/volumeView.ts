import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelLayout, Widget } from '@lumino/widgets';
import type { Volume } from '@voxcord/schemas/api';
import { isAbort } from '../client/index.js';
import { importVolumes } from '../service/volumeImport.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { CaseViewer } from '../viewer/index.js';
import { ImportNotice, type ImportPhase } from './importNotice.js';

/** A NIfTI file to look at: imported by the service, nothing painted, nothing kept but the volume. */
export class VolumeView extends Widget {
  readonly viewer: CaseViewer;
  private readonly notice: ImportNotice;
  private readonly service: VoxcordService;
  private readonly path: string;
  private importing: AbortController | null = null;
  private volumes: readonly Volume[] = [];

  constructor(options: { service: VoxcordService; trans: TranslationBundle; path: string }) {
    super();
    this.addClass('voxcord-CaseView');
    this.addClass('voxcord-VolumeView');
    this.node.tabIndex = -1;
    this.service = options.service;
    this.path = options.path;
    const { convention, interpolate, outlineWidth } = this.service.preferences.values;
    this.viewer = new CaseViewer({ trans: options.trans, settings: { convention, interpolate, outlineWidth } });
    this.notice = new ImportNotice(options.trans, {
      cancel: () => this.importing?.abort(),
      retry: () => void this.load(),
      showFrame: hash => this.showVolume(hash)
    });
    const layout = (this.layout = new PanelLayout());
    layout.addWidget(this.notice);
    layout.addWidget(this.viewer);
    void this.load();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.importing?.abort();
    super.dispose();
  }

  protected override onActivateRequest(): void {
    this.node.focus({ preventScroll: true });
  }

  private async load(): Promise<void> {
    const { signal } = (this.importing = new AbortController());
    this.tell({ kind: 'importing', fraction: 0 });
    try {
      this.volumes = await importVolumes(
        this.service.api,
        { kind: 'path', path: this.path },
        {
          signal,
          onProgress: fraction => this.tell({ kind: 'importing', fraction })
        }
      );
      const first = this.volumes[0];
      if (first !== undefined) this.showVolume(first.hash);
    } catch (error) {
      if (!this.isDisposed) this.tell(isAbort(error) ? { kind: 'cancelled' } : { kind: 'failed', error });
    }
  }

  private showVolume(hash: string): void {
    const volume = this.volumes.find(candidate => candidate.hash === hash);
    if (volume === undefined || this.isDisposed) return;
    this.tell({ kind: 'shown', volumes: this.volumes, hash });
    void this.viewer
      .setVolume({
        volume,
        load: async (onProgress, signal) => {
          const bytes = await this.service.volumes.load(volume, {
            signal,
            onProgress: ({ loaded, total }) => onProgress(loaded / total)
          });
          return bytes.buffer;
        }
      })
      // The picture tells what went wrong.
      .catch(() => undefined);
  }

  private tell(phase: ImportPhase): void {
    this.notice.phase = phase;
  }
}
