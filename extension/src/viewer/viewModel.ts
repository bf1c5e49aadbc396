import { type Affine, affineFromRows, columns, invert, normalise, transformPoint } from '@voxcord/schemas/geometry';
import type { Volume } from '@voxcord/schemas/api';
import {
  type BrushSettings,
  DEFAULT_VIEWER_SETTINGS,
  type LabelLayer,
  type Layout,
  type PersonInView,
  type Plane,
  type PointerTool,
  type SegmentAppearance,
  type Vector,
  type ViewerSettings,
  type Window
} from './contracts.js';
import type { Overlay, OverlayLegend, RaisedOverlay } from './overlays.js';
import { type PaneName, placePanes } from './paneLayout.js';
import { pressedRadius } from './brushSizes.js';
import { PAINT_EVERYTHING, type PaintRule } from './paintRule.js';
import { FITTED, PaneView, type PaneZoom, type Point, type Rectangle } from './paneView.js';
import { clampToGrid, isMirrored, PLANE_AXES, PLANES, sliceAt, type ViewedGrid } from './planes.js';
import { StrokePreviews } from './strokePreviews.js';
import { FRONTAL, type Turn } from './turn.js';

/** A volume's grid in world space. */
export interface Space {
  readonly volume: Volume;
  readonly grid: ViewedGrid;
  readonly affine: Affine;
  toWorld(voxel: Vector): Vector;
  toVoxel(world: Vector): Vector;
}

/** Throws `GeometryError` for a grid that is flat in space. */
export function spaceOf(volume: Volume): Space {
  const affine = affineFromRows(volume.grid.affine);
  const inverse = invert(affine);
  return {
    volume,
    grid: { dims: volume.grid.dims, spacing: volume.spacing },
    affine,
    toWorld: voxel => transformPoint(affine, voxel),
    toVoxel: world => transformPoint(inverse, world)
  };
}

/** A pane as it lies in the picture now; `view` is null for the 3D pane. */
export interface OpenPane {
  readonly name: PaneName;
  readonly rectangle: Rectangle;
  readonly view: PaneView | null;
}

export interface Hover {
  readonly plane: Plane;
  readonly point: Point;
  readonly erases: boolean;
  /** Of a pen that touches, 0 to 1. */
  readonly pressure: number | null;
}

/** Everything that decides what is drawn. No DOM, no graphics: `CaseViewer` changes it, `Stage` shows it. */
export class ViewModel {
  space: Space | null = null;
  layer: LabelLayer | null = null;
  /** Voxel position, inside the grid. */
  crosshair: Vector = [0, 0, 0];
  window: Window = { width: 1, level: 0.5 };
  layout: Layout = '2x2';
  turn: Turn = FRONTAL;
  tool: PointerTool = 'window';
  brush: BrushSettings = { shape: 'disc', radiusMm: 6 };
  segment: number | null = null;
  paintRule: PaintRule = PAINT_EVERYTHING;
  /** Value by grid index, in the unit of the volume; null while no image is there. */
  valueOf: ((index: number) => number) | null = null;
  activePlane: Plane = 'axial';
  overlaysHidden = false;
  painting = false;
  turning = false;
  mayPaint = false;
  hover: Hover | null = null;
  settings: ViewerSettings = DEFAULT_VIEWER_SETTINGS;
  segments: readonly SegmentAppearance[] = [];
  people: readonly PersonInView[] = [];
  overlays: readonly Overlay[] = [];
  /** Above all others: what the person at the page is about to do. */
  raised: readonly RaisedOverlay[] = [];
  legend: OverlayLegend | null = null;
  readonly previews = new StrokePreviews();
  readonly looks: { [plane in Plane]: PaneZoom } = { axial: FITTED, coronal: FITTED, sagittal: FITTED };
  size = { width: 0, height: 0 };

  get mirrored(): boolean {
    return isMirrored(this.settings.convention);
  }

  panes(): readonly OpenPane[] {
    return placePanes(this.layout, this.size.width, this.size.height).map(({ name, rectangle }) => ({
      name,
      rectangle,
      view:
        name === '3d' || this.space === null
          ? null
          : new PaneView(name, rectangle, this.space.grid, this.looks[name], this.mirrored)
    }));
  }

  paneAt(point: Point): OpenPane | null {
    return (
      this.panes().find(({ rectangle: { left, top, width, height } }) => {
        return point.x >= left && point.x < left + width && point.y >= top && point.y < top + height;
      }) ?? null
    );
  }

  viewOf(plane: Plane): PaneView | null {
    return this.panes().find(pane => pane.name === plane)?.view ?? null;
  }

  /** Radius of the brush in mm under a pen's pressure; null: no pen. */
  brushRadius(pressure: number | null): number {
    return pressedRadius(this.brush.radiusMm, this.settings.pressureSize ? pressure : null);
  }

  /** Magnifies a pane about its middle. */
  zoomBy(factor: number, plane: Plane): void {
    const view = this.viewOf(plane);
    if (view === null) return;
    const { left, top, width, height } = view.rectangle;
    this.looks[plane] = view.zoomedAt({ x: left + width / 2, y: top + height / 2 }, factor);
  }

  /** Pans the panes in which the crosshair lies outside or close to the edge. */
  bringIntoView(): void {
    for (const { view } of this.panes()) {
      if (view === null) continue;
      const { x, y } = view.toPoint(this.crosshair);
      const { left, top, width, height } = view.rectangle;
      const inside = Math.abs(x - left - width / 2) < 0.4 * width && Math.abs(y - top - height / 2) < 0.4 * height;
      if (!inside && view.look.zoom > 1) this.looks[view.plane] = view.centredOn(this.crosshair);
    }
  }

  /** Fits all panes and turns the surfaces to the front. */
  resetLooks(): void {
    for (const plane of PLANES) this.looks[plane] = FITTED;
    this.turn = FRONTAL;
  }

  /** Moves the crosshair; true if it changed. */
  moveCrosshair(voxel: Vector): boolean {
    if (this.space === null || !voxel.every(Number.isFinite)) return false;
    const clamped = clampToGrid(this.space.grid, voxel);
    if (clamped.every((value, axis) => value === this.crosshair[axis])) return false;
    this.crosshair = clamped;
    return true;
  }

  centre(): Vector {
    if (this.space === null) return [0, 0, 0];
    const { dims } = this.space.grid;
    return [Math.floor(dims[0] / 2), Math.floor(dims[1] / 2), Math.floor(dims[2] / 2)];
  }

  /** World direction in which slices of a plane are counted. */
  normalOf(plane: Plane): Vector {
    if (this.space === null) return [0, 0, 1];
    return normalise(columns(this.space.affine)[PLANE_AXES[plane].normal]);
  }
}

/** `voxel`, with the coordinate across a plane at the middle of its slice. */
export function onSlice(space: Space, plane: Plane, voxel: Vector): Vector {
  const { normal } = PLANE_AXES[plane];
  const slice = sliceAt(space.grid, plane, voxel);
  return [normal === 0 ? slice : voxel[0], normal === 1 ? slice : voxel[1], normal === 2 ? slice : voxel[2]];
}
