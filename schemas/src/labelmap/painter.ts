import type { Dims, VoxelBox } from './grid.js';
import type { PaintedRegion } from './regions.js';

export interface Brush {
  readonly shape: 'disc' | 'sphere';
  /** mm */
  readonly radius: number;
  /** Normal of a disc's plane: 0 sagittal, 1 coronal, 2 axial. */
  readonly axis: 0 | 1 | 2;
}

export interface PainterGrid {
  readonly dims: Dims;
  /** mm per voxel */
  readonly spacing: readonly [number, number, number];
}

/** Collects the voxels under a moving brush: what one stroke will paint. */
export class StrokePainter {
  constructor(readonly grid: PainterGrid) {}

  /** Starts a stroke. `accept` is asked once for each voxel (grid index) that the brush reaches. */
  begin(_brush: Brush, _accept?: (index: number) => boolean): void {
    throw new Error('The label-map engine is being built.');
  }

  /** Moves the brush in a straight line to voxel coordinates (centres are whole numbers); the newly covered box. */
  moveTo(_voxel: readonly [number, number, number]): VoxelBox | null {
    throw new Error('The label-map engine is being built.');
  }

  /** What the last `moveTo` covered newly, for `LabelMap.paintProvisional`; its mask is reused by the next call. */
  newlyCovered(): PaintedRegion | null {
    throw new Error('The label-map engine is being built.');
  }

  /** Everything covered since `begin`; null when nothing is. */
  region(): PaintedRegion | null {
    throw new Error('The label-map engine is being built.');
  }

  /** As `region`, and makes ready for the next stroke. */
  end(): PaintedRegion | null {
    throw new Error('The label-map engine is being built.');
  }
}
