/** Of the cubic B-spline: sqrt(3) - 2. */
const POLE = Math.sqrt(3) - 2;
const GAIN = (1 - POLE) * (1 - 1 / POLE);
/** Powers of the pole beyond this one do not change a double. */
const HORIZON = 64;

/**
 * Turns values along one axis, in place, into the coefficients of the cubic B-spline through them, as
 * scipy.ndimage.spline_filter1d(order=3, mode='mirror') does: a causal and an anticausal recursive filter (Unser, Aldroubi
 * and Eden, IEEE Trans. Signal Processing 41, 1993). One value alone is its own coefficient.
 *
 * @param values `outer` blocks of `size` rows of `inner` contiguous values
 */
export function splineCoefficients(values: Float32Array, outer: number, size: number, inner: number): void {
  if (size === 1) return;
  // Both recursions in double precision: one row of state each.
  const state = new Float64Array(inner);
  for (let block = 0; block < outer; block++) {
    const start = block * size * inner;
    causalStart(values, start, size, inner, state);
    for (let n = 0; n < inner; n++) values[start + n] = state[n] ?? 0;
    for (let m = 1; m < size; m++) {
      const row = start + m * inner;
      for (let n = 0; n < inner; n++) {
        const value = (values[row + n] ?? 0) * GAIN + POLE * (state[n] ?? 0);
        state[n] = value;
        values[row + n] = value;
      }
    }
    const last = start + (size - 1) * inner;
    for (let n = 0; n < inner; n++) {
      const value = ((POLE * (values[last - inner + n] ?? 0) + (state[n] ?? 0)) * POLE) / (POLE * POLE - 1);
      state[n] = value;
      values[last + n] = value;
    }
    for (let m = size - 2; m >= 0; m--) {
      const row = start + m * inner;
      for (let n = 0; n < inner; n++) {
        const value = POLE * ((state[n] ?? 0) - (values[row + n] ?? 0));
        state[n] = value;
        values[row + n] = value;
      }
    }
  }
}

/** First value of the causal filter over an axis that is mirrored at both ends, times the gain. */
function causalStart(values: Float32Array, start: number, size: number, inner: number, state: Float64Array): void {
  const far = POLE ** (size - 1);
  const last = start + (size - 1) * inner;
  for (let n = 0; n < inner; n++) state[n] = (values[start + n] ?? 0) + far * (values[last + n] ?? 0);
  let power = POLE;
  for (let m = 1; m < Math.min(size - 1, HORIZON); m++, power *= POLE) {
    const mirrored = POLE ** (2 * size - 2 - m);
    const row = start + m * inner;
    for (let n = 0; n < inner; n++) state[n] = (state[n] ?? 0) + (power + mirrored) * (values[row + n] ?? 0);
  }
  const by = GAIN / (1 - far * far);
  for (let n = 0; n < inner; n++) state[n] = (state[n] ?? 0) * by;
}
