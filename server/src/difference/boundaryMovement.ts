import type { Mask, MaskGrid } from '../agreement/surfaces/mask.js';
import { NearestPoint, nearbyRows } from '../agreement/surfaces/nearestPoint.js';
import { surfaceElements, type Surface } from '../agreement/surfaces/surface.js';

/** mm, positive outward. */
export interface BoundaryMovement {
  /** Weighted by area over both boundaries. */
  readonly mean: number;
  /** The largest one, whether outward or inward. */
  readonly maximum: number;
}

/**
 * How a boundary moved. Each element of the new boundary is as far off as it is from the old boundary: outward where it
 * lies outside what was, inward where it lies inside. Each element of the old boundary counts too, so that what was cut
 * off is seen: inward where it is now outside, outward where it was grown over. Distances are those of the definition
 * `deepmind`.
 *
 * @param before not empty, as `after`
 */
export function boundaryMovement(before: Mask, after: Mask, grid: MaskGrid): BoundaryMovement {
  const old = surfaceElements(before, grid);
  const current = surfaceElements(after, grid);
  const rows = nearbyRows(old.lattice, grid.spacing);
  const total = { moved: 0, area: 0, maximum: 0 };
  add(total, current, new NearestPoint(old, grid.spacing, rows), before, grid, 1);
  add(total, old, new NearestPoint(current, grid.spacing, rows), after, grid, -1);
  return { mean: total.moved / total.area, maximum: total.maximum };
}

/** @param outside sign of an element that lies outside the other mask */
function add(
  total: { moved: number; area: number; maximum: number },
  from: Surface,
  to: NearestPoint,
  other: Mask,
  { dims }: MaskGrid,
  outside: 1 | -1
): void {
  const squared = to.squaredDistances(from);
  const [li, lj] = from.lattice;
  for (let at = 0; at < squared.length; at++) {
    const distance = Math.sqrt(squared[at] ?? 0);
    const area = from.weights[from.kinds[at] ?? 0] ?? 0;
    const point = from.points[at] ?? 0;
    const [i, j, k] = [point % li, Math.floor(point / li) % lj, Math.floor(point / (li * lj))];
    // Off the other boundary, all voxels round a corner are inside or all are outside.
    const isInside = i < dims[0] && j < dims[1] && k < dims[2] && other[(k * dims[1] + j) * dims[0] + i] === 1;
    const signed = (isInside ? -outside : outside) * distance;
    total.moved += signed * area;
    total.area += area;
    if (Math.abs(signed) > Math.abs(total.maximum)) total.maximum = signed;
  }
}
