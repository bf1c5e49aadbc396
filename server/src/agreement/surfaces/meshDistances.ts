import type { Vector } from '@voxcord/schemas/geometry';
import { ELEMENT } from './closestPoint.js';
import type { DirectedDistances } from './directedDistances.js';
import { cellSurface, type Triangle } from './marchingCubes.js';
import { cellContour } from './marchingSquares.js';
import type { Mask, MaskGrid } from './mask.js';
import { centresOf, MeshTree } from './meshTree.js';
import { cornerCodes, cornerLattice } from './surface.js';

/** A surface of triangles, or a contour of lines. Its corners are in mm. */
export class MeshDistances {
  private readonly corners: 2 | 3;
  private tree: MeshTree | null = null;

  /** @param mesh nine numbers for each element: three corners of a triangle; of a line two, and the second once more */
  constructor(
    private readonly mesh: Float64Array,
    private readonly elements: 'triangles' | 'lines'
  ) {
    this.corners = elements === 'triangles' ? 3 : 2;
  }

  /** The surface at 0.5 between the centres of the voxels of a mask that is not empty. It is closed. */
  static ofMask(mask: Mask, grid: MaskGrid): MeshDistances {
    const cells: readonly (readonly Triangle[])[] = grid.isPlanar ? CONTOURS : SURFACES;
    const codes = cornerCodes(mask, grid);
    const [li, lj] = cornerLattice(grid);
    const [si, sj, sk] = grid.spacing;
    let count = 0;
    for (const code of codes) count += cells[code]?.length ?? 0;
    const mesh = new Float64Array(count * ELEMENT);
    for (let index = 0, to = 0; index < codes.length; index++) {
      const cell = cells[codes[index] ?? 0] ?? [];
      if (cell.length === 0) continue;
      const [i, j, k] = [index % li, Math.floor(index / li) % lj, Math.floor(index / (li * lj))];
      for (const triangle of cell) {
        for (const [x, y, z] of triangle) {
          mesh[to] = (i + x) * si;
          mesh[to + 1] = (j + y) * sj;
          mesh[to + 2] = (k + z) * sk;
          to += 3;
        }
      }
    }
    return new MeshDistances(mesh, grid.isPlanar ? 'lines' : 'triangles');
  }

  /** From the centres of another's elements to the nearest points of this, weighted by their area (or length). */
  from(other: MeshDistances): DirectedDistances {
    const tree = (this.tree ??= new MeshTree(this.mesh, this.elements));
    const sizes = other.sizes();
    const centres = centresOf(other.mesh, sizes.length, other.corners);
    const unsorted = new Float64Array(sizes.length);
    for (let at = 0; at < unsorted.length; at++) {
      const from = 3 * at;
      const squared = tree.squaredDistanceTo(centres[from] ?? 0, centres[from + 1] ?? 0, centres[from + 2] ?? 0);
      unsorted[at] = Math.sqrt(squared);
    }
    const order = Uint32Array.from(unsorted, (_, at) => at).sort((a, b) => (unsorted[a] ?? 0) - (unsorted[b] ?? 0));
    return {
      distances: Float64Array.from(order, at => unsorted[at] ?? 0),
      weights: Float64Array.from(order, at => sizes[at] ?? 0)
    };
  }

  /** mm² of each triangle, mm of each line. */
  private sizes(): Float64Array {
    return Float64Array.from({ length: this.mesh.length / ELEMENT }, (_, at) => {
      const [a, b, c] = [0, 3, 6].map(corner => this.mesh.subarray(at * ELEMENT + corner, at * ELEMENT + corner + 3));
      const u = difference(b, a);
      if (this.elements === 'lines') return Math.hypot(...u);
      const v = difference(c, a);
      return Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2;
    });
  }
}

function difference(a: Float64Array | undefined, b: Float64Array | undefined): Vector {
  return [(a?.[0] ?? 0) - (b?.[0] ?? 0), (a?.[1] ?? 0) - (b?.[1] ?? 0), (a?.[2] ?? 0) - (b?.[2] ?? 0)];
}

const SURFACES = Array.from({ length: 256 }, (_, code) => cellSurface(code, 'inside'));

const CONTOURS = Array.from({ length: 16 }, (_, code) =>
  cellContour(code).map(([[ai, aj], [bi, bj]]): Triangle => [
    [ai, aj, 0],
    [bi, bj, 0],
    [bi, bj, 0]
  ])
);
