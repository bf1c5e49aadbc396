import type { TranslationBundle } from '@jupyterlab/translation';
import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import {
  type BrushSettings,
  type CursorInView,
  DEFAULT_VIEWER_SETTINGS,
  type LabelLayer,
  type Layout,
  type PaintTarget,
  type PersonInView,
  type Plane,
  type PointerTool,
  type RemotePreview,
  type SegmentAppearance,
  type Vector,
  type ViewerPhase,
  type ViewerSettings,
  type ViewerState,
  type ViewerVolume,
  type Window
} from './contracts.js';
import type { WindowPreset } from './windowPresets.js';

export interface CaseViewerOptions {
  readonly trans: TranslationBundle;
  readonly settings?: Partial<ViewerSettings>;
}

/** The picture of a case. SHELL-FACING SKELETON: bodies follow. */
export class CaseViewer extends Widget {
  constructor(options: CaseViewerOptions) {
    super();
    this._settings = { ...DEFAULT_VIEWER_SETTINGS, ...options.settings };
  }

  /** Loads and shows a volume (null: none). Resolves when it is shown; `phase` and the picture tell the rest. */
  async setVolume(_volume: ViewerVolume | null): Promise<void> {}
  setLabels(_layer: LabelLayer | null): void {}
  setSegments(_segments: readonly SegmentAppearance[]): void {}
  setPaintTarget(_target: PaintTarget | null): void {}
  /** Everybody else's cursors; replaces the list. */
  setPeople(_people: readonly PersonInView[]): void {}
  /** Shows a part of somebody else's stroke; it fades a second after its last part. */
  showPreview(_preview: RemotePreview): void {}

  get phase(): ViewerPhase {
    return { phase: 'empty' };
  }
  get settings(): ViewerSettings {
    return this._settings;
  }
  changeSettings(change: Partial<ViewerSettings>): void {
    this._settings = { ...this._settings, ...change };
  }
  /** The tool of the primary button. */
  tool: PointerTool = 'window';
  brush: BrushSettings = { shape: 'disc', radiusMm: 6 };
  /** Segment that the brush paints; null: none is chosen. */
  segment: number | null = null;
  layout: Layout = '2x2';
  window: Window = { width: 1, level: 0 };
  /** World mm (RAS+). */
  crosshair: Vector = [0, 0, 0];
  /** The pane that keys act on. */
  activePlane: Plane = 'axial';
  get presets(): readonly WindowPreset[] {
    return [];
  }
  applyPreset(_id: string): void {}
  /** Hides labels, lines and text while true (held key). */
  overlaysHidden = false;
  /** Through a scale of sizes; positive is bigger. */
  changeBrushSize(_steps: number): void {}
  /** Slices of the active pane (or of `plane`); positive is towards A, S or R... by increasing index. */
  moveSlice(_steps: number, _plane?: Plane): void {}
  /** 1 = fitted to the pane. */
  zoomBy(_factor: number, _plane?: Plane): void {}
  /** Fits all panes, centres the crosshair, restores the starting window. */
  resetView(): void {}
  /** Gives up the stroke under the pointer. True if there was one. */
  cancelStroke(): boolean {
    return false;
  }
  /** A short message on the picture ("Choose a segment first"). */
  tell(_message: string): void {}
  getState(): ViewerState {
    return { layout: this.layout, panes: {}, turn: { azimuth: 110, elevation: 10, zoom: 1 }, brush: this.brush };
  }
  /** May be called before the volume is there. */
  setState(_state: ViewerState): void {}

  readonly crosshairChanged: ISignal<this, Vector> = new Signal<this, Vector>(this);
  readonly windowChanged: ISignal<this, Window> = new Signal<this, Window>(this);
  readonly brushChanged: ISignal<this, BrushSettings> = new Signal<this, BrushSettings>(this);
  readonly toolChanged: ISignal<this, PointerTool> = new Signal<this, PointerTool>(this);
  readonly layoutChanged: ISignal<this, Layout> = new Signal<this, Layout>(this);
  readonly phaseChanged: ISignal<this, ViewerPhase> = new Signal<this, ViewerPhase>(this);
  /** Pointer over a plane, at most 10 a second; null when it leaves. */
  readonly cursorMoved: ISignal<this, CursorInView | null> = new Signal<this, CursorInView | null>(this);
  /** Anything that `getState` holds changed. */
  readonly stateChanged: ISignal<this, void> = new Signal<this, void>(this);

  private _settings: ViewerSettings;
}
