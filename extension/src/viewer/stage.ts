import type { TranslationBundle } from '@jupyterlab/translation';
import type { Plane, Vector } from './contracts.js';
import {
  type BrushCircle,
  type CompassArm,
  LineLayer,
  type PaneLines,
  type PersonMark,
  type StrokeMark
} from './lineLayer.js';
import { directionLetter, edgeLetters } from './orientationLetters.js';
import { OverlayLayer } from './overlayLayer.js';
import { type ChromeTexts, element, PaneChrome } from './paneChrome.js';
import type { PaneName } from './paneLayout.js';
import type { PaneView, Point, Rectangle } from './paneView.js';
import type { FramePane, Picture } from './picture.js';
import { type Axis, isInGrid, sliceAt, sliceCount } from './planes.js';
import { scaleBar } from './scaleBar.js';
import type { SurfaceWork } from './surfaceRefinement.js';
import { formatMm, formatValue, formatWindow } from './valueFormat.js';
import { onSlice, type OpenPane, type Space, type ViewModel } from './viewModel.js';
import { viewAxes } from './turn.js';

/** Somebody else's strokes hold the 3D picture back for this long at most. */
const PATIENCE_MS = 4000;
/** Panes narrower than this leave the less important texts out. */
const NARROW = 330;

/** Shows a `ViewModel`: the image, the lines above it, the texts above these. At most one frame at a time. */
export class Stage {
  readonly node = element('div', 'vx-Stage');
  picture: Picture | null = null;

  constructor(
    private readonly model: ViewModel,
    private readonly trans: TranslationBundle,
    private readonly onEnlarge: (name: PaneName) => void
  ) {
    this._lines = new LineLayer(element('canvas', 'vx-Stage-lines'));
    this._overlays = new OverlayLayer(element('canvas', 'vx-Stage-overlays'));
    this._overlays.canvas.setAttribute('aria-hidden', 'true');
    this._lines.canvas.setAttribute('aria-hidden', 'true');
    this._chrome.setAttribute('aria-hidden', 'true');
    this.node.append(this._overlays.canvas, this._lines.canvas, this._chrome);
  }

  /** A new canvas for a new graphics context; the old one goes. */
  freshCanvas(): HTMLCanvasElement {
    this._image?.remove();
    this._image = element('canvas', 'vx-Stage-image');
    this._image.setAttribute('aria-hidden', 'true');
    this.node.prepend(this._image);
    return this._image;
  }

  /** `scene`: the image changed. `lines`: only what lies above it. */
  invalidate(what: 'scene' | 'lines'): void {
    if (what === 'scene') this._sceneStale = true;
    this._frame ??= requestAnimationFrame(() => {
      this._frame = null;
      this.draw();
    });
  }

  resize(width: number, height: number): void {
    this.model.size = { width, height };
    const ratio = window.devicePixelRatio;
    this.picture?.resize(width, height, ratio);
    this._overlays.resize(width, height, ratio);
    this._lines.resize(width, height, ratio);
    this._sceneStale = true;
    // A resized canvas is empty until it is drawn: now, not in the next frame.
    this.draw();
  }

  draw(): void {
    const panes = this.model.panes();
    const now = performance.now();
    const othersPaint = this.model.previews.isAnyLive(now);
    const work = this._surfaceWorkNow(othersPaint, now);
    if (work !== this._surfaceWork) this._sceneStale = true;
    this._surfaceWork = work;
    if (this._sceneStale) {
      this._sceneStale = false;
      this._drawScene(panes);
      this._drawOverlays(panes);
    }
    this._drawLines(panes);
    this._drawTexts(panes);
    if (othersPaint) this.invalidate('lines');
  }

  dispose(): void {
    if (this._frame !== null) cancelAnimationFrame(this._frame);
    this.picture?.dispose();
    this.picture = null;
  }

