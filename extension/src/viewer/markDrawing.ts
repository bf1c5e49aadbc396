import type { MarksOverlay } from './overlays.js';
import type { PaneView } from './paneView.js';

const ON = '#4dd2ff';
const BESIDE = '#ff8a5c';
/** CSS pixels. */
const ARM = 5;
const SIGN_RADIUS = 13;
const HALO = 'rgba(0, 0, 0, 0.7)';

/** Crosses for places on the thing, bars for places beside it; both are told apart by form as well as colour. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  { marks, waiting }: MarksOverlay,
  view: PaneView,
  slice: number
): void {
  const { normal } = view.axes;
  const here = marks.filter(({ at }) => Math.round(at[normal]) === slice);
  context.lineCap = 'round';
  for (const { at, on } of here) {
    const { x, y } = view.toPoint(at);
    const path = new Path2D();
    path.moveTo(x - ARM, y);
    path.lineTo(x + ARM, y);
    if (on) {
      path.moveTo(x, y - ARM);
      path.lineTo(x, y + ARM);
    }
    strokeTwice(context, path, on ? ON : BESIDE);
  }
  const last = marks.at(-1);
  if (waiting === null || last === undefined || Math.round(last.at[normal]) !== slice) return;
  const { x, y } = view.toPoint(last.at);
  const start = 2 * Math.PI * waiting;
  const path = new Path2D();
  path.arc(x, y, SIGN_RADIUS, start, start + 1.5 * Math.PI);
  strokeTwice(context, path, '#ffffff');
}

function strokeTwice(context: CanvasRenderingContext2D, path: Path2D, colour: string): void {
  context.strokeStyle = HALO;
  context.lineWidth = 4.5;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke(path);
}
