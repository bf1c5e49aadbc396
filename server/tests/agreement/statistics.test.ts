import { describe, expect, it } from 'vitest';
import { medianInterval, meanInterval } from '../../src/agreement/index.js';
import { fCdf, fQuantile, tQuantile } from '../../src/agreement/statistics/beta.js';
import { normalCdf, normalQuantile } from '../../src/agreement/statistics/normal.js';
import { seededRandom } from '../../src/agreement/statistics/random.js';

describe('distributions, against SciPy 1.17', () => {
  it('normal', () => {
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021048517795, 14);
    expect(normalCdf(-8) / 6.220960574271786e-16).toBeCloseTo(1, 10);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 10);
  });

  it('F and t', () => {
    expect(fCdf(11.03, 5, 15)).toBeCloseTo(0.9998656221479509, 12);
    expect(fQuantile(0.975, 5, 18)).toBeCloseTo(3.381967805875243, 10);
    expect(tQuantile(0.975, 16)).toBeCloseTo(2.119905299221011, 10);
    expect(tQuantile(0.025, 1)).toBeCloseTo(-12.706204736432095, 8);
  });

  it('quantiles are where the probability is reached', () => {
    for (const [above, below] of [
      [1, 1],
      [2.5, 40],
      [300, 7]
    ] as const) {
      for (const probability of [0.001, 0.3, 0.5, 0.95, 0.9999]) {
        expect(fCdf(fQuantile(probability, above, below), above, below)).toBeCloseTo(probability, 11);
      }
    }
  });
});

describe('intervals over patients', () => {
  const random = seededRandom(7);
  const patients = Array.from({ length: 40 }, () => [0.7 + 0.2 * random(), 0.6 + 0.3 * random()]);

  it('are refused below ten patients, however many lesions they have', () => {
    const few = patients.slice(0, 9).map(values => [...values, ...values, ...values]);
    expect(meanInterval(few, { seed: 1 })).toMatchObject({ refused: 'fewer-than-ten-patients', patients: 9 });
    expect(medianInterval([1, 2, 3])).toEqual({ estimate: 2, patients: 3, refused: 'fewer-than-ten-patients' });
    expect(meanInterval([], { seed: 1 })).toEqual({
      estimate: null,
      patients: 0,
      refused: 'fewer-than-ten-patients'
    });
  });

  it('are the same for the same seed and hold the estimate', () => {
    for (const method of ['bca', 'percentile'] as const) {
      const interval = meanInterval(patients, { seed: 11, method });
      expect(meanInterval(patients, { seed: 11, method })).toEqual(interval);
      if (interval.refused !== null) throw new Error(interval.refused);
      expect(interval.low).toBeLessThan(interval.estimate);
      expect(interval.high).toBeGreaterThan(interval.estimate);
      expect(interval).toMatchObject({ method, level: 0.95, patients: 40 });
    }
  });

  it('draw patients, not lesions: repeating the lesions of each does not narrow them', () => {
    const repeated = patients.map(values => Array.from({ length: 20 }, () => values).flat());
    const [once, often] = [patients, repeated].map(each => meanInterval(each, { seed: 3, method: 'percentile' }));
    if (once?.refused !== null || often?.refused !== null) throw new Error('refused');
    expect(often.high - often.low).toBeCloseTo(once.high - once.low, 9);
  });

  it('weigh patients or lesions, as told', () => {
    const uneven = Array.from({ length: 10 }, (_, at) => (at === 0 ? [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] : [0]));
    expect(meanInterval(uneven, { seed: 1 }).estimate).toBeCloseTo(0.1, 12);
    expect(meanInterval(uneven, { seed: 1, weight: 'value' }).estimate).toBeCloseTo(0.55, 12);
  });

  it('have no width where there is no variance', () => {
    const equal = Array.from({ length: 12 }, () => [0.5]);
    expect(meanInterval(equal, { seed: 5 })).toMatchObject({ estimate: 0.5, low: 0.5, high: 0.5 });
  });

  it('cover the mean about as often as they promise', () => {
    const draw = seededRandom(99);
    let covered = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 25 }, () => [draw() ** 2]);
      const interval = meanInterval(sample, { seed: trial, resamples: 600 });
      if (interval.refused === null && interval.low <= 1 / 3 && 1 / 3 <= interval.high) covered += 1;
    }
    expect(covered / trials).toBeGreaterThan(0.89);
    expect(covered / trials).toBeLessThan(0.98);
  });

  it('of a median lie between order statistics, with the coverage of the binomial distribution', () => {
    const values = Array.from({ length: 20 }, (_, at) => at + 1);
    // Of 20 values, the 6th and the 15th: coverage 1 − 2·P(Bin(20, ½) <= 5) = 0.9586105.
    expect(medianInterval(values)).toMatchObject({ estimate: 10.5, low: 6, high: 15, method: 'order-statistics' });
    const interval = medianInterval(values);
    expect(interval.refused === null && interval.coverage).toBeCloseTo(0.958610534668, 10);
    const many = medianInterval(Array.from({ length: 5001 }, (_, at) => at));
    expect(many.refused === null && many.coverage).toBeGreaterThanOrEqual(0.95);
  });
});
