import type { Tool } from '@voxcord/schemas/labelmap';
import { type Accept, type BrushTip, ElasticTip, FixedTip } from './brushTip.js';
import type { BrushSettings, LabelLayer, PaintTarget, Plane, Vector } from './contracts.js';
import { PLANE_AXES, type ViewedGrid } from './planes.js';

/** Shortest time between two previews, in ms. */
const PREVIEW_MS = 60;
/** Most points of one preview. */
const PREVIEW_POINTS = 256;

export interface GestureStart {
  readonly layer: LabelLayer;
  readonly target: PaintTarget;
  readonly grid: ViewedGrid;
  readonly plane: Plane;
  readonly brush: BrushSettings;
  /** Whether the radius changes within the stroke. */
  readonly isElastic: boolean;
  readonly accept: Accept;
  /** 0 erases. */
  readonly segment: number;
  readonly tool: Tool;
  readonly toWorld: (voxel: Vector) => Vector;
  /** World normal of the plane's slices. */
  readonly normal: Vector;
}

/**
 * One stroke, from pointer-down to pointer-up. Paint is provisional while the pointer is down: it is
 * seen at once, and taken back when the finished stroke is in the label map, or when it is given up.
 */
export class PaintGesture {
  constructor(private readonly start: GestureStart) {
    const { shape, radiusMm } = start.brush;
    this._radius = radiusMm;
    const brush = { shape, radius: radiusMm, axis: PLANE_AXES[start.plane].normal };
    const Tip = start.isElastic ? ElasticTip : FixedTip;
    this._tip = new Tip(start.grid, brush, start.accept);
    start.target.begin();
  }

  get plane(): Plane {
    return this.start.plane;
  }

  /** Moves the brush in a straight line to a voxel position; an elastic one takes the radius (mm). */
  moveTo(voxel: Vector, radius: number, now: number): void {
    const { layer, segment, toWorld } = this.start;
    this._radius = radius;
    for (const covered of this._tip.moveTo(voxel, radius)) {
      layer.markDirty(layer.labelMap.paintProvisional(covered, segment));
    }
    this._points.push(...toWorld(voxel));
    const waited = now - this._previewedAt;
    if (waited >= PREVIEW_MS || this._points.length >= 3 * PREVIEW_POINTS) this._preview(false, now);
  }

  /** Hands the stroke over. Rethrows what `PaintTarget.commit` throws, with the provisional paint gone. */
  finish(now: number): void {
    const { layer, target, segment, tool } = this.start;
    const region = this._tip.end();
    try {
      if (region === null) target.cancel();
      else target.commit(region, segment, tool);
    } finally {
      layer.markDirty(layer.labelMap.discardProvisional());
      this._preview(true, now);
    }
  }

  cancel(now: number): void {
    const { layer, target } = this.start;
    layer.markDirty(layer.labelMap.discardProvisional());
    target.cancel();
    this._preview(true, now);
  }

  private _preview(done: boolean, now: number): void {
    const { target, segment, brush, normal } = this.start;
    const points = this._points.splice(0, 3 * PREVIEW_POINTS);
    this._previewedAt = now;
    target.preview({
      segment,
      shape: brush.shape,
      normal: [...normal],
      radius: this._radius,
      points,
      done
    });
  }

  private readonly _tip: BrushTip;
  private _radius: number;
  private _points: number[] = [];
  private _previewedAt = 0;
}
