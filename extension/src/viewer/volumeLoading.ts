import type { ViewerPhase, ViewerVolume } from './contracts.js';
import { Picture } from './picture.js';

/** Share of the progress that the download gets; the rest is the way onto the graphics card. */
const DOWNLOAD_SHARE = 0.8;

export interface ShowEvents {
  /** A canvas that has no graphics context yet. */
  freshCanvas(): HTMLCanvasElement;
  /** Takes the picture over; if it throws, the picture is disposed of and the volume has failed. */
  shown(volume: ViewerVolume, picture: Picture): void;
  phase(phase: ViewerPhase): void;
  cancelled(): string;
}

/** Loads one volume at a time: a new one, or none, takes the place of what is still on its way. */
export class VolumeLoading {
  constructor(private readonly events: ShowEvents) {}

  /** Resolves when the volume is shown, has failed, was cancelled or replaced. */
  async show(volume: ViewerVolume): Promise<void> {
    this.replace();
    const loading = new AbortController();
    this._loading = loading;
    const progress = (fraction: number): void => {
      if (!loading.signal.aborted) this.events.phase({ phase: 'loading', fraction });
    };
    progress(0);
    try {
      const buffer = await volume.load(fraction => progress(fraction * DOWNLOAD_SHARE), loading.signal);
      loading.signal.throwIfAborted();
      const onUpload = (fraction: number): void => progress(DOWNLOAD_SHARE + (1 - DOWNLOAD_SHARE) * fraction);
      const picture = await Picture.show(this.events.freshCanvas(), volume, buffer, onUpload, loading.signal);
      if (loading.signal.aborted) {
        picture.dispose();
        loading.signal.throwIfAborted();
      }
      try {
        this.events.shown(volume, picture);
      } catch (error) {
        picture.dispose();
        throw error;
      }
      this._loading = null;
      this.events.phase({ phase: 'ready' });
    } catch (error) {
      if (this._loading !== loading) return;
      this._loading = null;
      const reason = loading.signal.aborted ? new Error(this.events.cancelled()) : error;
      this.events.phase({ phase: 'failed', error: reason instanceof Error ? reason : new Error(String(reason)) });
    }
  }

  /** Cancelled by the reader, who is told so. */
  cancel(): void {
    this._loading?.abort(new DOMException('Cancelled', 'AbortError'));
  }

  /** Given up in silence. */
  replace(): void {
    const loading = this._loading;
    this._loading = null;
    loading?.abort(new DOMException('Replaced', 'AbortError'));
  }

  private _loading: AbortController | null = null;
}
