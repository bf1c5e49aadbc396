import { length, type Vector } from '@voxcord/schemas/geometry';
import { ELEMENT } from './closestPoint.js';
import type { DirectedDistances } from './directedDistances.js';
import { cellFacets, cellSurface, type Facet, type Triangle } from './marchingCubes.js';
import { cellContour } from './marchingSquares.js';
import type { Mask, MaskGrid } from './mask.js';
import { MeshTree } from './meshTree.js';
import { surfaceCorners } from './surface.js';

/** A surface of triangles, or a contour of lines, and the points at which it is measured. Lengths are in mm. */
export class MeshDistances {
  private tree: MeshTree | null = null;

  /**
   * @param mesh nine numbers for each element: three corners of a triangle; of a line two, and the second once more
   * @param points three numbers for each point at which distances are measured
   * @param weights how much of the surface each point stands for: mm² (of a contour mm)
   */
  constructor(
    private readonly mesh: Float64Array,
    private readonly elements: 'triangles' | 'lines',
    private readonly points: Float64Array,
    private readonly weights: Float64Array
  ) {}

  /**
   * The surface at 0.5 between the centres of the voxels of a mask that is not empty, closed, measured at the centres of
   * its flat parts.
   */
  static ofMask(mask: Mask, grid: MaskGrid): MeshDistances {
    const cells = grid.isPlanar ? CONTOURS : surfacesOfCodes();
    const { lattice, points: corners, kinds } = surfaceCorners(mask, grid);
    const [li, lj] = lattice;
    const [si, sj, sk] = grid.spacing;
    const areas = cells.map(({ facets }) => facets.map(({ area }) => facetSize(area, grid)));
    let triangles = 0;
    let facets = 0;
    for (const kind of kinds) {
      triangles += cells[kind]?.triangles.length ?? 0;
      facets += cells[kind]?.facets.length ?? 0;
    }
    const mesh = new Float64Array(triangles * ELEMENT);
    const points = new Float64Array(facets * 3);
    const weights = new Float64Array(facets);
    for (let at = 0, corner = 0, facet = 0; at < corners.length; at++) {
      const index = corners[at] ?? 0;
      const kind = kinds[at] ?? 0;
      const cell = cells[kind];
      if (cell === undefined) continue;
      const [i, j, k] = [index % li, Math.floor(index / li) % lj, Math.floor(index / (li * lj))];
      for (const triangle of cell.triangles) {
        for (const [x, y, z] of triangle) {
          mesh[corner++] = (i + x) * si;
          mesh[corner++] = (j + y) * sj;
          mesh[corner++] = (k + z) * sk;
        }
      }
      cell.facets.forEach(({ centre: [x, y, z] }, which) => {
        points[3 * facet] = (i + x) * si;
        points[3 * facet + 1] = (j + y) * sj;
        points[3 * facet + 2] = (k + z) * sk;
        weights[facet++] = areas[kind]?.[which] ?? 0;
      });
    }
    return new MeshDistances(mesh, grid.isPlanar ? 'lines' : 'triangles', points, weights);
  }

  /** From the points of another surface to the nearest points of this one. */
  from(other: MeshDistances): DirectedDistances {
    const tree = (this.tree ??= new MeshTree(this.mesh, this.elements));
    const { points, weights } = other;
    const unsorted = new Float64Array(weights.length);
    for (let at = 0; at < unsorted.length; at++) {
      const from = 3 * at;
      unsorted[at] = Math.sqrt(tree.squaredDistanceTo(points[from] ?? 0, points[from + 1] ?? 0, points[from + 2] ?? 0));
    }
    const order = Uint32Array.from(unsorted, (_, at) => at).sort((a, b) => (unsorted[a] ?? 0) - (unsorted[b] ?? 0));
    return {
      distances: Float64Array.from(order, at => unsorted[at] ?? 0),
      weights: Float64Array.from(order, at => weights[at] ?? 0),
      counts: new Uint32Array(order.length).fill(1),
      points: order.length
    };
  }
}

/** mm² of a facet; in a plane mm of a line, whose direction stands in for its area. */
function facetSize([x, y, z]: Vector, { spacing: [si, sj, sk], isPlanar }: MaskGrid): number {
  return isPlanar ? Math.hypot(x * si, y * sj) : length([x * sj * sk, y * si * sk, z * si * sj]);
}

interface Cell {
  readonly triangles: readonly Triangle[];
  readonly facets: readonly Facet[];
}

let surfaces: readonly Cell[] | null = null;

/** Made when a mesh is asked for, and once. */
function surfacesOfCodes(): readonly Cell[] {
  surfaces ??= Array.from({ length: 256 }, (_, code) => ({
    triangles: cellSurface(code, 'inside'),
    facets: cellFacets(code, 'inside')
  }));
  return surfaces;
}

const CONTOURS: readonly Cell[] = Array.from({ length: 16 }, (_, code) => {
  const lines = cellContour(code);
  return {
    triangles: lines.map(([[ai, aj], [bi, bj]]): Triangle => [
      [ai, aj, 0],
      [bi, bj, 0],
      [bi, bj, 0]
    ]),
    facets: lines.map(([[ai, aj], [bi, bj]]) => ({
      centre: [(ai + bi) / 2, (aj + bj) / 2, 0] as const,
      area: [bi - ai, bj - aj, 0] as const
    }))
  };
});
