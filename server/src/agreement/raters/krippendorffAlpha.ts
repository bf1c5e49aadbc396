import type { Statistic } from './fleissKappa.js';

/** What the differences between values mean. `ratio` needs values of 0 or more. */
export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval' | 'ratio';

export type NoAlpha =
  /** No unit has two values. */
  | 'nothing-to-compare'
  /** All values are the same: there is nothing to agree on. */
  | 'one-value';

/**
 * Krippendorff's alpha (Computing Krippendorff's Alpha-Reliability, 2011). Missing values are left out; a unit with fewer
 * than two values says nothing about agreement.
 *
 * @param data for each rater, a value for each unit; null where the rater has none
 */
export function krippendorffAlpha(
  data: readonly (readonly (number | null)[])[],
  level: MeasurementLevel
): Statistic<NoAlpha> {
  const length = Math.max(0, ...data.map(row => row.length));
  const units = Array.from({ length }, (_, unit) => data.flatMap(row => row[unit] ?? [])).filter(
    values => values.length >= 2
  );
  const values = [...new Set(units.flat())].sort((a, b) => a - b);
  if (units.length === 0) return { value: null, reason: 'nothing-to-compare' };
  if (values.length === 1) return { value: null, reason: 'one-value' };

  const place = new Map(values.map((value, at) => [value, at]));
  const occurrences = new Float64Array(values.length);
  const counted = units.map(unit => {
    const counts = new Float64Array(values.length);
    for (const value of unit) counts[place.get(value) ?? 0] = (counts[place.get(value) ?? 0] ?? 0) + 1;
    counts.forEach((count, at) => (occurrences[at] = (occurrences[at] ?? 0) + count));
    return { counts, size: unit.length };
  });
  const total = occurrences.reduce((sum, count) => sum + count, 0);
  const difference = differences(level, values, occurrences);

  let observed = 0;
  let expected = 0;
  for (let a = 0; a < values.length; a++) {
    for (let b = 0; b < values.length; b++) {
      if (a === b) continue;
      const apart = difference(a, b);
      for (const { counts, size } of counted) observed += ((counts[a] ?? 0) * (counts[b] ?? 0) * apart) / (size - 1);
      expected += (occurrences[a] ?? 0) * (occurrences[b] ?? 0) * apart;
    }
  }
  return { value: 1 - ((total - 1) * observed) / expected, reason: null };
}

/** Squared difference of two values, by their places. */
function differences(
  level: MeasurementLevel,
  values: readonly number[],
  occurrences: Float64Array
): (a: number, b: number) => number {
  const value = (at: number): number => values[at] ?? 0;
  switch (level) {
    case 'nominal':
      return () => 1;
    case 'interval':
      return (a, b) => (value(a) - value(b)) ** 2;
    case 'ratio':
      if (value(0) < 0) throw new RangeError('Values on a ratio scale are 0 or more.');
      return (a, b) => ((value(a) - value(b)) / (value(a) + value(b))) ** 2;
    case 'ordinal':
      return (a, b) => {
        const between = occurrences.subarray(Math.min(a, b), Math.max(a, b) + 1).reduce((sum, count) => sum + count, 0);
        return (between - ((occurrences[a] ?? 0) + (occurrences[b] ?? 0)) / 2) ** 2;
      };
  }
}
