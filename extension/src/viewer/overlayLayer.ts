import { type Contour, contoursOf } from './contours.js';
import { drawMarks } from './markDrawing.js';
import type { Plane } from './contracts.js';
import type { OutlineOverlay, Overlay, RaisedOverlay, SliceValues, ValueOverlay } from './overlays.js';
import type { PaneView, Point } from './paneView.js';
import { withComponent } from './planes.js';

/** A slice with what is drawn over it. */
export interface PaneOverlays {
  readonly view: PaneView;
  readonly slice: number;
}

interface DrawnValues {
  readonly slice: number;
  readonly image: OffscreenCanvas | null;
}

interface DrawnOutline {
  readonly slice: number;
  readonly contours: readonly Contour[];
}

const FONT = '700 12px system-ui, sans-serif';
/** CSS pixels of dark on either side of a line: it is seen on any grey. */
const HALO = 1;
/** A letter at something smaller than this would hide it; CSS pixels. */
const SMALLEST_LETTERED = 24;

/** Overlays over the slices, under the lines. Drawn only when the picture is; each slice is worked out once. */
export class OverlayLayer {
  constructor(readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This browser gives no 2D canvas.');
    this._context = context;
  }

  resize(width: number, height: number, ratio: number): void {
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this._ratio = ratio;
  }

  draw(panes: readonly PaneOverlays[], overlays: readonly RaisedOverlay[]): void {
    const context = this._context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (this._isDrawn) context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this._isDrawn = overlays.length > 0;
    for (const { view, slice } of overlays.length === 0 ? [] : panes) {
      context.save();
      context.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
      const { left, top, width, height } = view.rectangle;
      context.beginPath();
      context.rect(left, top, width, height);
      context.clip();
      for (const overlay of overlays) {
        if (!overlay.voxels.dims.every((count, axis) => count === view.grid.dims[axis])) continue;
        if (overlay.kind === 'values') this._values(overlay, view, slice);
        else if (overlay.kind === 'marks') drawMarks(context, overlay, view, slice);
        else this._outline(overlay, view, slice);
      }
      context.restore();
    }
  }

  private _values(overlay: ValueOverlay, view: PaneView, slice: number): void {
    const image = this._image(overlay, view.plane, slice);
    if (image === null) return;
    const context = this._context;
    const { origin, right, up } = frameOf(view, slice);
    context.save();
    // Pixels of the image lie around the centres of voxels.
    context.transform(right.x, right.y, up.x, up.y, origin.x, origin.y);
    context.translate(-0.5, -0.5);
    context.imageSmoothingEnabled = overlay.smooth;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0);
    context.restore();
  }

  private _outline(overlay: OutlineOverlay, view: PaneView, slice: number): void {
    const contours = this._contours(overlay, view.plane, slice);
    if (contours.length === 0) return;
    const context = this._context;
    const { origin, right, up } = frameOf(view, slice);
    const path = new Path2D();
    for (const points of contours) {
      for (let n = 0; n < points.length; n += 2) {
        const [x, y] = [points[n] ?? 0, points[n + 1] ?? 0];
        const at = { x: origin.x + right.x * x + up.x * y, y: origin.y + right.y * x + up.y * y };
        if (n === 0) path.moveTo(at.x, at.y);
        else path.lineTo(at.x, at.y);
      }
      path.closePath();
    }
    context.lineJoin = 'round';
    context.lineCap = 'butt';
    context.setLineDash([...overlay.pattern]);
    context.strokeStyle = 'rgba(0, 0, 0, 0.65)';
    context.lineWidth = overlay.width + 2 * HALO;
    context.stroke(path);
    context.strokeStyle = overlay.colour;
    context.lineWidth = overlay.width;
    context.stroke(path);
    context.setLineDash([]);
    if (overlay.letter !== '') {
      this._letter(overlay, contours, (x, y) => ({
        x: origin.x + right.x * x + up.x * y,
        y: origin.y + right.y * x + up.y * y
      }));
    }
  }

  private _letter(
    { letter, letterAt, colour }: OutlineOverlay,
    contours: readonly Contour[],
    toPoint: (x: number, y: number) => Point
  ): void {
    const longest = contours.reduce((a, b) => (b.length > a.length ? b : a));
    const points: Point[] = [];
    for (let n = 0; n < longest.length; n += 2) points.push(toPoint(longest[n] ?? 0, longest[n + 1] ?? 0));
    const rank = {
      top: (p: Point) => p.y,
      bottom: (p: Point) => -p.y,
      left: (p: Point) => p.x,
      right: (p: Point) => -p.x
    };
    const ranked = points.toSorted((a, b) => rank[letterAt](a) - rank[letterAt](b));
    const [first] = ranked;
    const last = ranked.at(-1);
    if (first === undefined || last === undefined) return;
    if (Math.hypot(first.x - last.x, first.y - last.y) < SMALLEST_LETTERED) return;
    const away = { top: [0, -9], bottom: [0, 9], left: [-9, 0], right: [9, 0] } as const;
    const context = this._context;
    context.font = FONT;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineWidth = 3;
    context.strokeStyle = 'rgba(0, 0, 0, 0.8)';
    context.fillStyle = colour;
    const [x, y] = [first.x + away[letterAt][0], first.y + away[letterAt][1]];
    context.strokeText(letter, x, y);
    context.fillText(letter, x, y);
  }

  private _image(overlay: ValueOverlay, plane: Plane, slice: number): OffscreenCanvas | null {
    const drawn = this._images.get(overlay) ?? new Map<Plane, DrawnValues>();
    this._images.set(overlay, drawn);
    const known = drawn.get(plane);
    if (known?.slice === slice) return known.image;
    const values = overlay.voxels.slice(plane, slice);
    const image = values === null ? null : colouredImage(values, overlay.colours);
    drawn.set(plane, { slice, image });
    return image;
  }

  private _contours(overlay: OutlineOverlay, plane: Plane, slice: number): readonly Contour[] {
    const drawn = this._outlines.get(overlay.voxels) ?? new Map<Plane, DrawnOutline>();
    this._outlines.set(overlay.voxels, drawn);
    const known = drawn.get(plane);
    if (known?.slice === slice) return known.contours;
    const values = overlay.voxels.slice(plane, slice);
    const contours = values === null ? [] : contoursOf(values);
    drawn.set(plane, { slice, contours });
    return contours;
  }

  private readonly _context: CanvasRenderingContext2D;
  private readonly _images = new WeakMap<Overlay, Map<Plane, DrawnValues>>();
  private readonly _outlines = new WeakMap<object, Map<Plane, DrawnOutline>>();
  private _ratio = 1;
  private _isDrawn = false;
}

/** Where the first voxel of a slice lies on the picture, and how far one voxel across and one up go, in CSS pixels. */
function frameOf(view: PaneView, slice: number): { origin: Point; right: Point; up: Point } {
  const { across, up, normal } = view.axes;
  const first = withComponent([0, 0, 0], normal, slice);
  const origin = view.toPoint(first);
  const step = (axis: 0 | 1 | 2): Point => {
    const at = view.toPoint(withComponent(first, axis, 1));
    return { x: at.x - origin.x, y: at.y - origin.y };
  };
  return { origin, right: step(across), up: step(up) };
}

function colouredImage({ width, height, values }: SliceValues, colours: Uint8ClampedArray): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no 2D canvas.');
  const pixels = context.createImageData(width, height);
  const table = new Uint32Array(colours.slice().buffer);
  new Uint32Array(pixels.data.buffer).set(Uint32Array.from(values, value => table[value] ?? 0));
  context.putImageData(pixels, 0, 0);
  return canvas;
}
