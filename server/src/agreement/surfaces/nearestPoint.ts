import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { squaredDistanceTransform } from '../../morphology/distanceTransform.js';
import type { Surface } from './surface.js';

/** In a row without points. */
const NONE = 65_535;
/** Rows further off than the nearest so many are left to the distance transform. */
const MOST_ROWS = 512;
/** A look at a row costs about an eighth of what the distance transform costs per point of the lattice. */
const LOOKS_PER_POINT = 8;

/**
 * Squared distances (mm²) to the points of one surface. Surfaces of two readers mostly run close to each other: then it
 * is cheap to look at the rows around a point, the nearest first. Where they do not, the distance transform takes over.
 * Both give the same numbers to the last digit.
 */
export class NearestPoint {
  /** Of each point of the lattice, steps to the nearest point in its row. */
  private readonly inRow: Uint16Array;
  private readonly squares: Float64Array;
  private transformed: Float64Array | null = null;

  /** @param rows those of the surface's lattice */
  constructor(
    private readonly to: Surface,
    private readonly spacing: Vector,
    private readonly rows: NearbyRows
  ) {
    const [ni] = to.lattice;
    this.inRow = stepsInRows(to);
    this.squares = Float64Array.from({ length: ni }, (_, steps) => (steps * spacing[0]) ** 2);
  }

  squaredDistances({ points }: Surface): Float64Array {
    const [ni, nj] = this.to.lattice;
    const squared = new Float64Array(points.length);
    let looks = LOOKS_PER_POINT * this.inRow.length;
    for (let at = 0; at < points.length; at++) {
      const point = points[at] ?? 0;
      const row = Math.floor(point / ni);
      const found =
        looks > 0 && this.transformed === null ? this.inNearbyRows(point, row % nj, Math.floor(row / nj)) : -1;
      if (found >= 0) {
        squared[at] = this.best;
        looks -= found;
      } else squared[at] = this.byTransform()[point] ?? 0;
    }
    return squared;
  }

  /** The smallest distance that was found last. */
  private best = Infinity;

  /** How many rows it took; negative if they were not enough. */
  private inNearbyRows(point: number, j: number, k: number): number {
    const { inRow, squares } = this;
    const { count, stepJ, stepK, squareJ, squareK, offset } = this.rows;
    const [, nj, nk] = this.to.lattice;
    let best = Infinity;
    for (let row = 0; row < count; row++) {
      const ofJ = squareJ[row] ?? 0;
      const ofK = squareK[row] ?? 0;
      if (ofJ + ofK >= best) {
        this.best = best;
        return row;
      }
      const atJ = j + (stepJ[row] ?? 0);
      const atK = k + (stepK[row] ?? 0);
      if (atJ < 0 || atJ >= nj || atK < 0 || atK >= nk) continue;
      const steps = inRow[point + (offset[row] ?? 0)] ?? NONE;
      if (steps === NONE) continue;
      // In the order in which the distance transform adds.
      const squared = (squares[steps] ?? 0) + ofJ + ofK;
      if (squared < best) best = squared;
    }
    this.best = best;
    return this.rows.isAll ? count : -1;
  }

  private byTransform(): Float64Array {
    if (this.transformed !== null) return this.transformed;
    const { lattice, points } = this.to;
    const features = new Uint8Array(lattice[0] * lattice[1] * lattice[2]);
    for (const point of points) features[point] = 1;
    return (this.transformed = squaredDistanceTransform(features, lattice, this.spacing));
  }
}

function stepsInRows({ lattice: [ni, nj, nk], points }: Surface): Uint16Array {
  const steps = new Uint16Array(ni * nj * nk).fill(NONE);
  for (let first = 0; first < points.length;) {
    const row = Math.floor((points[first] ?? 0) / ni) * ni;
    let end = first + 1;
    while (end < points.length && (points[end] ?? 0) < row + ni) end += 1;
    // Half-way to the next point the nearest one changes.
    let index = row;
    for (let at = first; at < end; at++) {
      const here = points[at] ?? 0;
      const last = at + 1 < end ? (here + (points[at + 1] ?? 0)) >> 1 : row + ni - 1;
      for (; index < here; index++) steps[index] = here - index;
      for (; index <= last; index++) steps[index] = index - here;
    }
    first = end;
  }
  return steps;
}

/** Rows around a point of a lattice, by their distance: the same for all surfaces on it. */
export interface NearbyRows {
  readonly count: number;
  /** Whether these are all rows that a lattice of this size has. */
  readonly isAll: boolean;
  readonly stepJ: Int32Array;
  readonly stepK: Int32Array;
  readonly squareJ: Float64Array;
  readonly squareK: Float64Array;
  /** In the index of the lattice. */
  readonly offset: Int32Array;
}

export function nearbyRows([ni, nj, nk]: Dims, spacing: Vector): NearbyRows {
  const all = (2 * nj - 1) * (2 * nk - 1);
  // A circle of this radius holds more rows than are wanted.
  const radius = Math.sqrt((2 * MOST_ROWS * spacing[1] * spacing[2]) / Math.PI) + spacing[1] + spacing[2];
  const most = (edge: number, size: number): number => Math.min(edge - 1, Math.ceil(radius / size));
  const [mostJ, mostK] = [most(nj, spacing[1]), most(nk, spacing[2])];
  const rows: { j: number; k: number; squareJ: number; squareK: number }[] = [];
  for (let k = -mostK; k <= mostK; k++) {
    for (let j = -mostJ; j <= mostJ; j++) {
      const squareJ = (j * spacing[1]) ** 2;
      const squareK = (k * spacing[2]) ** 2;
      if (squareJ + squareK <= radius * radius || (mostJ === nj - 1 && mostK === nk - 1)) {
        rows.push({ j, k, squareJ, squareK });
      }
    }
  }
  rows.sort((a, b) => a.squareJ + a.squareK - (b.squareJ + b.squareK));
  const isAll = rows.length === all && all <= MOST_ROWS;
  const kept = rows.slice(0, MOST_ROWS);
  return {
    count: kept.length,
    isAll,
    stepJ: Int32Array.from(kept, ({ j }) => j),
    stepK: Int32Array.from(kept, ({ k }) => k),
    squareJ: Float64Array.from(kept, ({ squareJ }) => squareJ),
    squareK: Float64Array.from(kept, ({ squareK }) => squareK),
    offset: Int32Array.from(kept, ({ j, k }) => (k * nj + j) * ni)
  };
}
