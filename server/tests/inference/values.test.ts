import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { softmax, strongestChannel } from '../../src/inference/classes.js';
import { cleanUp } from '../../src/inference/cleanUp.js';
import { exponential } from '../../src/inference/exponential.js';
import { flipSlice } from '../../src/inference/flips.js';
import { normalise } from '../../src/inference/intensity.js';
import { orderStatistics } from '../../src/inference/orderStatistics.js';

const SEED = 20261126;
const check = <Values>(property: fc.IProperty<Values>): void => fc.assert(property, { seed: SEED });
const number = fc.float({ noNaN: true, noDefaultInfinity: true });
const numbers = fc.array(fc.oneof(number, fc.constantFrom(0, -0, 1, -1)), { minLength: 1, maxLength: 60 });

describe('order statistics', () => {
  test('are what sorting finds', () => {
    check(
      fc.property(numbers, list => {
        const values = Float32Array.from(list);
        const ranks = list.map((_, n) => n);
        // Sorting puts -0 before 0, but they are the same number.
        const plain = (found: Iterable<number>): number[] => [...found].map(value => value + 0);
        expect(plain(orderStatistics(values, ranks))).toEqual(plain(values.toSorted()));
      })
    );
  });
});

describe('intensities', () => {
  const normalised = (list: readonly number[], rule: Parameters<typeof normalise>[1]): number[] => {
    const values = Float32Array.from(list);
    normalise(values, rule);
    return [...values];
  };

  test('a window goes from 0 to 1 and is clipped', () => {
    expect(normalised([-200, -100, 150, 400, 900], { kind: 'window', low: -100, high: 400 })).toEqual([
      0, 0, 0.5, 1, 1
    ]);
  });

  test('the minimum becomes 0, the maximum 1', () => {
    expect(normalised([3, 1, 2, 5], { kind: 'min-max' })).toEqual([0.5, 0, 0.25, 1]);
  });

  test('percentiles lie between order statistics, as in NumPy', () => {
    // numpy.percentile([0, 10, 20, 30, 40], [10, 90]) is [4, 36].
    expect(normalised([40, 10, 0, 30, 20], { kind: 'percentiles', low: 10, high: 90 })).toEqual([
      1,
      Math.fround(6 / 32),
      0,
      Math.fround(26 / 32),
      0.5
    ]);
  });

  test('z-scores have mean 0 and standard deviation 1, over all or over what is not 0', () => {
    expect(normalised([1, 3], { kind: 'z-score', over: 'all' })).toEqual([-1, 1]);
    expect(normalised([0, 1, 3, 0], { kind: 'z-score', over: 'non-zero' })).toEqual([-2, -1, 1, -2]);
  });

  test('an image of one value becomes 0 by every rule but none', () => {
    for (const rule of [
      { kind: 'min-max' },
      { kind: 'percentiles', low: 2, high: 98 },
      { kind: 'z-score', over: 'all' }
    ] as const) {
      expect(normalised([7, 7, 7], rule)).toEqual([0, 0, 0]);
    }
    expect(normalised([7, 7], { kind: 'none' })).toEqual([7, 7]);
    expect(normalised([0, 0], { kind: 'z-score', over: 'non-zero' })).toEqual([0, 0]);
  });
});

describe('classes', () => {
  test('probabilities are those of the definition, whatever the size of the logits', () => {
    const logit = fc.double({ min: -500, max: 500, noNaN: true });
    check(
      fc.property(fc.array(fc.tuple(logit, logit, logit), { minLength: 1, maxLength: 8 }), voxels => {
        const plane = voxels.length;
        const scores = Float32Array.from([0, 1, 2].flatMap(channel => voxels.map(each => each[channel] ?? 0)));
        const logits = scores.slice();
        softmax(scores, 3);
        for (let n = 0; n < plane; n++) {
          const own = [0, 1, 2].map(channel => logits[channel * plane + n] ?? 0);
          const highest = Math.max(...own);
          const shares = own.map(value => Math.exp(value - highest));
          const sum = shares.reduce((a, b) => a + b);
          shares.forEach((share, channel) => {
            expect(Math.abs((scores[channel * plane + n] ?? NaN) - share / sum)).toBeLessThan(1e-7);
          });
        }
      })
    );
  });

  test('the fast exponential has the digits of single precision', () => {
    check(
      fc.property(fc.double({ min: -103, max: 0, noNaN: true }), x => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-9);
      })
    );
    expect([exponential(0), exponential(-1000)]).toEqual([1, 0]);
  });

  test('of equal scores the lowest channel wins', () => {
    const labels = new Uint8Array(4);
    strongestChannel(Float32Array.from([1, 0, 0, -5, 1, 2, 0, -5, 1, 2, 1, -4]), 3, labels);
    expect([...labels]).toEqual([0, 1, 2, 2]);
  });
});

describe('clean-up', () => {
  const cleaned = (list: readonly number[], rule: Parameters<typeof cleanUp>[3]): number[] => {
    const labels = Uint8Array.from(list);
    cleanUp(labels, [list.length, 1, 1], 0.5, rule);
    return [...labels];
  };

  test('drops components below the volume and keeps those that have it', () => {
    expect(cleaned([1, 0, 1, 1, 0, 2], { smallestMl: 1, largestOnly: [] })).toEqual([0, 0, 1, 1, 0, 0]);
  });

  test('keeps the largest component of a channel, of equal ones the first, and leaves other channels alone', () => {
    expect(cleaned([1, 0, 1, 1, 0, 2, 0, 2], { smallestMl: 0, largestOnly: [1] })).toEqual([0, 0, 1, 1, 0, 2, 0, 2]);
    expect(cleaned([2, 0, 2, 1], { smallestMl: 0, largestOnly: [2] })).toEqual([2, 0, 0, 1]);
  });

  test('voxels that share only a corner belong together', () => {
    const labels = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 1]);
    cleanUp(labels, [2, 2, 2], 1, { smallestMl: 2, largestOnly: [] });
    expect([...labels]).toEqual([1, 0, 0, 0, 0, 0, 0, 1]);
  });
});

describe('flips', () => {
  test('turn a slice round along each axis', () => {
    const flipped = (alongI: boolean, alongJ: boolean): number[] => {
      const slice = Uint8Array.from([1, 2, 3, 4, 5, 6]);
      flipSlice(slice, 2, 3, alongI, alongJ);
      return [...slice];
    };
    expect(flipped(false, false)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(flipped(true, false)).toEqual([2, 1, 4, 3, 6, 5]);
    expect(flipped(false, true)).toEqual([5, 6, 3, 4, 1, 2]);
    expect(flipped(true, true)).toEqual([6, 5, 4, 3, 2, 1]);
  });
});
