import type { Estimate, Froc, FrocPoint } from '@voxcord/schemas/api';
import { FEWEST_PATIENTS, seededRandom } from '../agreement/index.js';
import { meanOf, refused, RESAMPLES, SEED, withInterval } from './estimates.js';

/** False positives per scan at which sensitivities are told and averaged, as in LUNA16. */
export const FROC_RATES = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8] as const;

/** One case as a free-response curve sees it. */
export interface MarkedCase {
  /** Lesions of the truth. */
  readonly lesions: number;
  /** Of each lesion that was found the score of its best mark; null: marks have no scores. */
  readonly found: readonly (number | null)[];
  readonly falseMarks: readonly (number | null)[];
}

const NO_LESION = 'The truth has no lesion.';
const TAILS = [0.025, 0.975] as const;

/**
 * Sensitivity against false positives per scan, from the strictest threshold to none. Between points it is interpolated
 * linearly, after the last one it stays. Intervals are percentiles over resamples of patients. One mark without a score
 * makes the curve a single point.
 */
export function frocOf(cases: readonly MarkedCase[], rates: readonly number[] = FROC_RATES): Froc {
  const marks = marksOf(cases);
  return marks === null ? singlePoint(cases) : curveOf(cases, marks, rates);
}

interface ScoredMark {
  readonly score: number;
  /** Index of its case. */
  readonly at: number;
  readonly isLesion: boolean;
}

/** The highest score first; null if one has none, or if there are none to have one. */
function marksOf(cases: readonly MarkedCase[]): ScoredMark[] | null {
  const all = cases.flatMap(({ found, falseMarks }, at) => [
    ...found.map(score => ({ score, at, isLesion: true })),
    ...falseMarks.map(score => ({ score, at, isLesion: false }))
  ]);
  const scored = all.flatMap(({ score, ...mark }) => (score === null ? [] : [{ ...mark, score }]));
  return scored.length === all.length && all.length > 0 ? scored.sort((a, b) => b.score - a.score) : null;
}

function singlePoint(cases: readonly MarkedCase[]): Froc {
  const lesions = cases.reduce((sum, each) => sum + each.lesions, 0);
  const found = cases.reduce((sum, each) => sum + each.found.length, 0);
  const falseMarks = cases.reduce((sum, each) => sum + each.falseMarks.length, 0);
  const point = { threshold: null, falsePositivesPerCase: falseMarks / cases.length, sensitivity: found / lesions };
  const why = whyNoCurve(cases);
  const reason = lesions === 0 ? NO_LESION : `${why}: there is one operating point, and no curve.`;
  return {
    scored: false,
    points: lesions === 0 ? [] : [point],
    at: [],
    mean: { value: null, interval: null, cases: cases.length, reason }
  };
}

function whyNoCurve(cases: readonly MarkedCase[]): string {
  const scores = cases.flatMap(each => [...each.found, ...each.falseMarks]);
  if (scores.length === 0) return 'Nothing was marked';
  return scores.every(score => score === null) ? 'Marks have no scores' : 'Not all marks have scores';
}

function curveOf(cases: readonly MarkedCase[], marks: readonly ScoredMark[], rates: readonly number[]): Froc {
  const once = cases.map(() => 1);
  const points = pointsOf(cases, marks, once);
  const withLesions = cases.filter(({ lesions }) => lesions > 0).length;
  if (points === null) {
    return { scored: true, points: [], at: [], mean: { ...meanOf([]), reason: NO_LESION } };
  }
  const values = rates.map(rate => sensitivityAt(points, rate));
  const resampled = withLesions < FEWEST_PATIENTS ? null : resample(cases, marks, rates);
  const estimate = (value: number, of: (sensitivities: readonly number[]) => number): Estimate =>
    resampled === null ? refused(value, withLesions) : withInterval(value, tailsOf(resampled.map(of)), withLesions);
  return {
    scored: true,
    points,
    at: rates.map((rate, index) => ({
      falsePositivesPerCase: rate,
      sensitivity: estimate(values[index] ?? 0, sensitivities => sensitivities[index] ?? 0)
    })),
    mean: estimate(average(values), average)
  };
}

/** @param weights how often each case was drawn; null if no lesion was */
function pointsOf(
  cases: readonly MarkedCase[],
  marks: readonly ScoredMark[],
  weights: ArrayLike<number>
): FrocPoint[] | null {
  let [drawn, lesions] = [0, 0];
  cases.forEach((each, at) => {
    drawn += weights[at] ?? 0;
    lesions += each.lesions * (weights[at] ?? 0);
  });
  if (lesions === 0) return null;
  const points: FrocPoint[] = [{ threshold: null, falsePositivesPerCase: 0, sensitivity: 0 }];
  let [falseMarks, found] = [0, 0];
  marks.forEach(({ score, at, isLesion }, index) => {
    if (isLesion) found += weights[at] ?? 0;
    else falseMarks += weights[at] ?? 0;
    // Marks with one score come and go together.
    if (marks[index + 1]?.score === score) return;
    points.push({ threshold: score, falsePositivesPerCase: falseMarks / drawn, sensitivity: found / lesions });
  });
  return points;
}

function sensitivityAt(points: readonly FrocPoint[], rate: number): number {
  const next = points.findIndex(({ falsePositivesPerCase }) => falsePositivesPerCase > rate);
  const before = points[next < 0 ? points.length - 1 : next - 1];
  const after = next < 0 ? undefined : points[next];
  if (before === undefined) return 0;
  if (after === undefined) return before.sensitivity;
  const step = after.falsePositivesPerCase - before.falsePositivesPerCase;
  const part = (rate - before.falsePositivesPerCase) / step;
  return before.sensitivity + part * (after.sensitivity - before.sensitivity);
}

/** Sensitivities at the rates in each resample; one without a lesion says nothing. */
function resample(
  cases: readonly MarkedCase[],
  marks: readonly ScoredMark[],
  rates: readonly number[]
): (readonly number[])[] {
  const random = seededRandom(SEED);
  const weights = new Float64Array(cases.length);
  const found: (readonly number[])[] = [];
  for (let round = 0; round < RESAMPLES; round++) {
    weights.fill(0);
    for (let draw = 0; draw < cases.length; draw++) {
      const chosen = Math.floor(random() * cases.length);
      weights[chosen] = (weights[chosen] ?? 0) + 1;
    }
    const points = pointsOf(cases, marks, weights);
    if (points !== null) found.push(rates.map(rate => sensitivityAt(points, rate)));
  }
  return found;
}

function tailsOf(values: readonly number[]): [number, number] {
  const ascending = Float64Array.from(values).sort();
  const [low = NaN, high = NaN] = TAILS.map(tail => ascending[Math.round(tail * (ascending.length - 1))]);
  return [low, high];
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
