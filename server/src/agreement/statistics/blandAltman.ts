import { tQuantile } from './beta.js';
import { normalQuantile } from './normal.js';

/** Of measurements by two methods (or readers) of the same subjects. */
export interface BlandAltman {
  readonly subjects: number;
  /** Mean of first − second. */
  readonly meanDifference: number;
  readonly standardDeviation: number;
  /** So many standard deviations off the mean lie the limits of agreement. */
  readonly multiple: number;
  readonly limits: readonly [number, number];
  readonly meanInterval: readonly [number, number];
  readonly lowerLimitInterval: readonly [number, number];
  readonly upperLimitInterval: readonly [number, number];
  /** Of each subject, the mean of both and their difference: what the plot shows. */
  readonly points: readonly { readonly mean: number; readonly difference: number }[];
}

export interface BlandAltmanOptions {
  /** Differences as they are, or in percent of the mean of both. */
  readonly differences?: 'absolute' | 'percent';
  /** Standard deviations of the limits; the normal quantile for 95 % (1.96) if left out. */
  readonly multiple?: number;
  /** Of the intervals; 0.95 if left out. */
  readonly level?: number;
}

/**
 * Bland and Altman, Lancet 1986; intervals of the limits by Stat Methods Med Res 8, 1999: their standard error is
 * s·√(1/n + multiple² / (2(n − 1))).
 */
export function blandAltman(
  first: readonly number[],
  second: readonly number[],
  options: BlandAltmanOptions = {}
): BlandAltman | { readonly value: null; readonly reason: 'fewer-than-two-subjects' } {
  if (first.length !== second.length) throw new RangeError('Each subject needs both measurements.');
  const n = first.length;
  if (n < 2) return { value: null, reason: 'fewer-than-two-subjects' };
  const points = first.map((a, subject) => {
    const b = second[subject] ?? 0;
    const mean = (a + b) / 2;
    return { mean, difference: options.differences === 'percent' && mean !== 0 ? (100 * (a - b)) / mean : a - b };
  });
  const multiple = options.multiple ?? normalQuantile(0.975);
  const meanDifference = points.reduce((sum, { difference }) => sum + difference, 0) / n;
  const squares = points.reduce((sum, { difference }) => sum + (difference - meanDifference) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / (n - 1));
  const limits = [
    meanDifference - multiple * standardDeviation,
    meanDifference + multiple * standardDeviation
  ] as const;
  const t = tQuantile((1 + (options.level ?? 0.95)) / 2, n - 1);
  const ofMean = (t * standardDeviation) / Math.sqrt(n);
  const ofLimit = t * standardDeviation * Math.sqrt(1 / n + multiple ** 2 / (2 * (n - 1)));
  const around = (value: number, margin: number): readonly [number, number] => [value - margin, value + margin];
  return {
    subjects: n,
    meanDifference,
    standardDeviation,
    multiple,
    limits,
    meanInterval: around(meanDifference, ofMean),
    lowerLimitInterval: around(limits[0], ofLimit),
    upperLimitInterval: around(limits[1], ofLimit),
    points
  };
}
