import { affineFromColumns, columns, determinant, GeometryError, transformPoint, type Affine } from './affine.js';
import { cross, dot, normalise, type Vector } from './vectors.js';

export type Axis = 0 | 1 | 2;
export type Sign = 1 | -1;

/** Where a voxel axis points: along which world axis (0 right, 1 anterior, 2 superior), and which way. */
export interface Heading {
  readonly axis: Axis;
  readonly sign: Sign;
}

/** Headings of the voxel axes i, j, k; each world axis occurs once. */
export type Orientation = readonly [Heading, Heading, Heading];

export type GridDims = readonly [number, number, number];

export interface Grid {
  readonly dims: GridDims;
  readonly affine: Affine;
}

/** The same voxels, with axes permuted and flipped so that i, j, k point as nearly as possible to R, A, S. */
export interface CanonicalGrid extends Grid {
  /** Headings of the axes of the grid that it was made from. */
  readonly from: Orientation;
}

const AXES: readonly [Axis, Axis, Axis] = [0, 1, 2];
const LETTERS = [
  ['L', 'R'],
  ['P', 'A'],
  ['I', 'S']
] as const;

/** Below this share of a cube's volume, unit steps along i, j, k count as lying in one plane. */
const SINGULAR = 1e-6;

/**
 * Headings of the voxel axes, as nibabel's `io_orientation` finds them: the rotation nearest to the axes (polar
 * decomposition of the unit steps), then the strongest axis first. Throws `GeometryError` (`affine.singular`).
 */
export function orientationOf(affine: Affine): Orientation {
  const rotation = nearestRotation(affine);
  const strength = rotation.map(column => Math.max(...column.map(x => x * x)));
  const order = [...AXES].sort((a, b) => (strength[b] ?? 0) - (strength[a] ?? 0));
  const headings: [Heading, Heading, Heading] = [
    { axis: 0, sign: 1 },
    { axis: 1, sign: 1 },
    { axis: 2, sign: 1 }
  ];
  const free = new Set<Axis>(AXES);
  for (const voxelAxis of order) {
    const column = rotation[voxelAxis];
    let best: Axis | null = null;
    for (const axis of free) {
      if (best === null || Math.abs(column[axis]) > Math.abs(column[best])) best = axis;
    }
    if (best === null) break;
    free.delete(best);
    headings[voxelAxis] = { axis: best, sign: column[best] < 0 ? -1 : 1 };
  }
  return headings;
}

/** The closest-canonical RAS grid of a grid. Throws `GeometryError` (`affine.singular`). */
export function closestCanonical(grid: Grid): CanonicalGrid {
  const from = orientationOf(grid.affine);
  const steps = columns(grid.affine);
  const dims: [number, number, number] = [1, 1, 1];
  const canonicalSteps: [Vector, Vector, Vector] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0]
  ];
  const first: [number, number, number] = [0, 0, 0];
  for (const a of AXES) {
    const { axis, sign } = from[a];
    const step = steps[a];
    dims[axis] = grid.dims[a];
    canonicalSteps[axis] = sign === 1 ? step : [-step[0], -step[1], -step[2]];
    first[a] = sign === 1 ? 0 : grid.dims[a] - 1;
  }
  const at = transformPoint(grid.affine, first);
  return { dims, affine: affineFromColumns(canonicalSteps[0], canonicalSteps[1], canonicalSteps[2], at), from };
}

/** Three letters for where i, j, k point to: 'RAS', 'LPS', 'LIA' ... */
export function axisCodes(affine: Affine): string {
  return orientationOf(affine)
    .map(({ axis, sign }) => LETTERS[axis][sign === 1 ? 1 : 0])
    .join('');
}

/** Voxel indices on the original grid to indices on its canonical grid. */
export function toCanonicalIndex(from: Orientation, dims: GridDims, index: Vector): Vector {
  const result: [number, number, number] = [0, 0, 0];
  for (const a of AXES) {
    const { axis, sign } = from[a];
    result[axis] = sign === 1 ? index[a] : dims[a] - 1 - index[a];
  }
  return result;
}

/** Voxel indices on the canonical grid to indices on the original grid, whose size is `dims`. */
export function fromCanonicalIndex(from: Orientation, dims: GridDims, index: Vector): Vector {
  const at = (a: Axis): number => {
    const { axis, sign } = from[a];
    return sign === 1 ? index[axis] : dims[a] - 1 - index[axis];
  };
  return [at(0), at(1), at(2)];
}

/**
 * Columns of the orthogonal matrix nearest to the unit steps along i, j, k (Newton's iteration for the polar factor).
 * Throws `GeometryError` (`affine.singular`).
 */
export function nearestRotation(affine: Affine): readonly [Vector, Vector, Vector] {
  const [i, j, k] = columns(affine);
  let current: readonly [Vector, Vector, Vector] = [normalise(i), normalise(j), normalise(k)];
  const volume = determinant(affineFromColumns(...current, [0, 0, 0]));
  if (!(Math.abs(volume) >= SINGULAR)) {
    throw new GeometryError('affine.singular', 'The affine maps the voxel grid onto less than three dimensions.');
  }
  for (let step = 0; step < 100; step++) {
    const [a, b, c] = current;
    const det = dot(a, cross(b, c));
    // Columns of the inverse transpose are the cross products over the determinant.
    const opposite = [cross(b, c), cross(c, a), cross(a, b)] as const;
    const next = [mean(a, opposite[0], det), mean(b, opposite[1], det), mean(c, opposite[2], det)] as const;
    const change = Math.max(...AXES.map(n => distance(next[n], current[n])));
    current = next;
    if (change < 1e-15) break;
  }
  return current;
}

function mean(column: Vector, opposite: Vector, det: number): Vector {
  return [
    (column[0] + opposite[0] / det) / 2,
    (column[1] + opposite[1] / det) / 2,
    (column[2] + opposite[2] / det) / 2
  ];
}

function distance(a: Vector, b: Vector): number {
  return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]));
}
