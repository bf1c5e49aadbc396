import type { DirectedDistances } from './directedDistances.js';

/**
 * Percentile of distances that all count the same, interpolated linearly between order statistics (NumPy's default), of
 * one direction or of both in one pool.
 */
export function interpolatedPercentile(directions: readonly DirectedDistances[], percentile: number): number {
  const points = directions.reduce((sum, direction) => sum + direction.points, 0);
  const place = (points - 1) * (percentile / 100);
  const below = Math.floor(place);
  const low = orderStatistic(directions, below);
  const high = orderStatistic(directions, Math.min(below + 1, points - 1));
  const part = place - below;
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

/** The distance that so many points are before, in ascending order. */
function orderStatistic(directions: readonly DirectedDistances[], before: number): number {
  const next = directions.map(() => 0);
  for (let passed = 0; ;) {
    const heads = directions.map(({ distances }, at) => distances[next[at] ?? 0] ?? Infinity);
    const nearest = Math.min(...heads);
    const at = heads.indexOf(nearest);
    passed += directions[at]?.counts[next[at] ?? 0] ?? 0;
    if (passed > before || nearest === Infinity) return nearest;
    next[at] = (next[at] ?? 0) + 1;
  }
}

/** The smallest distance within which the wanted share of the weight lies; not interpolated. */
export function weightedPercentile(directed: DirectedDistances, percentile: number): number {
  const { distances, weights, counts } = directed;
  const total = totalWeight(directed);
  let sum = 0;
  for (let run = 0; run < distances.length; run++) {
    const weight = weights[run] ?? 0;
    // One by one, with the rounding of a running sum over the points.
    for (let rest = counts[run] ?? 0; rest > 0; rest--) {
      sum += weight;
      if (sum / total >= percentile / 100) return distances[run] ?? NaN;
    }
  }
  return distances.at(-1) ?? NaN;
}

function totalWeight({ weights, counts, points }: DirectedDistances): number {
  const each = new Float64Array(points);
  for (let run = 0, at = 0; run < weights.length; run++) {
    const end = at + (counts[run] ?? 0);
    each.fill(weights[run] ?? 0, at, end);
    at = end;
  }
  return pairwiseSum(each, 0, points);
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
