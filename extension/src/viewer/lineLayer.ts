import type { Point, Rectangle } from './paneView.js';

/** A brush outline: a circle of `radius` CSS pixels. */
export interface BrushCircle {
  readonly at: Point;
  readonly radius: number;
  readonly erases: boolean;
  /** Nothing can be painted here now. */
  readonly idle: boolean;
}

export interface PersonMark {
  readonly at: Point;
  readonly name: string;
  readonly colour: string;
  /** CSS pixels; 0 draws no circle. */
  readonly radius: number;
  /** The person looks at this very slice. */
  readonly here: boolean;
}

export interface StrokeMark {
  readonly path: readonly Point[];
  readonly radius: number;
  readonly colour: string;
  /** 0 to 1. */
  readonly strength: number;
}

/** An axis of the little compass of the 3D pane. */
export interface CompassArm {
  readonly letter: string;
  readonly to: Point;
  readonly behind: boolean;
}

export interface PaneLines {
  readonly rectangle: Rectangle;
  readonly crosshair: Point | null;
  readonly brush: BrushCircle | null;
  readonly people: readonly PersonMark[];
  readonly strokes: readonly StrokeMark[];
  readonly compass: readonly CompassArm[];
}

const CROSSHAIR_COLOUR = 'rgba(92, 172, 255, 0.75)';
const CROSSHAIR_GAP = 9;
const FONT = '600 11px system-ui, sans-serif';

/** Lines above the image: crosshair, brush, other people. Its coordinates are CSS pixels of the picture. */
export class LineLayer {
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

  draw(panes: readonly PaneLines[]): void {
    const context = this._context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
    for (const pane of panes) {
      const { left, top, width, height } = pane.rectangle;
      context.save();
      context.beginPath();
      context.rect(left, top, width, height);
      context.clip();
      for (const stroke of pane.strokes) this._stroke(stroke);
      if (pane.crosshair !== null) this._crosshair(pane.rectangle, pane.crosshair);
      for (const person of pane.people) this._person(person, pane.rectangle);
      if (pane.brush !== null) this._brush(pane.brush);
      this._compass(pane.compass);
      context.restore();
    }
  }

  private _crosshair({ left, top, width, height }: Rectangle, at: Point): void {
    const context = this._context;
    const x = Math.round(at.x) + 0.5;
    const y = Math.round(at.y) + 0.5;
    context.strokeStyle = CROSSHAIR_COLOUR;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(x - CROSSHAIR_GAP, y);
    context.moveTo(x + CROSSHAIR_GAP, y);
    context.lineTo(left + width, y);
    context.moveTo(x, top);
    context.lineTo(x, y - CROSSHAIR_GAP);
    context.moveTo(x, y + CROSSHAIR_GAP);
    context.lineTo(x, top + height);
    context.stroke();
  }

  private _brush({ at, radius, erases, idle }: BrushCircle): void {
    const context = this._context;
    context.setLineDash(erases ? [4, 3] : []);
    // White on black: seen on any grey.
    for (const [colour, width] of [
      ['rgba(0, 0, 0, 0.6)', 3],
      [idle ? 'rgba(255, 255, 255, 0.45)' : '#ffffff', 1.25]
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(at.x, at.y, Math.max(1, radius), 0, 2 * Math.PI);
      context.stroke();
    }
    context.setLineDash([]);
    context.fillStyle = '#ffffff';
    context.fillRect(at.x - 0.75, at.y - 0.75, 1.5, 1.5);
  }

  private _person({ at, name, colour, radius, here }: PersonMark, pane: Rectangle): void {
    const context = this._context;
    context.globalAlpha = here ? 1 : 0.45;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    if (here && radius > 0) {
      context.beginPath();
      context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
      context.stroke();
    }
    context.fillStyle = colour;
    context.beginPath();
    context.arc(at.x, at.y, 3, 0, 2 * Math.PI);
    context.fill();
    context.font = FONT;
    const width = context.measureText(name).width + 12;
    const x = Math.min(Math.max(pane.left, at.x + 6), pane.left + pane.width - width);
    const y = Math.max(pane.top, at.y - Math.max(radius, 6) - 20);
    context.beginPath();
    context.roundRect(x, y, width, 18, 5);
    context.fill();
    context.fillStyle = readableOn(colour);
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.fillText(name, x + 6, y + 9.5);
    context.globalAlpha = 1;
  }

  /** The outline of a swept brush: the sweep in colour, with its inside taken out again and tinted. */
  private _stroke({ path, radius, colour, strength }: StrokeMark): void {
    const context = this._context;
    const trace = (width: number): void => {
      context.lineWidth = Math.max(0.5, width);
      context.beginPath();
      path.forEach((point, index) =>
        index === 0 ? context.moveTo(point.x, point.y) : context.lineTo(point.x, point.y)
      );
      const first = path[0];
      if (path.length === 1 && first !== undefined) context.lineTo(first.x + 0.01, first.y);
      context.stroke();
    };
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.strokeStyle = colour;
    context.globalAlpha = strength;
    trace(2 * radius + 2);
    context.globalCompositeOperation = 'destination-out';
    context.globalAlpha = 1;
    trace(2 * radius - 2);
    context.globalCompositeOperation = 'source-over';
    context.globalAlpha = 0.25 * strength;
    trace(2 * radius - 2);
    context.globalAlpha = 1;
  }

  private _compass(arms: readonly CompassArm[]): void {
    const context = this._context;
    const centre = arms.find(arm => arm.letter === '')?.to;
    if (centre === undefined) return;
    context.font = FONT;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { letter, to, behind } of arms) {
      if (letter === '') continue;
      context.globalAlpha = behind ? 0.45 : 0.95;
      context.strokeStyle = 'rgba(255, 255, 255, 0.6)';
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(centre.x, centre.y);
      context.lineTo(centre.x + (to.x - centre.x) * 0.7, centre.y + (to.y - centre.y) * 0.7);
      context.stroke();
      context.fillStyle = '#ffffff';
      context.fillText(letter, to.x, to.y);
    }
    context.globalAlpha = 1;
  }

  private readonly _context: CanvasRenderingContext2D;
  private _ratio = 1;
}

/** Black or white, whichever stands out more from a `#rrggbb` colour. */
function readableOn(colour: string): string {
  const value = parseInt(colour.slice(1), 16);
  const luminance = 0.299 * ((value >> 16) & 255) + 0.587 * ((value >> 8) & 255) + 0.114 * (value & 255);
  return luminance > 150 ? '#000000' : '#ffffff';
}