  private _drawScene(panes: readonly OpenPane[]): void {
    const { model, picture } = this;
    if (picture === null) return;
    const framePanes = panes.flatMap((pane): FramePane[] => {
      if (pane.name === '3d') return [{ kind: 'surfaces', rectangle: pane.rectangle }];
      return pane.view === null ? [] : [{ kind: 'slice', view: pane.view }];
    });
    picture.draw({
      panes: framePanes,
      crosshair: model.crosshair,
      window: model.window,
      turn: model.turn,
      interpolate: model.settings.interpolate,
      outlineWidth: model.settings.outlineWidth,
      mirrored: model.mirrored,
      labelsShown: !model.overlaysHidden,
      surfaceWork: this._surfaceWork
    });
  }

  private _drawOverlays(panes: readonly OpenPane[]): void {
    const { model } = this;
    const slices = panes.flatMap(({ view }) =>
      view === null ? [] : [{ view, slice: sliceAt(view.grid, view.plane, model.crosshair) }]
    );
    this._overlays.draw(slices, model.overlaysHidden ? [] : [...model.overlays, ...model.raised]);
  }

  /** A brush must never wait for the 3D picture; what others paint is shown sooner than a sharper one. */
  private _surfaceWorkNow(othersPaint: boolean, now: number): SurfaceWork {
    const { painting, turning } = this.model;
    if (!othersPaint) this._quietAt = now;
    if (painting) return 'nothing';
    const held = othersPaint && now - this._quietAt < PATIENCE_MS;
    return turning || held ? 'coarse' : 'everything';
  }

  private _drawLines(panes: readonly OpenPane[]): void {
    const { model } = this;
    const { space } = model;
    if (space === null || model.overlaysHidden) {
      this._lines.draw([]);
      return;
    }
    this._lines.draw(
      panes.map(({ rectangle, view, name }): PaneLines => {
        if (view === null || name === '3d') {
          return {
            rectangle,
            crosshair: null,
            brush: null,
            people: [],
            strokes: [],
            compass: this._compass(space, rectangle)
          };
        }
        return {
          rectangle,
          crosshair: model.settings.crosshairVisible ? view.toPoint(model.crosshair) : null,
          brush: this._brush(view),
          people: this._people(view, space),
          strokes: this._strokes(view, space),
          compass: []
        };
      })
    );
  }

  private _brush(view: PaneView): BrushCircle | null {
    const { hover, tool, segment, mayPaint } = this.model;
    if (hover === null || hover.plane !== view.plane || (tool !== 'brush' && tool !== 'eraser')) return null;
    const erases = tool === 'eraser' || hover.erases;
    return {
      at: hover.point,
      radius: this.model.brushRadius(hover.pressure) * view.pixelsPerMm,
      erases,
      idle: !mayPaint || (!erases && segment === null)
    };
  }

  private _people(view: PaneView, space: Space): PersonMark[] {
    const { normal } = view.axes;
    const slice = sliceAt(space.grid, view.plane, this.model.crosshair);
    return this.model.people.flatMap(({ displayName, colour, cursor }) => {
      if (cursor === undefined || cursor === null || cursor.plane !== view.plane) return [];
      const voxel = space.toVoxel(cursor.world);
      return [
        {
          at: view.toPoint(voxel),
          name: displayName,
          colour,
          radius: cursor.radius * view.pixelsPerMm,
          here: Math.round(voxel[normal]) === slice
        }
      ];
    });
  }

  private _strokes(view: PaneView, space: Space): StrokeMark[] {
    const { model } = this;
    const slice = sliceAt(space.grid, view.plane, model.crosshair);
    const normalOf = (plane: Plane): Vector => model.normalOf(plane);
    return model.previews
      .on(view.plane, slice, space.grid.spacing, normalOf, performance.now())
      .map(({ path, radius, colour, strength }) => ({
        path: path.map(point => view.toPoint(point)),
        radius: radius * view.pixelsPerMm,
        colour,
        strength
      }));
  }

