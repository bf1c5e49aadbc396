import { cross, dot, length, type Vector } from './vectors.js';

/**
 * The upper three rows of a voxel-to-world matrix, row-major: world (mm, RAS+) = A · (i, j, k, 1). The centre of the
 * first voxel is at (0, 0, 0).
 */
export type Affine = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number
];

export type GeometryErrorCode = 'affine.malformed' | 'affine.not-finite' | 'affine.singular';

export class GeometryError extends Error {
  override readonly name = 'GeometryError';
  constructor(
    readonly code: GeometryErrorCode,
    message: string
  ) {
    super(message);
  }
}

export const IDENTITY: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** Checks twelve numbers, as they come from JSON or a header. Throws `GeometryError`. */
export function affineFromRows(rows: readonly number[]): Affine {
  const [a, b, c, d, e, f, g, h, i, j, k, l] = rows;
  if (
    rows.length !== 12 ||
    a === undefined ||
    b === undefined ||
    c === undefined ||
    d === undefined ||
    e === undefined ||
    f === undefined ||
    g === undefined ||
    h === undefined ||
    i === undefined ||
    j === undefined ||
    k === undefined ||
    l === undefined
  ) {
    throw new GeometryError('affine.malformed', `An affine has 12 numbers (three rows of four), not ${rows.length}.`);
  }
  if (!rows.every(Number.isFinite)) {
    throw new GeometryError('affine.not-finite', 'The affine holds NaN or infinite numbers.');
  }
  return [a, b, c, d, e, f, g, h, i, j, k, l];
}

/** World step (mm) of one voxel along i, j, k. */
export function columns(affine: Affine): readonly [Vector, Vector, Vector] {
  return [
    [affine[0], affine[4], affine[8]],
    [affine[1], affine[5], affine[9]],
    [affine[2], affine[6], affine[10]]
  ];
}

/** World position (mm) of the centre of the first voxel. */
export function origin(affine: Affine): Vector {
  return [affine[3], affine[7], affine[11]];
}

export function affineFromColumns(i: Vector, j: Vector, k: Vector, at: Vector): Affine {
  return [i[0], j[0], k[0], at[0], i[1], j[1], k[1], at[1], i[2], j[2], k[2], at[2]];
}

/** Voxel size along i, j, k in mm. */
export function spacing(affine: Affine): Vector {
  const [i, j, k] = columns(affine);
  return [length(i), length(j), length(k)];
}

/** Of the 3x3 part: mm³ per voxel, negative if i, j, k are left-handed. */
export function determinant(affine: Affine): number {
  const [i, j, k] = columns(affine);
  return dot(i, cross(j, k));
}

/** Voxel coordinates to world mm, or whatever `affine` maps. */
export function transformPoint(affine: Affine, p: Vector): Vector {
  return [
    affine[0] * p[0] + affine[1] * p[1] + affine[2] * p[2] + affine[3],
    affine[4] * p[0] + affine[5] * p[1] + affine[6] * p[2] + affine[7],
    affine[8] * p[0] + affine[9] * p[1] + affine[10] * p[2] + affine[11]
  ];
}

/** A direction: as `transformPoint`, without the translation. */
export function transformVector(affine: Affine, v: Vector): Vector {
  return [
    affine[0] * v[0] + affine[1] * v[1] + affine[2] * v[2],
    affine[4] * v[0] + affine[5] * v[1] + affine[6] * v[2],
    affine[8] * v[0] + affine[9] * v[1] + affine[10] * v[2]
  ];
}

/** World to voxel coordinates. Throws `GeometryError` (`affine.singular`). */
export function invert(affine: Affine): Affine {
  const [i, j, k] = columns(affine);
  const det = determinant(affine);
  if (det === 0 || !Number.isFinite(det)) {
    throw new GeometryError('affine.singular', 'The affine maps the voxel grid onto less than three dimensions.');
  }
  const rows = [cross(j, k), cross(k, i), cross(i, j)] as const;
  const t = origin(affine);
  const row = (r: Vector): readonly [number, number, number, number] => [
    r[0] / det,
    r[1] / det,
    r[2] / det,
    -dot(r, t) / det
  ];
  return [...row(rows[0]), ...row(rows[1]), ...row(rows[2])];
}

/** `a · b`: first `b`, then `a`. */
export function compose(a: Affine, b: Affine): Affine {
  const [i, j, k] = columns(b);
  return affineFromColumns(
    transformVector(a, i),
    transformVector(a, j),
    transformVector(a, k),
    transformPoint(a, origin(b))
  );
}
