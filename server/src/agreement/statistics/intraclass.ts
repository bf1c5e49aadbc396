import { fCdf, fQuantile } from './beta.js';

/**
 * Which intraclass correlation (Shrout and Fleiss, Psychol Bull 86, 1979).
 * - 1: each subject is measured by other raters; 2: by the same, drawn from many; 3: by the same, the only ones of interest.
 * - `k`: reliability of the mean of all raters.
 */
export type IntraclassForm = 'ICC1' | 'ICC2' | 'ICC3' | 'ICC1k' | 'ICC2k' | 'ICC3k';

export interface IntraclassCorrelation {
  readonly form: IntraclassForm;
  readonly value: number;
  readonly f: number;
  readonly degreesOfFreedom: readonly [number, number];
  /** Of the hypothesis that the correlation is 0. */
  readonly p: number;
  readonly interval: readonly [number, number];
}

export interface IntraclassResult {
  readonly subjects: number;
  readonly raters: number;
  readonly level: number;
  /** Between subjects, between raters, what is left, and within subjects. */
  readonly meanSquares: {
    readonly subjects: number;
    readonly raters: number;
    readonly residual: number;
    readonly within: number;
  };
  readonly correlations: readonly IntraclassCorrelation[];
}

export type NoIntraclass =
  | 'fewer-than-two-subjects'
  | 'fewer-than-two-raters'
  /** Nothing tells one subject from another: every measurement is the same, but for what a rater always adds. */
  | 'no-variance';

/**
 * @param data for each subject, one value of each rater; none may be missing
 * @param level of the intervals, 0.95 if left out (McGraw and Wong, Psychol Methods 1, 1996)
 */
export function intraclassCorrelations(
  data: readonly (readonly number[])[],
  level = 0.95
): IntraclassResult | { readonly value: null; readonly reason: NoIntraclass } {
  const n = data.length;
  const k = data[0]?.length ?? 0;
  if (data.some(row => row.length !== k)) throw new RangeError('Each subject needs a value of each rater.');
  if (n < 2) return { value: null, reason: 'fewer-than-two-subjects' };
  if (k < 2) return { value: null, reason: 'fewer-than-two-raters' };
  const squares = meanSquares(data, n, k);
  if (squares.subjects === 0 && squares.residual === 0) return { value: null, reason: 'no-variance' };
  return { subjects: n, raters: k, level, meanSquares: squares, correlations: correlations(squares, n, k, level) };
}

function meanSquares(data: readonly (readonly number[])[], n: number, k: number): IntraclassResult['meanSquares'] {
  const grand = meanOf(data.flat());
  const subjectMeans = data.map(meanOf);
  const raterMeans = Array.from({ length: k }, (_, rater) => meanOf(data.map(row => row[rater] ?? 0)));
  const squaresOf = (values: readonly number[], centre: number): number =>
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const ofSubjects = k * squaresOf(subjectMeans, grand);
  const ofRaters = n * squaresOf(raterMeans, grand);
  const within = data.reduce((sum, row, subject) => sum + squaresOf(row, subjectMeans[subject] ?? 0), 0);
  return {
    subjects: ofSubjects / (n - 1),
    raters: ofRaters / (k - 1),
    residual: Math.max(0, within - ofRaters) / ((n - 1) * (k - 1)),
    within: within / (n * (k - 1))
  };
}

function correlations(
  { subjects: bms, raters: jms, residual: ems, within: wms }: IntraclassResult['meanSquares'],
  n: number,
  k: number,
  level: number
): IntraclassCorrelation[] {
  const tail = (1 + level) / 2;
  const free = { subjects: n - 1, within: n * (k - 1), residual: (n - 1) * (k - 1) };
  const f1 = bms / wms;
  const f3 = bms / ems;
  const icc1 = (bms - wms) / (bms + (k - 1) * wms);
  const icc2 = (bms - ems) / (bms + (k - 1) * ems + (k * (jms - ems)) / n);
  const icc3 = (bms - ems) / (bms + (k - 1) * ems);

  const limits = (f: number, below: number): [number, number] => [
    f / fQuantile(tail, free.subjects, below),
    f * fQuantile(tail, below, free.subjects)
  ];
  const single = (limit: number): number => (Number.isFinite(limit) ? (limit - 1) / (limit + k - 1) : 1);
  const average = (limit: number): number => 1 - 1 / limit;
  const ofAverage = (limit: number): number => (limit * k) / (1 + limit * (k - 1));
  const [low1, high1] = limits(f1, free.within);
  const [low3, high3] = limits(f3, free.residual);
  const interval2 = intervalOfSecondForm(bms, jms, ems, n, k, icc2, tail);

  const result = (
    form: IntraclassForm,
    value: number,
    f: number,
    below: number,
    interval: readonly [number, number]
  ): IntraclassCorrelation => ({
    form,
    value,
    f,
    degreesOfFreedom: [free.subjects, below],
    p: 1 - fCdf(f, free.subjects, below),
    interval
  });
  return [
    result('ICC1', icc1, f1, free.within, [single(low1), single(high1)]),
    result('ICC2', icc2, f3, free.residual, interval2),
    result('ICC3', icc3, f3, free.residual, [single(low3), single(high3)]),
    result('ICC1k', (bms - wms) / bms, f1, free.within, [average(low1), average(high1)]),
    result('ICC2k', (bms - ems) / (bms + (jms - ems) / n), f3, free.residual, [
      ofAverage(interval2[0]),
      ofAverage(interval2[1])
    ]),
    result('ICC3k', (bms - ems) / bms, f3, free.residual, [average(low3), average(high3)])
  ];
}

/** Its degrees of freedom are estimated (Satterthwaite). */
function intervalOfSecondForm(
  bms: number,
  jms: number,
  ems: number,
  n: number,
  k: number,
  icc: number,
  tail: number
): readonly [number, number] {
  if (ems === 0 && jms === 0) return [1, 1];
  const a = (k * icc) / (n * (1 - icc));
  const b = 1 + (k * icc * (n - 1)) / (n * (1 - icc));
  const freedom = (a * jms + b * ems) ** 2 / ((a * jms) ** 2 / (k - 1) + (b * ems) ** 2 / ((n - 1) * (k - 1)));
  const above = fQuantile(tail, n - 1, freedom);
  const below = fQuantile(tail, freedom, n - 1);
  const rest = k * jms + (k * n - k - n) * ems;
  return [(n * (bms - above * ems)) / (above * rest + n * bms), (n * (below * bms - ems)) / (rest + n * below * bms)];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
