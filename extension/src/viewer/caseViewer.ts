import type { VoxelBox } from '@voxcord/schemas/labelmap';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import {
  DEFAULT_VIEWER_SETTINGS,
  type LabelLayer,
  type Layout,
  type PaintTarget,
  type PersonInView,
  type Plane,
  type RemotePreview,
  type SegmentAppearance,
  type Vector,
  type ViewerSettings,
  type ViewerState,
  type ViewerVolume,
  type Window
} from './contracts.js';
import { ContextGuard } from './contextGuard.js';
import { cursorInView } from './cursorInView.js';
import { Interaction } from './interaction.js';
import type { Overlay, OverlayLegend } from './overlays.js';
import type { PaneName } from './paneLayout.js';
import { movedByKey } from './keyboardMoves.js';
import type { Picture } from './picture.js';
import { watchPixelRatio } from './pixelRatio.js';
import { PointerInput } from './pointerInput.js';
import { Stage } from './stage.js';
import { spaceOf } from './viewModel.js';
import { ViewerError } from './viewerError.js';
import { ToolViewer } from './toolViewer.js';
import { Throttle } from './throttle.js';
import { captureState, restoreLooks, type WaitingState } from './viewerState.js';
import { ViewerStatus } from './viewerStatus.js';
import { VolumeLoading } from './volumeLoading.js';
import { type WindowPreset, windowPresetsFor } from './windowPresets.js';

export interface CaseViewerOptions {
  readonly trans: TranslationBundle;
  readonly settings?: Partial<ViewerSettings>;
}

/** Shortest time between two `cursorMoved`, in ms. */
const CURSOR_MS = 100;

