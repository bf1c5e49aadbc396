import type { Affine, GridDims } from '@voxcord/schemas/geometry';
import { PhantomError } from './errors.js';

/** A grid whose axes are those of the patient: i to the right, j forwards, k upwards. */
export interface PhantomGrid {
  readonly dims: GridDims;
  /** Diagonal with positive voxel sizes: voxel to world, mm, RAS+. */
  readonly affine: Affine;
}

export interface GridOptions {
  /** Voxel sizes, mm: 0.4 to 4 in plane, 0.5 to 10 between slices. */
  readonly spacing?: readonly [number, number, number];
  /** Voxels along i, j, k; left out: as many as the trunk from the lungs' bases to below the liver takes. */
  readonly dims?: readonly [number, number, number];
  /** World mm of the middle of the grid. */
  readonly centre?: readonly [number, number, number];
}

export const DEFAULT_SPACING = [0.98, 0.98, 2.5] as const;

/** Width, depth and height of the field of view, mm, where no dimensions are given. */
const FIELD = [352, 282, 220] as const;
const CENTRE = [0, -6, 2] as const;
const MOST_VOXELS = 2 ** 28;

/** Throws `PhantomError` (`phantom.grid`). */
export function makeGrid(options: GridOptions): PhantomGrid {
  const [sx, sy, sz] = options.spacing ?? DEFAULT_SPACING;
  const isSane = (size: number, low: number, high: number): boolean => size >= low && size <= high;
  if (!isSane(sx, 0.4, 4) || !isSane(sy, 0.4, 4) || !isSane(sz, 0.5, 10)) {
    throw new PhantomError(
      'phantom.grid',
      `A spacing of ${sx} x ${sy} x ${sz} mm is not possible. Choose 0.4 to 4 mm in plane and 0.5 to 10 mm between slices.`
    );
  }
  const across = (mm: number, size: number): number => 2 * Math.round(mm / size / 2);
  const dims = options.dims ?? [across(FIELD[0], sx), across(FIELD[1], sy), across(FIELD[2], sz)];
  if (!dims.every(size => Number.isInteger(size) && size >= 1) || dims[0] * dims[1] * dims[2] > MOST_VOXELS) {
    throw new PhantomError(
      'phantom.grid',
      `A grid of ${dims.join(' x ')} voxels is not possible. Choose three whole numbers, ${MOST_VOXELS} voxels at most.`
    );
  }
  const centre = options.centre ?? CENTRE;
  const first = (axis: 0 | 1 | 2, size: number): number => centre[axis] - ((dims[axis] - 1) / 2) * size;
  const affine: Affine = [sx, 0, 0, first(0, sx), 0, sy, 0, first(1, sy), 0, 0, sz, first(2, sz)];
  return { dims: [dims[0], dims[1], dims[2]], affine };
}
