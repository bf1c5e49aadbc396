/** How voxels along one axis are made of others: voxel m is the sum of `count` voxels `index[n]` times `weight[n]`. */
export interface Taps {
  readonly count: 2 | 4;
  /** From `m * count` on: the voxels that voxel m is made of. */
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

/** Voxel sizes have single precision in a file: digits beyond these are noise that would decide about a voxel more or less. */
const DIGITS = 6;

/** mm, as it enters sizes and places. */
export function cleanSpacing(millimetres: number): number {
  return Number(millimetres.toPrecision(DIGITS));
}

/** Voxels along one axis after resampling: the centres of the first voxels coincide, the last one is the nearest to the last. */
export function resampledSize(size: number, spacing: number, wanted: number): number {
  return Math.floor(((size - 1) * spacing) / wanted + 0.5) + 1;
}

/** Linear interpolation of `size` voxels at min(m * scale, size - 1). */
export function linearTaps(size: number, scale: number, wanted: number): Taps {
  const index = new Int32Array(2 * wanted);
  const weight = new Float64Array(2 * wanted);
  for (let m = 0; m < wanted; m++) {
    const at = Math.min(m * scale, size - 1);
    const below = Math.floor(at);
    // The reference has single precision here.
    const share = Math.fround(at - below);
    index[2 * m] = below;
    index[2 * m + 1] = Math.min(below + 1, size - 1);
    weight[2 * m] = Math.fround(1 - share);
    weight[2 * m + 1] = share;
  }
  return { count: 2, index, weight };
}

/** Cubic B-spline at min(m * scale, size - 1) of coefficients by `splineCoefficients`. */
export function splineTaps(size: number, scale: number, wanted: number): Taps {
  const index = new Int32Array(4 * wanted);
  const weight = new Float64Array(4 * wanted);
  for (let m = 0; m < wanted; m++) {
    const at = Math.min(m * scale, size - 1);
    const below = Math.floor(at);
    const t = at - below;
    const s = 1 - t;
    for (let n = 0; n < 4; n++) index[4 * m + n] = mirrored(below - 1 + n, size);
    weight[4 * m] = (s * s * s) / 6;
    weight[4 * m + 1] = (4 - 6 * t * t + 3 * t * t * t) / 6;
    weight[4 * m + 2] = (4 - 6 * s * s + 3 * s * s * s) / 6;
    weight[4 * m + 3] = (t * t * t) / 6;
  }
  return { count: 4, index, weight };
}

/** Beyond an end the axis continues with what lies before it: c b | a b c | b a. */
function mirrored(at: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const within = ((at % period) + period) % period;
  return Math.min(within, period - within);
}

/** Whether `taps` leave `size` voxels as they are. Those of a spline never do: they take coefficients. */
export function areIdentity({ count, index, weight }: Taps, size: number): boolean {
  if (count !== 2 || index.length !== 2 * size) return false;
  for (let m = 0; m < size; m++) {
    if (index[2 * m] !== m || weight[2 * m + 1] !== 0) return false;
  }
  return true;
}

/**
 * Along one axis of an array of `outer` blocks, each of `size` rows of `inner` contiguous values; `target` has the same form
 * with as many rows as `taps` make.
 */
export function resampleAlong(
  source: Float32Array,
  target: Float32Array,
  outer: number,
  size: number,
  inner: number,
  taps: Taps
): void {
  const { count, index, weight } = taps;
  const wanted = index.length / count;
  if (inner === 1) {
    if (count === 2) linearRows(source, target, outer, size, taps);
    else splineRows(source, target, outer, size, taps);
    return;
  }
  for (let block = 0; block < outer; block++) {
    for (let m = 0; m < wanted; m++) {
      const start = (block * wanted + m) * inner;
      const row = (n: number): number => (block * size + (index[count * m + n] ?? 0)) * inner;
      const by = (n: number): number => weight[count * m + n] ?? 0;
      if (count === 2) mixTwo(source, row(0), by(0), row(1), by(1), target, start, inner);
      else mixFour(source, [row(0), row(1), row(2), row(3)], [by(0), by(1), by(2), by(3)], target, start, inner);
    }
  }
}

function linearRows(source: Float32Array, target: Float32Array, rows: number, size: number, taps: Taps): void {
  const { index, weight } = taps;
  const wanted = index.length / 2;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    for (let m = 0; m < wanted; m++) {
      const low = (source[start + (index[2 * m] ?? 0)] ?? 0) * (weight[2 * m] ?? 0);
      target[to++] = low + (source[start + (index[2 * m + 1] ?? 0)] ?? 0) * (weight[2 * m + 1] ?? 0);
    }
  }
}

function splineRows(source: Float32Array, target: Float32Array, rows: number, size: number, taps: Taps): void {
  const { index, weight } = taps;
  const wanted = index.length / 4;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    for (let m = 0; m < wanted; m++) {
      let sum = 0;
      for (let n = 4 * m; n < 4 * m + 4; n++) sum += (source[start + (index[n] ?? 0)] ?? 0) * (weight[n] ?? 0);
      target[to++] = sum;
    }
  }
}

/** One row of `target` from two of `source`. */
export function mixTwo(
  source: Float32Array,
  first: number,
  byFirst: number,
  second: number,
  bySecond: number,
  target: Float32Array,
  start: number,
  count: number
): void {
  if (bySecond === 0) {
    target.set(source.subarray(first, first + count), start);
    return;
  }
  for (let n = 0; n < count; n++) {
    target[start + n] = (source[first + n] ?? 0) * byFirst + (source[second + n] ?? 0) * bySecond;
  }
}

function mixFour(
  source: Float32Array,
  [a, b, c, d]: readonly [number, number, number, number],
  [byA, byB, byC, byD]: readonly [number, number, number, number],
  target: Float32Array,
  start: number,
  count: number
): void {
  for (let n = 0; n < count; n++) {
    target[start + n] =
      (source[a + n] ?? 0) * byA + (source[b + n] ?? 0) * byB + (source[c + n] ?? 0) * byC + (source[d + n] ?? 0) * byD;
  }
}
