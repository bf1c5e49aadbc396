import type { Plane, Vector } from './contracts.js';
import { type PlaneAxes, PLANE_AXES, type ViewedGrid, withComponent } from './planes.js';

/** CSS pixels from the top left of the picture. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A position in CSS pixels from the top left of the picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a pane looks at its plane. `pan` is where its centre lies, in mm (across, up) off the grid's centre. */
export interface PaneZoom {
  readonly zoom: number;
  readonly pan: readonly [number, number];
}

export const FITTED: PaneZoom = { zoom: 1, pan: [0, 0] };
const SMALLEST_ZOOM = 0.2;
const LARGEST_ZOOM = 60;

/**
 * One pane with a slice: the map between pixels of the picture and voxels. Voxels have their centres at
 * whole numbers; a millimetre is as long across as up, whatever the voxel's shape.
 */
export class PaneView {
  readonly axes: PlaneAxes;
  readonly pixelsPerMm: number;

  constructor(
    readonly plane: Plane,
    readonly rectangle: Rectangle,
    readonly grid: ViewedGrid,
    readonly look: PaneZoom,
    readonly mirrored: boolean
  ) {
    this.axes = PLANE_AXES[plane];
    this.pixelsPerMm = fittedScale(rectangle, grid, this.axes) * look.zoom;
  }

  /** Millimetres (across, up) from the centre of the first voxel to the middle of the pane. */
  get centre(): readonly [number, number] {
    const { across, up } = this.axes;
    return [
      ((this.grid.dims[across] - 1) * this.grid.spacing[across]) / 2 + this.look.pan[0],
      ((this.grid.dims[up] - 1) * this.grid.spacing[up]) / 2 + this.look.pan[1]
    ];
  }

  /** What the pane shows, in mm (across, up) from the centre of the first voxel. */
  get window(): { readonly low: readonly [number, number]; readonly high: readonly [number, number] } {
    const [across, up] = this.centre;
    const halfWidth = this.rectangle.width / 2 / this.pixelsPerMm;
    const halfHeight = this.rectangle.height / 2 / this.pixelsPerMm;
    return { low: [across - halfWidth, up - halfHeight], high: [across + halfWidth, up + halfHeight] };
  }

  contains(point: Point): boolean {
    const { left, top, width, height } = this.rectangle;
    return point.x >= left && point.x < left + width && point.y >= top && point.y < top + height;
  }

  /** The voxel position under a pixel, on the slice through `on`; may lie outside the grid. */
  toVoxel(point: Point, on: Vector): Vector {
    const { left, top, width, height } = this.rectangle;
    const right = (point.x - left - width / 2) / this.pixelsPerMm;
    const upwards = (top + height / 2 - point.y) / this.pixelsPerMm;
    const [across, up] = this.centre;
    const acrossMm = across + (this.mirrored ? -right : right);
    const acrossSet = withComponent(on, this.axes.across, acrossMm / this.grid.spacing[this.axes.across]);
    return withComponent(acrossSet, this.axes.up, (up + upwards) / this.grid.spacing[this.axes.up]);
  }

  /** Where a voxel position is drawn, as if its slice were shown. */
  toPoint(voxel: Vector): Point {
    const { left, top, width, height } = this.rectangle;
    const [across, up] = this.centre;
    const right = voxel[this.axes.across] * this.grid.spacing[this.axes.across] - across;
    const upwards = voxel[this.axes.up] * this.grid.spacing[this.axes.up] - up;
    return {
      x: left + width / 2 + (this.mirrored ? -right : right) * this.pixelsPerMm,
      y: top + height / 2 - upwards * this.pixelsPerMm
    };
  }

  /** The look after zooming so that what is under `point` stays there. */
  zoomedAt(point: Point, factor: number): PaneZoom {
    const zoom = Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, this.look.zoom * factor));
    const change = 1 / this.pixelsPerMm - this.look.zoom / zoom / this.pixelsPerMm;
    const { left, top, width, height } = this.rectangle;
    const right = (point.x - left - width / 2) * change;
    const upwards = (top + height / 2 - point.y) * change;
    return { zoom, pan: [this.look.pan[0] + (this.mirrored ? -right : right), this.look.pan[1] + upwards] };
  }

  /** The look after dragging the image by some pixels. */
  pannedBy(dx: number, dy: number): PaneZoom {
    const right = dx / this.pixelsPerMm;
    return {
      zoom: this.look.zoom,
      pan: [this.look.pan[0] + (this.mirrored ? right : -right), this.look.pan[1] + dy / this.pixelsPerMm]
    };
  }

  /** The look that brings a voxel position to the middle. */
  centredOn(voxel: Vector): PaneZoom {
    const { across, up } = this.axes;
    const { dims, spacing } = this.grid;
    return {
      zoom: this.look.zoom,
      pan: [(voxel[across] - (dims[across] - 1) / 2) * spacing[across], (voxel[up] - (dims[up] - 1) / 2) * spacing[up]]
    };
  }
}

/** CSS pixels per mm at which the whole slice just fits the pane. */
function fittedScale(rectangle: Rectangle, grid: ViewedGrid, axes: PlaneAxes): number {
  const across = grid.dims[axes.across] * grid.spacing[axes.across];
  const up = grid.dims[axes.up] * grid.spacing[axes.up];
  return Math.max(1e-6, Math.min(rectangle.width / across, rectangle.height / up));
}
