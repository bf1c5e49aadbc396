import { regularisedBeta } from './beta.js';
import { normalCdf, normalQuantile } from './normal.js';
import { seededRandom } from './random.js';

/** Fewer patients make an interval that promises what it does not hold. */
export const FEWEST_PATIENTS = 10;

/** An interval, or why there is none. */
export type Interval =
  | {
      readonly estimate: number;
      readonly low: number;
      readonly high: number;
      readonly level: number;
      readonly method: 'bca' | 'percentile' | 'order-statistics';
      /** What the interval covers by the binomial distribution; only of order statistics. */
      readonly coverage: number | null;
      readonly patients: number;
      readonly refused: null;
    }
  | {
      readonly estimate: number | null;
      readonly patients: number;
      readonly refused: 'fewer-than-ten-patients';
    };

export interface BootstrapOptions {
  readonly seed: number;
  /** `bca` (bias-corrected and accelerated, Efron 1987) if left out. */
  readonly method?: 'bca' | 'percentile';
  /** 0.95 if left out. */
  readonly level?: number;
  /** 10,000 if left out. */
  readonly resamples?: number;
  /** Each patient counts the same (`patient`, if left out), or each value of them does (`value`). */
  readonly weight?: 'patient' | 'value';
}

/**
 * Interval of a mean. Patients are drawn anew, with all that was measured in them: lesions of one patient are not
 * independent. Refused below ten patients.
 *
 * @param patients the values of each patient; who has none is left out
 */
export function meanInterval(patients: readonly (readonly number[])[], options: BootstrapOptions): Interval {
  const { method = 'bca', level = 0.95, resamples = 10_000, weight = 'patient' } = options;
  const parts = patients
    .filter(values => values.length > 0)
    .map(values => {
      const sum = values.reduce((total, value) => total + value, 0);
      return weight === 'patient' ? { sum: sum / values.length, count: 1 } : { sum, count: values.length };
    });
  const total = parts.reduce((all, { sum }) => all + sum, 0);
  const count = parts.reduce((all, part) => all + part.count, 0);
  const n = parts.length;
  if (n < FEWEST_PATIENTS) {
    return { estimate: count === 0 ? null : total / count, patients: n, refused: 'fewer-than-ten-patients' };
  }
  const estimate = total / count;
  const random = seededRandom(options.seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let [sum, drawn] = [0, 0];
    for (let draw = 0; draw < n; draw++) {
      const part = parts[Math.floor(random() * n)];
      sum += part?.sum ?? 0;
      drawn += part?.count ?? 0;
    }
    return sum / drawn;
  }).sort();
  const tails = [(1 - level) / 2, (1 + level) / 2];
  const leftOut = parts.map(({ sum, count: each }) => (total - sum) / (count - each));
  const [low = NaN, high = NaN] = (method === 'bca' ? correctedTails(tails, means, estimate, leftOut) : tails).map(
    tail => atShare(means, tail)
  );
  return { estimate, low, high, level, method, coverage: null, patients: n, refused: null };
}

/** Where the tails of the resamples really are, given their bias and how the spread changes with the mean. */
function correctedTails(
  tails: readonly number[],
  means: Float64Array,
  estimate: number,
  leftOut: readonly number[]
): readonly number[] {
  const below = means.reduce((sum, mean) => sum + (mean < estimate ? 1 : mean === estimate ? 0.5 : 0), 0);
  const bias = normalQuantile(below / means.length);
  const centre = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  const squares = leftOut.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  const cubes = leftOut.reduce((sum, value) => sum + (centre - value) ** 3, 0);
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  return tails.map(tail => {
    const z = bias + normalQuantile(tail);
    return normalCdf(bias + z / (1 - acceleration * z));
  });
}

function atShare(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below] ?? NaN;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? NaN;
  return low + (high - low) * (place - below);
}

/**
 * Interval of a median between two order statistics, by the binomial distribution: exact for every distribution, where
 * bootstrap intervals of a median fail. Refused below ten patients.
 */
export function medianInterval(values: readonly number[], level = 0.95): Interval {
  const ascending = Float64Array.from(values).sort();
  const n = ascending.length;
  const estimate = n === 0 ? null : atShare(ascending, 0.5);
  if (estimate === null || n < FEWEST_PATIENTS) {
    return { estimate, patients: n, refused: 'fewer-than-ten-patients' };
  }
  // As many at each end as may be cut off: P(at most so many of n lie below the median) <= (1 − level) / 2.
  let first = 0;
  while (atMostBelow(first + 1, n) <= (1 - level) / 2) first += 1;
  return {
    estimate,
    low: ascending[first] ?? NaN,
    high: ascending[n - 1 - first] ?? NaN,
    level,
    method: 'order-statistics',
    coverage: 1 - 2 * atMostBelow(first, n),
    patients: n,
    refused: null
  };
}

/** P(at most `count` of n values lie below their median). */
function atMostBelow(count: number, n: number): number {
  return regularisedBeta(0.5, 0.5, n - count, count + 1);
}
