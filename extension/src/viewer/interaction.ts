import type { TranslationBundle } from '@jupyterlab/translation';
import type { PaintTarget, Plane, Pointed, Vector, Window } from './contracts.js';
import { PaintGesture } from './paintGesture.js';
import type { Point, PaneZoom } from './paneView.js';
import { acceptedBy } from './paintRule.js';
import { PLANE_AXES, withComponent } from './planes.js';
import { type DragKind, isErasingPen, type PointerActions, type Touch } from './pointerInput.js';
import { type Turn, turnedBy, turnZoomed } from './turn.js';
import { onSlice, type OpenPane, type ViewModel } from './viewModel.js';
import { draggedWindow } from './windowPresets.js';

/** What pointers change; the viewer draws and tells the others. */
export interface ViewerChanges {
  crosshair(voxel: Vector): void;
  window(window: Window): void;
  look(plane: Plane, look: PaneZoom): void;
  turn(turn: Turn): void;
  active(plane: Plane): void;
  brushSteps(steps: number): void;
  enlarge(pane: OpenPane): void;
  /** The pointer moved, or painting began or ended. */
  hover(): void;
  painting(): void;
  turning(): void;
  pointed(pointed: Pointed): void;
  tell(message: string): void;
}

type Drag =
  | { readonly kind: 'paint'; readonly gesture: PaintGesture }
  | { readonly kind: 'window'; readonly from: Point; readonly start: Window }
  | { readonly kind: 'pan'; readonly plane: Plane; last: Point }
  | { readonly kind: 'crosshair'; readonly plane: Plane }
  | { readonly kind: 'point'; readonly plane: Plane; readonly on: boolean; readonly places: Vector[] }
  | { readonly kind: 'turn'; last: Point }
  | { readonly kind: 'zoom3d'; last: Point };

/** Turns pointers into what the tools do with them. */
export class Interaction implements PointerActions {
  target: PaintTarget | null = null;

  constructor(
    private readonly model: ViewModel,
    private readonly changes: ViewerChanges,
    private readonly trans: TranslationBundle
  ) {}

  dragStart(kind: DragKind, at: Touch, event: PointerEvent): boolean {
    const pane = this.model.paneAt(at);
    if (pane === null || this.model.space === null) return false;
    this._drag = pane.view === null ? this._startTurning(kind, at) : this._startOnSlice(kind, at, pane, event.shiftKey);
    return this._drag !== null;
  }

  dragMove(path: readonly Touch[]): void {
    const drag = this._drag;
    const last = path.at(-1);
    if (drag === null || last === undefined) return;
    switch (drag.kind) {
      case 'paint':
        for (const point of path) this._paintAt(drag.gesture, point);
        break;
      case 'window':
        this._dragWindow(drag.start, drag.from, last);
        break;
      case 'pan':
        this._pan(drag.plane, last.x - drag.last.x, last.y - drag.last.y);
        drag.last = last;
        break;
      case 'crosshair':
        this._placeCrosshair(drag.plane, last);
        break;
      case 'point':
        for (const point of path) this._pointAt(drag.plane, point, drag.places);
        break;
      case 'turn':
        this.changes.turn(turnedBy(this.model.turn, last.x - drag.last.x, last.y - drag.last.y));
        drag.last = last;
        break;
      case 'zoom3d':
        this.changes.turn(turnZoomed(this.model.turn, Math.exp((drag.last.y - last.y) * 0.01)));
        drag.last = last;
    }
  }

  dragEnd(): void {
    const drag = this._drag;
    if (drag?.kind === 'point' && drag.places.length > 0) this.changes.pointed({ places: drag.places, on: drag.on });
    this._end(gesture => gesture.finish(performance.now()));
  }

  dragCancel(): void {
    this._end(gesture => gesture.cancel(performance.now()));
  }

  hover(at: Touch | null, event: PointerEvent | null): void {
    const pane = at === null ? null : this.model.paneAt(at);
    const erases = event !== null && (event.altKey || isErasingPen(event));
    const touches = event !== null && event.buttons !== 0;
    // A stroke stays in the pane where it began.
    const plane = this._drag?.kind === 'paint' ? this._drag.gesture.plane : pane?.view?.plane;
    this.model.hover =
      at === null || plane === undefined ? null : { plane, point: at, erases, pressure: touches ? at.pressure : null };
    this.changes.hover();
  }

  scroll(steps: number, at: Point): void {
    const pane = this.model.paneAt(at);
    if (pane === null) return;
    if (pane.view === null) {
      this.changes.turn(turnZoomed(this.model.turn, Math.exp(-steps * 0.15)));
      return;
    }
    this.changes.active(pane.view.plane);
    this.moveSlice(pane.view.plane, -steps);
  }

  resizeBrush(steps: number): void {
    this.changes.brushSteps(steps);
  }

  zoom(factor: number, at: Point): void {
    const pane = this.model.paneAt(at);
    if (pane === null) return;
    if (pane.view === null) this.changes.turn(turnZoomed(this.model.turn, factor));
    else this.changes.look(pane.view.plane, pane.view.zoomedAt(at, factor));
  }

  pan(dx: number, dy: number, at: Point): void {
    const view = this.model.paneAt(at)?.view;
    if (view !== null && view !== undefined) this._pan(view.plane, dx, dy);
  }

  doubleClick(at: Point): void {
    // Two quick dabs of the brush are two dabs.
    const { tool } = this.model;
    if (tool === 'brush' || tool === 'eraser' || tool === 'propose') return;
    const pane = this.model.paneAt(at);
    if (pane !== null) this.changes.enlarge(pane);
  }

