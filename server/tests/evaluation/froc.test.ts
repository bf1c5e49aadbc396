import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frocCurve, frocScore } from '../../src/agreement/index.js';
import { frocOf, FROC_RATES, type MarkedCase } from '../../src/evaluation/index.js';

const SEED = 20261123;

describe('free-response curves', () => {
  /** MONAI, tests/metrics/test_compute_froc.py: two images, four targets. */
  const monai: readonly MarkedCase[] = [
    { lesions: 2, found: [1, 0.8], falseMarks: [0.8] },
    { lesions: 2, found: [1, 0.8], falseMarks: [0.6] }
  ];

  it('have the figures of MONAI at its rates', () => {
    const { at, mean, scored } = frocOf(monai, [0.25, 0.5, 1, 2, 4, 8]);
    expect(scored).toBe(true);
    expect(mean.value).toBeCloseTo(0.95833333, 8);
    expect(at[0]?.sensitivity.value).toBeCloseTo(0.75, 12);
  });

  it('are told at an eighth to eight false positives per scan, as in LUNA16', () => {
    const { at } = frocOf(monai);
    expect(at.map(({ falsePositivesPerCase }) => falsePositivesPerCase)).toEqual([0.125, 0.25, 0.5, 1, 2, 4, 8]);
    // From (0, 0.5) to (0.5, 1): by hand.
    expect(at.map(({ sensitivity }) => sensitivity.value)).toEqual([0.625, 0.75, 1, 1, 1, 1, 1]);
  });

  it('count the weakest mark too', () => {
    const { points } = frocOf([{ lesions: 2, found: [0.9, 0.2], falseMarks: [] }]);
    expect(points.at(-1)).toEqual({ threshold: 0.2, falsePositivesPerCase: 0, sensitivity: 1 });
  });

  it('are one point without scores, and say so', () => {
    const froc = frocOf([
      { lesions: 3, found: [null, null], falseMarks: [null] },
      { lesions: 1, found: [null], falseMarks: [] }
    ]);
    expect(froc).toMatchObject({ scored: false, at: [] });
    expect(froc.points).toEqual([{ threshold: null, falsePositivesPerCase: 0.5, sensitivity: 0.75 }]);
    expect(froc.mean).toMatchObject({ value: null, interval: null });
    expect(froc.mean.reason).toContain('no scores');
  });

  it('tell when only some marks have scores', () => {
    const { points, mean } = frocOf([{ lesions: 2, found: [0.5, null], falseMarks: [0.25] }]);
    expect(points).toEqual([{ threshold: null, falsePositivesPerCase: 1, sensitivity: 1 }]);
    expect(mean.reason).toBe('Not all marks have scores: there is one operating point, and no curve.');
  });

  it('do not blame scores where nothing was marked, or nothing was there', () => {
    expect(frocOf([{ lesions: 2, found: [], falseMarks: [] }]).mean.reason).toContain('Nothing was marked');
    expect(frocOf([{ lesions: 0, found: [], falseMarks: [null] }]).mean.reason).toBe('The truth has no lesion.');
  });

  it('have an interval of each sensitivity from ten patients with lesions on', () => {
    const cases = Array.from({ length: 10 }, (_, n): MarkedCase => ({
      lesions: 2,
      found: n % 3 === 0 ? [0.9] : [0.9, 0.5],
      falseMarks: n % 2 === 0 ? [0.7] : []
    }));
    const nine = frocOf(cases.slice(0, 9));
    expect(nine.at.map(({ sensitivity }) => sensitivity.interval)).toEqual(FROC_RATES.map(() => null));
    expect(nine.mean.reason).toContain('10');
    const ten = frocOf(cases);
    const { value, interval } = ten.mean;
    if (interval === null || value === null) throw new Error('There is an interval.');
    expect(interval[0]).toBeLessThan(value);
    expect(interval[1]).toBeGreaterThan(value);
    expect(frocOf(cases).mean).toEqual(ten.mean);
  });

  it('agree with the curves of the agreement engine', () => {
    const score = fc.integer({ min: 1, max: 6 }).map(tenths => tenths / 10);
    const marked = fc
      .record({
        found: fc.array(score, { maxLength: 4 }),
        missed: fc.nat(2),
        falseMarks: fc.array(score, { maxLength: 4 })
      })
      .map(({ found, missed, falseMarks }) => ({ lesions: found.length + missed, found, falseMarks }));
    fc.assert(
      fc.property(fc.array(marked, { minLength: 1, maxLength: 6 }), cases => {
        const lesions = cases.reduce((sum, each) => sum + each.lesions, 0);
        const marks = cases.flatMap(({ found, falseMarks }) => [...found, ...falseMarks]);
        fc.pre(lesions > 0 && marks.length > 0);
        const curve = frocCurve(
          {
            falseMarks: cases.flatMap(({ falseMarks }) => falseMarks),
            // That engine leaves the lowest confidence out: here it is that of what was not marked.
            lesions: [...cases.flatMap(({ found }) => found), 0],
            images: cases.length
          },
          lesions
        );
        const froc = frocOf(cases);
        const expected = frocScore(curve, FROC_RATES);
        expect(froc.mean.value).toBeCloseTo(expected.score, 12);
        expect(
          froc.points.map(({ falsePositivesPerCase, sensitivity }) => [falsePositivesPerCase, sensitivity])
        ).toEqual(curve.map(({ falsePositivesPerImage, sensitivity }) => [falsePositivesPerImage, sensitivity]));
      }),
      { seed: SEED, numRuns: 200 }
    );
  });
});
