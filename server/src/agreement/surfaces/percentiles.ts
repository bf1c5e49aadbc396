import type { DirectedDistances } from './directedDistances.js';

/** Percentile of ascending values, interpolated linearly between order statistics (NumPy's default). */
export function interpolatedPercentile(ascending: Float64Array, percentile: number): number {
  const place = (ascending.length - 1) * (percentile / 100);
  const below = Math.floor(place);
  const low = ascending[below] ?? NaN;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? NaN;
  const part = place - below;
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

/** The smallest distance within which the wanted share of the weight lies; not interpolated. */
export function weightedPercentile({ distances, weights }: DirectedDistances, percentile: number): number {
  const total = weights === null ? distances.length : pairwiseSum(weights, 0, weights.length);
  let sum = 0;
  for (let at = 0; at < distances.length; at++) {
    sum += weights?.[at] ?? 1;
    if (sum / total >= percentile / 100) return distances[at] ?? NaN;
  }
  return distances.at(-1) ?? NaN;
}

const SHORT_SUM = 8;
const BLOCK = 128;

/**
 * Sum with the rounding of NumPy, whose shares the published figures are made of: halves are summed apart, blocks in
 * eight partial sums. Where a share meets the percentile exactly, one rounding more decides which distance it is.
 */
function pairwiseSum(values: Float64Array, start: number, count: number): number {
  if (count < SHORT_SUM) {
    let sum = 0;
    for (let at = start; at < start + count; at++) sum += values[at] ?? 0;
    return sum;
  }
  if (count > BLOCK) {
    const half = Math.floor(count / 2);
    const first = half - (half % SHORT_SUM);
    return pairwiseSum(values, start, first) + pairwiseSum(values, start + first, count - first);
  }
  const parts = values.slice(start, start + SHORT_SUM);
  const whole = count - (count % SHORT_SUM);
  for (let at = SHORT_SUM; at < whole; at++) {
    const part = at % SHORT_SUM;
    parts[part] = (parts[part] ?? 0) + (values[start + at] ?? 0);
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = parts;
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let at = start + whole; at < start + count; at++) sum += values[at] ?? 0;
  return sum;
}