  /** By whole slices; a stroke in the pane is on one slice, so it keeps it. */
  moveSlice(plane: Plane, steps: number): void {
    if (this._drag?.kind === 'paint') return;
    const { normal } = PLANE_AXES[plane];
    const { crosshair } = this.model;
    this.changes.crosshair(withComponent(crosshair, normal, Math.round(crosshair[normal]) + steps));
  }

  /** A stroke or a scribble is under the pointer: it can be given up. */
  get isDrawing(): boolean {
    return this._drag?.kind === 'paint' || this._drag?.kind === 'point';
  }

  private _startTurning(kind: DragKind, at: Point): Drag | null {
    this.model.turning = true;
    return kind === 'window' ? { kind: 'zoom3d', last: at } : { kind: 'turn', last: at };
  }

  private _startOnSlice(kind: DragKind, at: Touch, pane: OpenPane, isShifted: boolean): Drag | null {
    const plane = pane.view?.plane;
    if (plane === undefined) return null;
    this.changes.active(plane);
    const { tool } = this.model;
    const paints = tool === 'brush' || tool === 'eraser';
    if (tool === 'propose' && (kind === 'primary' || kind === 'erase')) {
      return this._startPointing(at, plane, kind === 'primary' && !isShifted);
    }
    switch (kind) {
      case 'pan':
        return { kind: 'pan', plane, last: at };
      case 'window':
        return { kind: 'window', from: at, start: this.model.window };
      case 'erase':
        return paints ? this._startPainting(at, plane, true) : this._startPrimary(at, plane);
      case 'primary':
        return paints ? this._startPainting(at, plane, tool === 'eraser') : this._startPrimary(at, plane);
    }
  }

  private _startPrimary(at: Point, plane: Plane): Drag {
    switch (this.model.tool) {
      case 'pan':
        return { kind: 'pan', plane, last: at };
      case 'crosshair':
        this._placeCrosshair(plane, at);
        return { kind: 'crosshair', plane };
      default:
        return { kind: 'window', from: at, start: this.model.window };
    }
  }

  private _startPointing(at: Touch, plane: Plane, on: boolean): Drag | null {
    const { target, trans } = this;
    if (target === null || !target.mayPaint) {
      this.changes.tell(
        target === null
          ? trans.__('Open a read to paint in it.')
          : (target.whyNot ?? trans.__('You may look at this read, not change it.'))
      );
      return null;
    }
    const places: Vector[] = [];
    this._pointAt(plane, at, places);
    return { kind: 'point', plane, on, places };
  }

  private _pointAt(plane: Plane, at: Point, places: Vector[]): void {
    const { space, crosshair } = this.model;
    const view = this.model.viewOf(plane);
    if (space === null || view === null) return;
    const voxel = view.toVoxel(at, onSlice(space, plane, crosshair));
    const { dims } = space.grid;
    const isInside = ([0, 1, 2] as const).every(axis => voxel[axis] >= -0.5 && voxel[axis] <= dims[axis] - 0.5);
    if (isInside) places.push(space.toWorld(voxel));
  }

  private _startPainting(at: Touch, plane: Plane, erases: boolean): Drag | null {
    const { space, layer, segment, brush, paintRule, valueOf } = this.model;
    const { target, trans } = this;
    if (space === null) return null;
    if (layer === null || target === null) {
      this.changes.tell(trans.__('Open a read to paint in it.'));
      return null;
    }
    if (!target.mayPaint) {
      this.changes.tell(target.whyNot ?? trans.__('You may look at this read, not change it.'));
      return null;
    }
    if (!erases && segment === null) {
      this.changes.tell(trans.__('Choose a segment to paint first.'));
      return null;
    }
    const gesture = new PaintGesture({
      layer,
      target,
      grid: space.grid,
      plane,
      brush,
      isElastic: this.model.settings.pressureSize && at.pressure !== null,
      accept: acceptedBy(paintRule, { labels: layer.labelMap.bitmap, valueOf }, erases),
      segment: erases ? 0 : (segment ?? 0),
      tool: erases ? 'eraser' : 'brush',
      toWorld: voxel => space.toWorld(voxel),
      normal: this.model.normalOf(plane)
    });
    this.model.painting = true;
    this.changes.painting();
    this._paintAt(gesture, at);
    return { kind: 'paint', gesture };
  }

  private _paintAt(gesture: PaintGesture, at: Touch): void {
    const { space, crosshair } = this.model;
    const view = this.model.viewOf(gesture.plane);
    if (space === null || view === null) return;
    const voxel = view.toVoxel(at, onSlice(space, gesture.plane, crosshair));
    gesture.moveTo(voxel, this.model.brushRadius(at.pressure), performance.now());
  }

  private _end(endStroke: (gesture: PaintGesture) => void): void {
    const drag = this._drag;
    this._drag = null;
    if (drag?.kind === 'turn' || drag?.kind === 'zoom3d') {
      this.model.turning = false;
      this.changes.turning();
    }
    if (drag?.kind !== 'paint') return;
    this.model.painting = false;
    try {
      endStroke(drag.gesture);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.changes.tell(this.trans.__('This stroke was not kept: %1', reason));
    }
    this.changes.painting();
  }

  private _dragWindow(start: Window, from: Point, to: Point): void {
    const { space } = this.model;
    if (space === null) return;
    this.changes.window(draggedWindow(start, to.x - from.x, to.y - from.y, space.volume));
  }

  private _pan(plane: Plane, dx: number, dy: number): void {
    const view = this.model.viewOf(plane);
    if (view !== null) this.changes.look(plane, view.pannedBy(dx, dy));
  }

  private _placeCrosshair(plane: Plane, at: Point): void {
    const { space, crosshair } = this.model;
    const view = this.model.viewOf(plane);
    if (space === null || view === null) return;
    this.changes.crosshair(view.toVoxel(at, onSlice(space, plane, crosshair)));
  }

  private _drag: Drag | null = null;
}
