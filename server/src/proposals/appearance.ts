import { smooth } from './gaussian.js';

/** What counts as one half of the values: 1 inside, 0 outside. */
export type Belongs = (index: number) => boolean;

/** A thing is not more uniform than this share of the noise that the image has in one place, nor than of all its values. */
const LEAST_DEVIATION = { ofNoise: 0.2, ofAll: 0.02 };
const BINS_PER_DEVIATION = 3;
const MOST_BINS = 4096;
const BLUR_BINS = 2;
/** Every value may occur everywhere, if seldom: density per standard deviation of the thing. */
const ANYTHING = 1e-3;

/** How probable values are, per unit of value. */
export interface Densities {
  readonly thing: (value: number) => number;
  readonly surroundings: (value: number) => number;
}

/**
 * Densities of the values of a thing (a Gaussian: few voxels, one tissue) and of what is around it (a smoothed histogram:
 * many tissues). @param noise standard deviation that the image has in one tissue
 */
export function valueDensities(values: Float32Array, inside: Belongs, outside: Belongs, noise: number): Densities {
  const all = gaussianOf(values, index => inside(index) || outside(index), 0).deviation;
  const least = Math.max(LEAST_DEVIATION.ofNoise * noise, LEAST_DEVIATION.ofAll * all, Number.EPSILON);
  const { mean, deviation } = gaussianOf(values, inside, least);
  const floor = ANYTHING / deviation;
  const histogram = histogramOf(values, outside, deviation / BINS_PER_DEVIATION);
  const height = 1 / (deviation * Math.sqrt(2 * Math.PI));
  return {
    thing: value => {
      const z = (value - mean) / deviation;
      return height * Math.exp((-z * z) / 2) + floor;
    },
    surroundings: value => histogram(value) + floor
  };
}

function gaussianOf(values: Float32Array, belongs: Belongs, least: number): { mean: number; deviation: number } {
  let [count, sum] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    if (!belongs(n)) continue;
    count += 1;
    sum += values[n] ?? 0;
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (let n = 0; n < values.length; n++) if (belongs(n)) squares += ((values[n] ?? 0) - mean) ** 2;
  return { mean, deviation: Math.max(least, count === 0 ? 0 : Math.sqrt(squares / count)) };
}

function histogramOf(values: Float32Array, belongs: Belongs, width: number): (value: number) => number {
  let [low, high, count] = [Infinity, -Infinity, 0];
  for (let n = 0; n < values.length; n++) {
    if (!belongs(n)) continue;
    const value = values[n] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
    count += 1;
  }
  if (count === 0) return () => 0;
  const step = Math.max(width, (high - low) / MOST_BINS);
  // Room for the blur on either side.
  const first = low - 3 * BLUR_BINS * step;
  const bins = new Float32Array(Math.ceil((high - low) / step) + 6 * BLUR_BINS + 1);
  for (let n = 0; n < values.length; n++) {
    if (!belongs(n)) continue;
    const bin = Math.floor(((values[n] ?? 0) - first) / step);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  smooth(bins, [bins.length, 1, 1], [1, 1, 1], BLUR_BINS);
  return value => (bins[Math.floor((value - first) / step)] ?? 0) / (count * step);
}
