import type { Vector } from '@voxcord/schemas/geometry';

/**
 * Greatest distance in mm between two of the points (their centres), by comparing those that are far from the middle
 * first and stopping where no pair can be longer.
 *
 * @param positions i, j, k of one point after the other, in voxels; of a mask, its surface is enough
 */
export function greatestDistance(positions: ArrayLike<number>, spacing: Vector): number {
  const count = Math.floor(positions.length / 3);
  if (count < 2) return 0;
  const points = new Float64Array(3 * count);
  const middle = [0, 0, 0];
  for (let n = 0; n < 3 * count; n++) {
    points[n] = (positions[n] ?? 0) * (spacing[n % 3] ?? 1);
    middle[n % 3] = (middle[n % 3] ?? 0) + (points[n] ?? 0) / count;
  }
  const radius = Float64Array.from({ length: count }, (_, n) =>
    Math.hypot(
      (points[3 * n] ?? 0) - (middle[0] ?? 0),
      (points[3 * n + 1] ?? 0) - (middle[1] ?? 0),
      (points[3 * n + 2] ?? 0) - (middle[2] ?? 0)
    )
  );
  const order = Uint32Array.from(radius.keys()).sort((a, b) => (radius[b] ?? 0) - (radius[a] ?? 0));
  let longest = 0;
  for (let a = 0; a < count; a++) {
    const p = order[a] ?? 0;
    const reach = radius[p] ?? 0;
    if (2 * reach <= longest) break;
    for (let b = a + 1; b < count; b++) {
      const q = order[b] ?? 0;
      if (reach + (radius[q] ?? 0) <= longest) break;
      const distance = Math.hypot(
        (points[3 * p] ?? 0) - (points[3 * q] ?? 0),
        (points[3 * p + 1] ?? 0) - (points[3 * q + 1] ?? 0),
        (points[3 * p + 2] ?? 0) - (points[3 * q + 2] ?? 0)
      );
      if (distance > longest) longest = distance;
    }
  }
  return longest;
}