/** The picture of a case: slices and surfaces of a volume and its labels, and the tools on them. */
export class CaseViewer extends ToolViewer {
  constructor(options: CaseViewerOptions) {
    super();
    const { trans } = options;
    this._trans = trans;
    this.model.settings = { ...DEFAULT_VIEWER_SETTINGS, ...options.settings };
    this._stage = new Stage(this.model, trans, name => this._enlarge(name));
    this._status = new ViewerStatus(
      trans,
      () => this._loading.cancel(),
      () => void this.setVolume(this._volume)
    );
    this._loading = new VolumeLoading({
      freshCanvas: () => this._stage.freshCanvas(),
      shown: (volume, picture) => this._shown(volume, picture),
      phase: phase => this.setPhase(phase),
      cancelled: () => trans.__('Loading was cancelled.')
    });
    this._interaction = new Interaction(this.model, this._changes(), trans);
    this._input = new PointerInput(this._stage.node, this._interaction);
    this._resizes = new ResizeObserver(() => this._fit());
    this.addClass('vx-CaseViewer');
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'application');
    this.node.setAttribute(
      'aria-label',
      trans.__('Image. Arrow keys move the crosshair, Page Up and Page Down the slice.')
    );
    this.node.append(this._stage.node, this._status.node);
    this.phaseChanged.connect((_viewer, phase) => this._status.show(phase));
    this.setPhase({ phase: 'empty' });
  }

  /**
   * Loads and shows a volume; null shows none. Resolves when it is shown, has failed or was replaced:
   * `phase` and the picture tell which. Labels must be set anew for a volume with another grid.
   */
  async setVolume(volume: ViewerVolume | null): Promise<void> {
    this._input.cancelDrag();
    this._loading.replace();
    if (volume?.volume.hash !== this._volume?.volume.hash) this.model.space = null;
    this._volume = volume;
    this._stage.picture?.dispose();
    this._stage.picture = null;
    this.model.valueOf = null;
    this._stage.invalidate('scene');
    if (volume === null) this.setPhase({ phase: 'empty' });
    else await this._loading.show(volume);
  }

  /** Throws `ViewerError` (`viewer.label-grid`) if a volume with another grid is shown. */
  setLabels(layer: LabelLayer | null): void {
    this._input.cancelDrag();
    this.model.layer?.dirty.disconnect(this._onDirty);
    this.model.layer = layer;
    layer?.dirty.connect(this._onDirty);
    this._stage.picture?.setLabels(layer);
    this._stage.invalidate('scene');
  }

  setSegments(segments: readonly SegmentAppearance[]): void {
    this.model.segments = segments;
    this._stage.picture?.setSegments(segments);
    this._stage.invalidate('scene');
  }

  /** Call again when `mayPaint` changes. */
  setPaintTarget(target: PaintTarget | null): void {
    if (this._interaction.target !== target || target?.mayPaint !== true) this._input.cancelDrag();
    this._interaction.target = target;
    this.model.mayPaint = target?.mayPaint ?? false;
    this._stage.invalidate('lines');
  }

  /** What lies over the slices now; later ones above earlier ones. */
  get overlays(): readonly Overlay[] {
    return this.model.overlays;
  }

  /** What lies over the slices, with what its colours mean. Overlays of another grid than the image's are not drawn. */
  setOverlays(overlays: readonly Overlay[], legend: OverlayLegend | null = null): void {
    this.model.overlays = overlays;
    this.model.legend = legend;
    this._stage.invalidate('scene');
  }

  /** Everybody else's cursors; replaces the list. */
  setPeople(people: readonly PersonInView[]): void {
    this.model.people = people;
    this._stage.invalidate('lines');
  }

  /** Shows a part of somebody else's stroke; it fades within a second after its last part. */
  showPreview(preview: RemotePreview): void {
    const { space } = this.model;
    if (space === null) return;
    this.model.previews.add(preview, world => space.toVoxel(world), performance.now());
    this._stage.invalidate('lines');
  }

  get settings(): ViewerSettings {
    return this.model.settings;
  }

  changeSettings(change: Partial<ViewerSettings>): void {
    this.model.settings = { ...this.model.settings, ...change };
    this._stage.invalidate('scene');
  }

  get paneLayout(): Layout {
    return this.model.layout;
  }
  set paneLayout(layout: Layout) {
    if (layout === this.model.layout) return;
    this._input.cancelDrag();
    this.model.layout = layout;
    this.model.hover = null;
    if (layout !== '2x2' && layout !== '3d') this.model.activePlane = layout;
    this._stage.invalidate('scene');
    this.layoutChangedSignal.emit(layout);
    this.stateChangedSignal.emit();
  }

  get window(): Window {
    return this.model.window;
  }
  set window(window: Window) {
    const valid = Number.isFinite(window.width) && window.width > 0 && Number.isFinite(window.level);
    const { width, level } = this.model.window;
    if (!valid || (window.width === width && window.level === level)) return;
    this.model.window = { width: window.width, level: window.level };
    this._stage.invalidate('scene');
    this.windowChangedSignal.emit(this.model.window);
    this.stateChangedSignal.emit();
  }

  /** World mm (RAS+). Outside the volume: the nearest place in it. */
  get crosshair(): Vector {
    return this.model.space?.toWorld(this.model.crosshair) ?? [0, 0, 0];
  }
  set crosshair(world: Vector) {
    if (this.model.space !== null) this._setCrosshair(this.model.space.toVoxel(world));
  }

  /** Moves the crosshair to `world` (mm), and panes that do not show the place so that they do. */
  goTo(world: Vector): void {
    this.crosshair = world;
    this.model.bringIntoView();
    this._stage.invalidate('scene');
    this.stateChangedSignal.emit();
  }

  /** The pane that keys act on. */
  get activePlane(): Plane {
    return this.model.activePlane;
  }
  set activePlane(plane: Plane) {
    this.model.activePlane = plane;
    this._stage.invalidate('lines');
  }

  get presets(): readonly WindowPreset[] {
    if (this._volume === null) return [];
    return windowPresetsFor(this._volume.volume, this._stage.picture?.foreground ?? null, this._trans);
  }

  applyPreset(id: string): void {
    const preset = this.presets.find(one => one.id === id);
    if (preset !== undefined) this.window = preset;
  }

  /** Hides labels, lines and texts while true (a held key). */
  get overlaysHidden(): boolean {
    return this.model.overlaysHidden;
  }
  set overlaysHidden(hidden: boolean) {
    if (hidden === this.model.overlaysHidden) return;
    this.model.overlaysHidden = hidden;
    this._stage.invalidate('scene');
  }

  /** Slices of `plane` or of the active pane; positive goes towards the patient's right, front or head. */
  moveSlice(steps: number, plane: Plane = this.model.activePlane): void {
    this._interaction.moveSlice(plane, steps);
  }

  /** Magnifies a pane about its middle. */
  zoomBy(factor: number, plane: Plane = this.model.activePlane): void {
    this.model.zoomBy(factor, plane);
    this._stage.invalidate('scene');
    this.stateChangedSignal.emit();
  }

  /** Fits all panes, turns the surfaces to the front, centres the crosshair, restores the starting window. */
  resetView(): void {
    this.model.resetLooks();
    this._startWith();
    this._stage.invalidate('scene');
    this.stateChangedSignal.emit();
  }

  /** Gives up the stroke or scribble under the pointer. True if there was one. */
  cancelStroke(): boolean {
    if (!this._interaction.isDrawing) return false;
    this._input.cancelDrag();
    return true;
  }

  /** A short message on the picture. */
  tell(message: string): void {
    this._status.tell(message);
  }

  getState(): ViewerState {
    return captureState(this.model, this._waiting);
  }

  /** May be called before the volume is there. Values that make no sense are left out. */
  setState(state: ViewerState): void {
    this.paneLayout = state.layout;
    this.brush = state.brush;
    this._waiting = restoreLooks(this.model, state);
    if (this.model.space !== null) this._applyWaiting();
    this._stage.invalidate('scene');
  }

  /** The picture on the graphics card; null while there is none. For measurements and tests. */
  get picture(): Picture | null {
    return this._stage.picture;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this._loading.replace();
    this._input.dispose();
    this._resizes.disconnect();
    this._stopWatchingRatio();
    this._cursorNews.dispose();
    this.model.layer?.dirty.disconnect(this._onDirty);
    this._stage.dispose();
    this._status.dispose();
    super.dispose();
    Signal.clearData(this);
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._resizes.observe(this.node);
    this.node.addEventListener('keydown', this._onKey);
    this._stopWatchingRatio = watchPixelRatio(() => this._fit());
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._context.shown();
  }

  protected override onBeforeDetach(message: Message): void {
    this._resizes.disconnect();
    this._stopWatchingRatio();
    this.node.removeEventListener('keydown', this._onKey);
    this._input.cancelDrag();
    super.onBeforeDetach(message);
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.focus();
  }

  protected override cancelDrag(): void {
    this._input.cancelDrag();
  }

  protected override redrawLines(): void {
    this._stage.invalidate('lines');
  }

  protected override redrawScene(): void {
    this._stage.invalidate('scene');
  }

  private _shown(volume: ViewerVolume, picture: Picture): void {
    const space = spaceOf(volume.volume);
    picture.setSegments(this.model.segments);
    picture.setLabels(this.model.layer);
    picture.onContextLost(() => {
      if (this._stage.picture === picture && !this.isDisposed) this._context.lost();
    });
    picture.onSharper(() => this._stage.invalidate('scene'));
    const isNew = this.model.space === null;
    this.model.space = space;
    this._stage.picture = picture;
    this.model.valueOf = index => picture.valueOf(index);
    if (isNew) this._startWith();
    this._fit();
  }

  private _changes(): ConstructorParameters<typeof Interaction>[1] {
    return {
      crosshair: voxel => this._setCrosshair(voxel),
      window: window => (this.window = window),
      look: (plane, look) => {
        this.model.looks[plane] = look;
        this._stage.invalidate('scene');
        this.stateChangedSignal.emit();
      },
      turn: turn => {
        this.model.turn = turn;
        this._stage.invalidate('scene');
        this.stateChangedSignal.emit();
      },
      active: plane => {
        this.node.focus({ preventScroll: true });
        this.activePlane = plane;
      },
      brushSteps: steps => this.changeBrushSize(steps),
      enlarge: pane => this._enlarge(pane.name),
      hover: () => {
        this._stage.invalidate('lines');
        this._cursorNews.ask();
      },
      painting: () => {
        this._stage.invalidate('scene');
        // The others see when a stroke begins and ends, though the pointer rests.
        this._cursorNews.ask();
      },
      turning: () => this._stage.invalidate('scene'),
      pointed: pointed => this.pointedSignal.emit(pointed),
      tell: message => this.tell(message)
    };
  }

  private _setCrosshair(voxel: Vector): void {
    if (!this.model.moveCrosshair(voxel)) return;
    this._stage.invalidate('scene');
    this.crosshairChangedSignal.emit(this.crosshair);
    this.stateChangedSignal.emit();
  }

  private _enlarge(name: PaneName): void {
    this.paneLayout = this.model.layout === '2x2' ? name : '2x2';
  }

  /** Where a volume that was not shown before begins. */
  private _startWith(): void {
    const preset = this.presets[0];
    if (preset !== undefined) this.window = preset;
    this._setCrosshair(this.model.centre());
    this._applyWaiting();
  }

  private _applyWaiting(): void {
    const { window, crosshair } = this._waiting ?? {};
    this._waiting = null;
    if (window !== undefined) this.window = window;
    if (crosshair !== undefined) this.crosshair = crosshair;
  }

  private readonly _onDirty = (_layer: LabelLayer, boxes: readonly VoxelBox[]): void => {
    this._stage.picture?.uploadBoxes(boxes);
    this._stage.invalidate('scene');
  };

  private _fit(): void {
    const { width, height } = this.node.getBoundingClientRect();
    if (width > 0 && height > 0) this._stage.resize(Math.floor(width), Math.floor(height));
  }

  private readonly _onKey = (event: KeyboardEvent): void => {
    if (event.target !== this.node || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = movedByKey(event.key, this.model);
    if (move !== null) this._setCrosshair(move);
    else if (event.key !== 'Escape' || !this.cancelStroke()) return;
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly _trans: TranslationBundle;
  private readonly _stage: Stage;
  private readonly _status: ViewerStatus;
  private readonly _loading: VolumeLoading;
  private readonly _interaction: Interaction;
  private readonly _input: PointerInput;
  private readonly _resizes: ResizeObserver;
  private _stopWatchingRatio = (): void => undefined;
  private _volume: ViewerVolume | null = null;
  private readonly _context = new ContextGuard({
    isInSight: () => this.isVisible,
    rebuild: () => void this.setVolume(this._volume),
    giveUp: () => {
      const message = this._trans.__('The graphics hardware was reset several times. Your work is safe; try again.');
      this.setPhase({ phase: 'failed', error: new ViewerError('viewer.context-lost', message) });
    }
  });
  private _waiting: WaitingState | null = null;
  private readonly _cursorNews = new Throttle(CURSOR_MS, () => this.cursorMovedSignal.emit(cursorInView(this.model)));
}
