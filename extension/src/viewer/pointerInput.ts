import type { Point } from './paneView.js';

export type DragKind = 'primary' | 'pan' | 'window' | 'erase';

/** A place with how hard a pen presses there, 0 to 1; null: it is no pen. */
export interface Touch extends Point {
  readonly pressure: number | null;
}

/** What pointers, wheel and fingers ask for; positions are CSS pixels from the top left of the element. */
export interface PointerActions {
  /** A drag begins; false refuses it. */
  dragStart(kind: DragKind, at: Touch, event: PointerEvent): boolean;
  /** All positions since the last call, oldest first. */
  dragMove(path: readonly Touch[]): void;
  dragEnd(): void;
  /** The drag is given up: a second finger, a lost pointer. */
  dragCancel(): void;
  hover(at: Touch | null, event: PointerEvent | null): void;
  /** Whole notches or finger steps; positive is towards the user. */
  scroll(steps: number, at: Point): void;
  resizeBrush(steps: number): void;
  zoom(factor: number, at: Point): void;
  pan(dx: number, dy: number, at: Point): void;
  doubleClick(at: Point): void;
}

const PIXELS_PER_STEP = 50;
/** Bits of `PointerEvent.buttons`. */
const BARREL = 2;
const ERASER = 32;

/**
 * Owns every pointer, wheel and touch event of an element, so that neither NiiVue nor JupyterLab (which
 * zooms the page with Ctrl and wheel) sees them.
 */
export class PointerInput {
  constructor(
    private readonly element: HTMLElement,
    private readonly actions: PointerActions
  ) {
    const { signal } = this._listening;
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void
    ): void => element.addEventListener(type, listener, { signal, passive: false });
    on('pointerdown', event => this._down(event));
    on('pointermove', event => this._move(event));
    on('pointerup', event => this._up(event));
    on('pointercancel', event => this._lost(event));
    on('lostpointercapture', event => this._lost(event));
    on('pointerleave', event => {
      if (this._dragging === null) actions.hover(null, event);
    });
    on('wheel', event => this._wheel(event));
    on('dblclick', event => actions.doubleClick(this._at(event)));
    on('contextmenu', event => {
      event.preventDefault();
      event.stopPropagation();
    });
    // The middle button must neither scroll by itself nor paste.
    on('mousedown', event => {
      if (event.button === 1) event.preventDefault();
    });
    on('auxclick', event => event.preventDefault());
  }

  get isDragging(): boolean {
    return this._dragging !== null;
  }

  /** Ends the drag without doing it. */
  cancelDrag(): void {
    if (this._dragging === null) return;
    const pointer = this._dragging;
    this._dragging = null;
    if (this.element.hasPointerCapture(pointer)) this.element.releasePointerCapture(pointer);
    this.actions.dragCancel();
  }

  dispose(): void {
    this.cancelDrag();
    this._listening.abort();
  }

  private _touch(event: PointerEvent): Touch {
    return { ...this._at(event), pressure: event.pointerType === 'pen' ? event.pressure : null };
  }

  private _at(event: MouseEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  private _down(event: PointerEvent): void {
    const at = this._at(event);
    if (event.pointerType === 'touch') {
      this._fingers.set(event.pointerId, at);
      if (this._fingers.size === 2) {
        this.cancelDrag();
        return;
      }
      if (this._fingers.size > 2) return;
    }
    if (this._dragging !== null) return;
    const kind = kindOf(event);
    if (kind === null || !this.actions.dragStart(kind, this._touch(event), event)) return;
    event.preventDefault();
    this._dragging = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
  }

  private _move(event: PointerEvent): void {
    const at = this._at(event);
    if (event.pointerType === 'touch' && this._fingers.size === 2) {
      this._pinch(event.pointerId, at);
      return;
    }
    this.actions.hover(this._touch(event), event);
    if (event.pointerId !== this._dragging) return;
    const events = event.getCoalescedEvents();
    this.actions.dragMove(events.length > 0 ? events.map(one => this._touch(one)) : [this._touch(event)]);
  }

  private _up(event: PointerEvent): void {
    this._fingers.delete(event.pointerId);
    if (event.pointerId !== this._dragging) return;
    this._dragging = null;
    this.actions.dragEnd();
  }

  private _lost(event: PointerEvent): void {
    this._fingers.delete(event.pointerId);
    if (event.pointerId === this._dragging) this.cancelDrag();
  }

  private _pinch(pointer: number, at: Point): void {
    const before = [...this._fingers.values()];
    this._fingers.set(pointer, at);
    const after = [...this._fingers.values()];
    const [a, b] = before;
    const [c, d] = after;
    if (a === undefined || b === undefined || c === undefined || d === undefined) return;
    const middle = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 };
    const spread = Math.hypot(c.x - d.x, c.y - d.y) / Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    this.actions.zoom(spread, middle);
    this.actions.pan(middle.x - (a.x + b.x) / 2, middle.y - (a.y + b.y) / 2, middle);
  }

  private _wheel(event: WheelEvent): void {
    event.preventDefault();
    event.stopPropagation();
    // Shift turns a vertical wheel into a horizontal one on most systems.
    const delta = event.deltaY !== 0 ? event.deltaY : event.deltaX;
    const pixels =
      delta *
      (event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? PIXELS_PER_STEP
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? 400
          : 1);
    const at = this._at(event);
    if (event.ctrlKey || event.metaKey) {
      this.actions.zoom(Math.exp(-pixels * 0.002), at);
      return;
    }
    if (Math.sign(pixels) !== Math.sign(this._scrolled)) this._scrolled = 0;
    // A notch of a wheel is about 100 pixels and must always be one step; trackpads send many small ones.
    const notch = Math.abs(pixels) >= 100 && event.deltaMode === WheelEvent.DOM_DELTA_PIXEL;
    this._scrolled += notch ? Math.sign(pixels) * PIXELS_PER_STEP * Math.round(Math.abs(pixels) / 100) : pixels;
    const steps = Math.trunc(this._scrolled / PIXELS_PER_STEP);
    if (steps === 0) return;
    this._scrolled -= steps * PIXELS_PER_STEP;
    if (event.shiftKey) this.actions.resizeBrush(-steps);
    else this.actions.scroll(steps, at);
  }

  private readonly _listening = new AbortController();
  private readonly _fingers = new Map<number, Point>();
  private _dragging: number | null = null;
  private _scrolled = 0;
}

/** A pen that touches with its eraser end or with its barrel button held. Drivers tell it by either property. */
export function isErasingPen({
  pointerType,
  button,
  buttons
}: Pick<PointerEvent, 'pointerType' | 'button' | 'buttons'>): boolean {
  return pointerType === 'pen' && (button === 5 || button === 2 || (buttons & (BARREL | ERASER)) !== 0);
}

function kindOf(event: PointerEvent): DragKind | null {
  if (isErasingPen(event)) return 'erase';
  switch (event.button) {
    case 0:
      return event.altKey ? 'erase' : 'primary';
    case 1:
      return 'pan';
    case 2:
      return 'window';
    default:
      return null;
  }
}
