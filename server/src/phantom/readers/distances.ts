import { surfaceDistance } from '../lesionSites.js';
import type { PhantomGrid } from '../phantomGrid.js';
import type { PhaseGeometry } from '../phaseGeometry.js';
import type { Point, Shape } from '../shapes.js';

/** Signed distances, mm, at the voxels of a box of a grid; exact near the surface, `BEYOND` or -`BEYOND` far from it. */
export interface DistanceBox {
  readonly origin: Point;
  readonly dims: Point;
  /** i fastest. */
  readonly distance: Float32Array;
}

/** How far from a surface readers may err, mm. */
export const BEYOND = 9;

/**
 * Distances to a shape of the reference phase at the voxel centres of one phase, between two world points of the phase.
 */
export function distancesIn(
  shape: Shape,
  geometry: PhaseGeometry,
  grid: PhantomGrid,
  low: Point,
  high: Point
): DistanceBox {
  const { affine, dims } = grid;
  const spacing: Point = [affine[0], affine[5], affine[10]];
  const first: Point = [affine[3], affine[7], affine[11]];
  const index = (world: number, axis: 0 | 1 | 2): number =>
    Math.min(dims[axis], Math.max(0, Math.round((world - first[axis]) / spacing[axis])));
  const origin: Point = [index(low[0], 0), index(low[1], 1), index(low[2], 2)];
  const size: Point = [index(high[0], 0) - origin[0], index(high[1], 1) - origin[1], index(high[2], 2) - origin[2]];
  const inPhase: Shape = (x, y, z) => {
    const [rx, ry, rz] = geometry.toReference([x, y, z]);
    return shape(rx, ry, rz);
  };
  const distance = new Float32Array(size[0] * size[1] * size[2]);
  let n = 0;
  for (let k = 0; k < size[2]; k++) {
    const z = first[2] + (origin[2] + k) * spacing[2];
    for (let j = 0; j < size[1]; j++) {
      const y = first[1] + (origin[1] + j) * spacing[1];
      for (let i = 0; i < size[0]; i++, n++) {
        const x = first[0] + (origin[0] + i) * spacing[0];
        const value = inPhase(x, y, z);
        // A shape's value is at most the distance: what it says to be far away is.
        if (value > BEYOND) distance[n] = BEYOND;
        else if (value < -BEYOND) distance[n] = -BEYOND;
        else distance[n] = surfaceDistance(inPhase, [x, y, z]).distance;
      }
    }
  }
  return { origin, dims: size, distance };
}
