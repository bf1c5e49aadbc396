import { type Brush, type PaintedRegion, type PainterGrid, StrokePainter } from '@voxcord/schemas/labelmap';
import type { Vector } from './contracts.js';
import { SliceMasks } from './sliceMasks.js';

/** Which voxels (grid index) may be taken; undefined: all. */
export type Accept = ((index: number) => boolean) | undefined;

/** Collects the voxels of one stroke. */
export interface BrushTip {
  /**
   * Moves in a straight line to a voxel position, with a radius in mm. Returns what is newly covered, to be
   * used before the next call.
   */
  moveTo(voxel: Vector, radius: number): readonly PaintedRegion[];
  /** Everything that was covered; null: nothing. */
  end(): PaintedRegion | null;
}

/** A tip that keeps the radius of its brush. */
export class FixedTip implements BrushTip {
  constructor(grid: PainterGrid, brush: Brush, accept: Accept) {
    this._painter = new StrokePainter(grid);
    this._painter.begin(brush, accept);
  }

  moveTo(voxel: Vector): readonly PaintedRegion[] {
    this._painter.moveTo(voxel);
    const covered = this._painter.newlyCovered();
    return covered === null ? [] : [covered];
  }

  end(): PaintedRegion | null {
    return this._painter.end();
  }

  private readonly _painter: StrokePainter;
}

/** A tip whose radius changes on the way. */
export class ElasticTip implements BrushTip {
  constructor(
    grid: PainterGrid,
    private readonly brush: Brush,
    private readonly accept: Accept
  ) {
    this._painter = new StrokePainter(grid);
    this._covered = new SliceMasks(grid.dims);
  }

  moveTo(voxel: Vector, radius: number): readonly PaintedRegion[] {
    // A painter has one size from its beginning to its end, so each move has its own.
    this._painter.begin({ ...this.brush, radius }, this.accept);
    const path = this._last === null ? [voxel] : [this._last, voxel];
    this._last = voxel;
    return path.flatMap(point => {
      this._painter.moveTo(point);
      const covered = this._painter.newlyCovered();
      const added = covered === null ? null : this._covered.add(covered);
      return added === null ? [] : [added];
    });
  }

  end(): PaintedRegion | null {
    return this._covered.region();
  }

  private readonly _painter: StrokePainter;
  private readonly _covered: SliceMasks;
  private _last: Vector | null = null;
}
