import type { Rendition } from './niftiRendition.js';

/** Values that are looked at: enough for a percentile, few enough for a blink. */
const MOST_VALUES = 1 << 17;
const GOLDEN = 0.6180339887498949;

/** Finite values from all over a volume, in its unit, ascending. Always the same for the same volume. */
export function sampleValues({ stored, slope, intercept }: Rendition): Float32Array {
  const count = Math.min(stored.length, MOST_VALUES);
  const stratum = stored.length / count;
  const values = new Float32Array(count);
  let kept = 0;
  for (let at = 0; at < count; at++) {
    // One from each stratum, at a place that never falls into step with the rows of the volume.
    const index = count === stored.length ? at : Math.floor((at + ((at * GOLDEN) % 1)) * stratum);
    const value = (stored[index] ?? 0) * slope + intercept;
    if (Number.isFinite(value)) values[kept++] = value;
  }
  return values.subarray(0, kept).sort();
}

/** The value below which `share` (0 to 1) of ascending values lie; 0 where there are none. */
export function quantile(ascending: Float32Array, share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? 0;
}

/** How many of ascending values are not above `value`. */
export function countUpTo(ascending: Float32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
