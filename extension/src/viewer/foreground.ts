import { countUpTo, quantile } from './valueSample.js';

/** What of an image is not background (air, what a mask left out). Values in the unit of the volume. */
export interface Foreground {
  /** Between background and foreground. */
  readonly threshold: number;
  /** Nearly the lowest and nearly the highest value of the foreground. */
  readonly low: number;
  readonly high: number;
}

const LEVELS = 256;
/** Background is narrow: it lies this many of its standard deviations from the mean of the rest. */
const APART = 4;
const LOWEST_SHARE = 0.01;
const HIGHEST_SHARE = 0.995;

/**
 * Tells the foreground of an image from a dark background. `ascending` are values from all over it. Null
 * where nothing stands apart: an image that is tissue from edge to edge, or one value throughout.
 */
export function foregroundOf(ascending: Float32Array): Foreground | null {
  const threshold = separatingValue(ascending);
  if (threshold === null) return null;
  const split = countUpTo(ascending, threshold);
  const background = momentsOf(ascending.subarray(0, split));
  const rest = momentsOf(ascending.subarray(split));
  if (rest.mean - background.mean < APART * background.deviation) return null;
  const foreground = ascending.subarray(split);
  return { threshold, low: quantile(foreground, LOWEST_SHARE), high: quantile(foreground, HIGHEST_SHARE) };
}

/** The value that leaves the least variance within the two classes it makes (Otsu's rule); null for one value. */
function separatingValue(ascending: Float32Array): number | null {
  const low = quantile(ascending, 0);
  const width = (quantile(ascending, 0.999) - low) / LEVELS;
  if (!(width > 0)) return null;
  const counts = new Float64Array(LEVELS);
  for (const value of ascending) {
    const level = Math.min(LEVELS - 1, Math.floor((value - low) / width));
    counts[level] = (counts[level] ?? 0) + 1;
  }
  const total = ascending.length;
  const moment = counts.reduce((sum, count, level) => sum + count * level, 0);
  let [below, belowMoment, best, first, last] = [0, 0, -1, 0, 0];
  for (let level = 0; level < LEVELS - 1; level++) {
    below += counts[level] ?? 0;
    belowMoment += (counts[level] ?? 0) * level;
    const spread = (moment * below - belowMoment * total) ** 2 / (below * (total - below));
    if (spread > best) [best, first] = [spread, level];
    // No value lies between two levels that part the image alike.
    if (spread >= best) last = level;
  }
  return low + ((first + last) / 2 + 1) * width;
}

function momentsOf(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  let [sum, squares] = [0, 0];
  for (const value of values) sum += value;
  const mean = sum / Math.max(1, values.length);
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length)) };
}