  private _compass(space: Space, { left, top, width, height }: Rectangle): CompassArm[] {
    if (width < 160 || height < 160) return [];
    const { right, up, forward } = viewAxes(this.model.turn);
    const centre: Point = { x: left + 44, y: top + height - 44 };
    const arms: CompassArm[] = [{ letter: '', to: centre, behind: false }];
    for (const axis of [0, 1, 2] as const satisfies readonly Axis[]) {
      for (const sign of [1, -1] as const) {
        const to = { x: centre.x + right[axis] * sign * 26, y: centre.y - up[axis] * sign * 26 };
        arms.push({ letter: directionLetter(space.affine, axis, sign), to, behind: forward[axis] * sign > 0.05 });
      }
    }
    return arms;
  }

  private _drawTexts(panes: readonly OpenPane[]): void {
    const { space } = this.model;
    const shown = space === null ? [] : panes;
    for (const [name, chrome] of this._panes) {
      if (!shown.some(pane => pane.name === name)) {
        chrome.node.remove();
        this._panes.delete(name);
      }
    }
    if (space === null) return;
    const withLegend = shown.find(({ view }) => view !== null)?.name;
    for (const pane of shown) {
      const chrome = this._chromeOf(pane.name);
      const active = pane.name === this.model.activePlane;
      chrome.place(pane.rectangle, active, pane.rectangle.width < NARROW);
      chrome.show(this._texts(pane, space));
      chrome.showLegend(pane.name === withLegend ? this.model.legend : null);
    }
    this._chrome.classList.toggle('vx-mod-hidden', this.model.overlaysHidden);
  }

  private _chromeOf(name: PaneName): PaneChrome {
    const known = this._panes.get(name);
    if (known !== undefined) return known;
    const chrome = new PaneChrome(name, () => this.onEnlarge(name), this.trans.__('Enlarge or shrink this pane'));
    this._panes.set(name, chrome);
    this._chrome.append(chrome.node);
    return chrome;
  }

  private _texts(pane: OpenPane, space: Space): ChromeTexts {
    const { trans, model } = this;
    const { view, name } = pane;
    const none = { window: '', convention: '', position: '', value: '', hint: '', letters: null, scale: null };
    if (view === null || name === '3d') {
      return { ...none, title: trans.__('3D'), hint: trans.__('Drag to turn') };
    }
    const plane = name;
    const unit = space.volume.unit;
    const hovered =
      model.hover?.plane === plane ? view.toVoxel(model.hover.point, onSlice(space, plane, model.crosshair)) : null;
    const shown = hovered ?? (plane === model.activePlane && model.hover === null ? model.crosshair : null);
    const inside = shown !== null && isInGrid(space.grid, shown);
    const value = inside ? (this.picture?.valueAt(shown) ?? null) : null;
    const slice = sliceAt(space.grid, plane, model.crosshair) + 1;
    return {
      title: `${planeName(plane, trans)} · ${slice}/${sliceCount(space.grid, plane)}`,
      window: model.layout !== '2x2' || plane === 'axial' ? formatWindow(model.window, space.volume) : '',
      convention: plane === 'sagittal' ? '' : model.mirrored ? trans.__('Radiological') : trans.__('Neurological'),
      position: inside ? `${formatMm(space.toWorld(shown))} mm` : '',
      value: value === null ? '' : formatValue(value, unit),
      hint: '',
      letters: edgeLetters(space.affine, plane, model.mirrored),
      scale: scaleBar(view.pixelsPerMm, Math.min(140, pane.rectangle.width / 4))
    };
  }

  private readonly _lines: LineLayer;
  private readonly _overlays: OverlayLayer;
  private readonly _chrome = element('div', 'vx-Stage-chrome');
  private readonly _panes = new Map<PaneName, PaneChrome>();
  private _image: HTMLCanvasElement | null = null;
  private _frame: number | null = null;
  private _sceneStale = false;
  private _quietAt = 0;
  private _surfaceWork: SurfaceWork = 'nothing';
}

export function planeName(plane: Plane, trans: TranslationBundle): string {
  switch (plane) {
    case 'axial':
      return trans.__('Axial');
    case 'coronal':
      return trans.__('Coronal');
    case 'sagittal':
      return trans.__('Sagittal');
  }
}
