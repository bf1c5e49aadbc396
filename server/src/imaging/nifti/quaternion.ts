import { cross, dot, nearestRotation, scale, type Affine, type Vector } from '@voxcord/schemas/geometry';

/**
 * The rotation nearest to the voxel axes of an affine, as NIfTI stores it: the last three numbers of a unit quaternion
 * whose first is not negative, and -1 if the third axis must be turned round to make the axes right-handed.
 */
export function quaternionOf(affine: Affine): { qfac: 1 | -1; quaternion: Vector } {
  const rotation = nearestRotation(affine);
  const [i, j] = rotation;
  let k = rotation[2];
  const qfac = dot(i, cross(j, k)) < 0 ? -1 : 1;
  k = scale(k, qfac);
  // Of the four ways to get a quaternion from a matrix, the one with the largest number under the root.
  const roots = [1 + i[0] + j[1] + k[2], 1 + i[0] - j[1] - k[2], 1 - i[0] + j[1] - k[2], 1 - i[0] - j[1] + k[2]];
  const best = roots.indexOf(Math.max(...roots));
  const s = 2 * Math.sqrt(Math.max(...roots));
  const q: [number, number, number, number] =
    best === 0
      ? [s / 4, (j[2] - k[1]) / s, (k[0] - i[2]) / s, (i[1] - j[0]) / s]
      : best === 1
        ? [(j[2] - k[1]) / s, s / 4, (j[0] + i[1]) / s, (k[0] + i[2]) / s]
        : best === 2
          ? [(k[0] - i[2]) / s, (j[0] + i[1]) / s, s / 4, (k[1] + j[2]) / s]
          : [(i[1] - j[0]) / s, (k[0] + i[2]) / s, (k[1] + j[2]) / s, s / 4];
  const sign = q[0] < 0 ? -1 : 1;
  return { qfac, quaternion: [sign * q[1], sign * q[2], sign * q[3]] };
}

/** Columns of the rotation matrix of the unit quaternion a + bi + cj + dk. */
export function rotationOf(a: number, b: number, c: number, d: number): readonly [Vector, Vector, Vector] {
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b]
  ];
}
