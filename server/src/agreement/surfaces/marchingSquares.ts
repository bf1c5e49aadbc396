/** Two points of a unit cell, whose corners are the centres of four pixels. */
export type Segment = readonly [Point, Point];
export type Point = readonly [number, number];

const ALL_CORNERS = 15;

/** Neighbouring corners round the cell. Bits 0 and 1 of a corner are its offsets along i and j. */
const ROUND = [0, 1, 3, 2] as const;

/**
 * The contour within a cell between the corners of `code` (bit c: corner c is in the mask) and the others. Its ends lie
 * half-way between neighbouring corners. Corners of the mask that touch only across the cell are kept apart.
 */
export function cellContour(code: number): readonly Segment[] {
  const inside = ROUND.map(corner => (code & (1 << corner)) !== 0);
  const ends = ROUND.map((corner, at): Point => middle(corner, ROUND[(at + 1) % 4] ?? 0));
  const cut = ends.filter((_, at) => inside[at] !== inside[(at + 1) % 4]);
  const [first, second] = cut;
  if (first === undefined || second === undefined) return [];
  if (cut.length === 2) return [[first, second]];
  return ends.flatMap((end, at): Segment[] => (inside[at] === true ? [[ends[(at + 3) % 4] ?? end, end]] : []));
}

function middle(a: number, b: number): Point {
  return [((a & 1) + (b & 1)) / 2, ((a >> 1) + (b >> 1)) / 2];
}

/** Length (mm) of the contour in a cell, for each of the 16 codes. */
export function contourLengths(spacing: readonly [number, number]): Float64Array {
  return Float64Array.from({ length: ALL_CORNERS + 1 }, (_, code) =>
    cellContour(code).reduce(
      (sum, [[ai, aj], [bi, bj]]) => sum + Math.hypot((bi - ai) * spacing[0], (bj - aj) * spacing[1]),
      0
    )
  );
}
