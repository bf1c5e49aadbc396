import type { Vector } from '@voxcord/schemas/geometry';

/** Half of the last digit of single precision, in which NIfTI stores geometry. */
const ROUNDING = 2 ** -24;
const MOST_DIGITS = 12;

/**
 * Voxel sizes as whoever wrote the file meant them: of the numbers that single precision may have rounded to these, those
 * with the fewest digits. 1.2 mm is stored as 1.2000000477 mm; a distance of one voxel would not be within 1.2 mm then.
 */
export function declaredSpacing([i, j, k]: Vector): Vector {
  return [declared(i), declared(j), declared(k)];
}

function declared(size: number): number {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const short = Number(size.toPrecision(digits));
    if (Math.abs(short - size) <= ROUNDING * size) return short;
  }
  return size;
}
