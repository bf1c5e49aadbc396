import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';

/** Lines that are gathered and transformed together, so that a cache line that was read is used whole. */
const LINES_TOGETHER = 16;

/**
 * Squared Euclidean distance (mm²) from the centre of each voxel to the centre of the nearest voxel that is not 0 in
 * `features`; 0 on these, infinite everywhere if there is none. Exact but for the rounding of double precision: the sum
 * (Δi·si)² + (Δj·sj)² + (Δk·sk)² is added in this order, so that its square root along an axis is exactly Δ·s.
 *
 * Separable lower envelopes of parabolas (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012).
 *
 * @param features one byte per voxel, i fastest; length = dims[0]·dims[1]·dims[2]
 * @param dims the grid, or the box that was cut out of one: what lies outside is not seen
 * @param spacing voxel size in mm along i, j and k, each above 0
 * @param into where the result is written (as long as `features`); a new array if left out
 */
export function squaredDistanceTransform(
  features: Uint8Array,
  dims: Dims,
  spacing: Vector,
  into: Float64Array = new Float64Array(features.length)
): Float64Array {
  const [ni, nj, nk] = dims;
  const voxels = ni * nj * nk;
  if (features.length !== voxels || into.length !== voxels) {
    throw new RangeError(`A ${ni} x ${nj} x ${nk} grid has ${voxels} voxels, not ${features.length}.`);
  }
  alongRows(features, ni, spacing[0], into);
  if (nj > 1) {
    const lines = new LineTransform(nj, spacing[1]);
    for (let k = 0; k < nk; k++) lines.transform(into, k * ni * nj, ni, ni);
  }
  if (nk > 1) {
    const lines = new LineTransform(nk, spacing[2]);
    for (let j = 0; j < nj; j++) lines.transform(into, j * ni, ni, ni * nj);
  }
  return into;
}

/**
 * Signed Euclidean distance (mm) between voxel centres: outside, + the distance to the nearest voxel of the mask;
 * inside, − the distance to the nearest voxel that is not of the mask. Never 0. An empty mask is infinitely far
 * everywhere, a full one is infinitely deep.
 *
 * Parameters as of `squaredDistanceTransform`.
 */
export function signedDistanceTransform(mask: Uint8Array, dims: Dims, spacing: Vector): Float64Array {
  const outside = squaredDistanceTransform(mask, dims, spacing);
  const inside = squaredDistanceTransform(
    mask.map(value => (value === 0 ? 1 : 0)),
    dims,
    spacing
  );
  for (let index = 0; index < outside.length; index++) {
    const out = outside[index] ?? 0;
    outside[index] = out > 0 ? Math.sqrt(out) : -Math.sqrt(inside[index] ?? 0);
  }
  return outside;
}

/** The first axis: distances within each row, by a scan in both directions. */
function alongRows(features: Uint8Array, ni: number, spacing: number, into: Float64Array): void {
  for (let row = 0; row < features.length; row += ni) {
    let last = -Infinity;
    for (let i = 0; i < ni; i++) {
      if (features[row + i] !== 0) last = i;
      into[row + i] = i - last;
    }
    if (last === -Infinity) continue;
    let next = Infinity;
    for (let i = ni - 1; i >= 0; i--) {
      const index = row + i;
      const before = into[index] ?? 0;
      if (before === 0) next = i;
      const after = next - i;
      const distance = (before < after ? before : after) * spacing;
      into[index] = distance * distance;
    }
  }
}

/** The lower envelope along lines of one length and spacing. */
class LineTransform {
  private readonly lines: Float64Array;
  /** Voxels whose parabolas make the envelope, in order. */
  private readonly lowest: Int32Array;
  /** Where each of them begins to be the lowest, in voxels. */
  private readonly from: Float64Array;

  constructor(
    private readonly length: number,
    private readonly spacing: number
  ) {
    this.lines = new Float64Array(length * LINES_TOGETHER);
    this.lowest = new Int32Array(length);
    this.from = new Float64Array(length + 1);
  }

  /** Transforms `count` neighbouring lines of `values` in place; the first begins at `start`. */
  transform(values: Float64Array, start: number, count: number, stride: number): void {
    const { length, lines } = this;
    for (let first = 0; first < count; first += LINES_TOGETHER) {
      const together = Math.min(LINES_TOGETHER, count - first);
      for (let q = 0, at = start + first; q < length; q++, at += stride) {
        for (let line = 0; line < together; line++) lines[line * length + q] = values[at + line] ?? 0;
      }
      for (let line = 0; line < together; line++) this.envelope(line * length, values, start + first + line, stride);
    }
  }

  private envelope(line: number, values: Float64Array, start: number, stride: number): void {
    const { length, lines, lowest, from, spacing } = this;
    const perSquare = 1 / (spacing * spacing);
    let last = -1;
    for (let q = 0; q < length; q++) {
      const height = lines[line + q] ?? 0;
      if (height === Infinity) continue;
      let begin = -Infinity;
      while (last >= 0) {
        const other = lowest[last] ?? 0;
        const rise = (height - (lines[line + other] ?? 0)) * perSquare;
        begin = (rise / (q - other) + (q + other)) / 2;
        if (begin > (from[last] ?? 0)) break;
        last -= 1;
        begin = -Infinity;
      }
      last += 1;
      lowest[last] = q;
      from[last] = begin;
    }
    if (last < 0) return;
    from[last + 1] = Infinity;
    for (let q = 0, part = 0, at = start; q < length; q++, at += stride) {
      while ((from[part + 1] ?? 0) < q) part += 1;
      const nearest = lowest[part] ?? 0;
      const distance = (q - nearest) * spacing;
      values[at] = distance * distance + (lines[line + nearest] ?? 0);
    }
  }
}
