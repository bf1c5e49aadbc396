import { describe, expect, test } from 'vitest';
import { votesForSegment, votesInRegion, type BinaryVotes } from '../../src/consensus/binaryVotes.js';
import { regionOf } from '../../src/consensus/regions.js';
import { doubtsOf, staple } from '../../src/consensus/staple.js';
import { boxesOfPatterns, boxOfSegments, readVotes } from '../../src/consensus/votePatterns.js';
import { binaryRecords, votesOf } from './fixtures.js';
import { cube, fiveReaders, oneOfThreeMissed, twoReaders } from './masks.js';

/** ITK adds voxel by voxel, which rounds otherwise. */
const PARITY = 1e-9;

function near(actual: number | undefined, expected: number | null | undefined): void {
  if (expected === null) expect(actual).toBeNaN();
  else expect(Math.abs((actual ?? NaN) - (expected ?? NaN))).toBeLessThanOrEqual(PARITY);
}

function votesOfMasks(masks: readonly Uint8Array[], n: number, rule: 'whole' | 'union' = 'whole'): BinaryVotes {
  const patterns = readVotes(masks, cube(n));
  const readers = masks.map((_, r) => r);
  const union = boxOfSegments(patterns, boxesOfPatterns(patterns), readers, label => label === 1);
  const region = regionOf({ rule }, union, cube(n), [1, 1, 1], 'clipped');
  return votesInRegion(votesForSegment(patterns, 1, readers).votes, region.voxels);
}

describe('STAPLE answers as ITK does, with as many iterations', () => {
  test.each(binaryRecords.map(record => [`${record.fixture}, confidence weight ${record.confidenceWeight}`, record]))(
    '%s',
    (_, record) => {
      if (typeof record === 'string') throw new TypeError(record);
      const votes = votesOf(record);
      const estimate = staple(votes, { confidenceWeight: record.confidenceWeight });
      expect(estimate.iterations).toBe(record.elapsedIterations);
      record.p.forEach((p, r) => near(estimate.sensitivity[r], p));
      record.q.forEach((q, r) => near(estimate.specificity[r], q));
      for (const [key, [, posterior]] of Object.entries(record.W)) {
        near(estimate.posterior[votes.keys.indexOf(key)], posterior);
      }
    }
  );

  test.each([
    ['five_32', fiveReaders(32), 32, 'whole'],
    ['five_bbox', fiveReaders(32), 32, 'union'],
    ['two_32', twoReaders(), 32, 'whole'],
    ['miss1of3_16', oneOfThreeMissed(16), 16, 'whole']
  ] as const)('%s, from its voxels', (fixture, masks, n, rule) => {
    const record = binaryRecords.find(each => each.fixture === fixture && each.confidenceWeight === 1);
    const estimate = staple(votesOfMasks(masks, n, rule));
    expect(estimate.iterations).toBe(record?.elapsedIterations);
    record?.p.forEach((p, r) => near(estimate.sensitivity[r], p));
    record?.q.forEach((q, r) => near(estimate.specificity[r], q));
  });

  test('five_128, whose background makes another answer than that of its box', () => {
    const votes = votesOfMasks(fiveReaders(128), 128);
    const { iterations, sensitivity, posterior } = staple(votes);
    expect(iterations).toBe(7);
    expect(sensitivity[0]).toBeCloseTo(0.5841773264, 9);
    const voxels = posterior.reduce((sum, w, row) => sum + (w > 0.5 ? (votes.counts[row] ?? 0) : 0), 0);
    expect(voxels).toBe(1575);
  });

  test("the second image of crowd-kit's tests, a degenerate optimum that is said to be one", () => {
    // Bits of the readers who marked the voxels, row by row of the 3 x 8 image.
    const image = [2, 2, 2, 2, 2, 2, 2, 2, 6, 6, 6, 6, 6, 2, 2, 3, 7, 7, 7, 7, 7, 7, 5, 1];
    const marks = [...new Set([0, ...image])];
    const votes: BinaryVotes = {
      readers: 3,
      marks: Uint32Array.from(marks),
      counts: Float64Array.from(marks, row => image.filter(each => each === row).length)
    };
    const estimate = staple(votes);
    expect(estimate.iterations).toBe(52);
    const expected = [0.672329879, 0.8505933602, 0.7777778451, 1, 0, 0.8503404779];
    [...estimate.sensitivity, ...estimate.specificity].forEach((rate, n) =>
      expect(rate).toBeCloseTo(expected[n] ?? NaN, 8)
    );
    expect(doubtsOf(votes, estimate)).toContainEqual({ kind: 'degenerate', reader: 1 });
  });
});

describe('doubts about an estimate are said', () => {
  const doubts = (votes: BinaryVotes, confidenceWeight = 1): string[] =>
    doubtsOf(votes, staple(votes, { confidenceWeight })).map(doubt => doubt.kind);
  const votes = (readers: number, rows: readonly (readonly [number, number])[]): BinaryVotes => ({
    readers,
    marks: Uint32Array.from(rows, ([marks]) => marks),
    counts: Float64Array.from(rows, ([, count]) => count)
  });

  test('nothing marked', () => expect(doubts(votes(3, [[0, 64]]))).toEqual(['empty']));
  test('everything marked by everybody', () =>
    expect(
      doubts(
        votes(3, [
          [0, 0],
          [7, 64]
        ])
      )
    ).toEqual(['full']));
  test('identical masks are beyond doubt', () =>
    expect(
      doubts(
        votes(3, [
          [0, 56],
          [7, 8]
        ])
      )
    ).toEqual([]));
  test('a prior of one or more', () =>
    expect(doubts(votesOfMasks(fiveReaders(32), 32, 'union'), 10)).toContain('prior'));
  test('a reader who marks what nobody else marks', () =>
    expect(
      doubts(
        votes(3, [
          [0, 10],
          [3, 40],
          [4, 50]
        ])
      )
    ).toContain('degenerate'));
  test('an over-segmenting reader, all of whose votes count', () =>
    expect(doubts(votesOfMasks(fiveReaders(32), 32))).toContain('boundary'));
});

describe('STAPLE with priors', () => {
  test('stays within bounds where there is nothing to learn from', () => {
    const estimate = staple(votesOfMasks(oneOfThreeMissed(16), 16), {
      priors: { sensitivity: { alpha: 5, beta: 1.5 }, specificity: { alpha: 5, beta: 1.5 } }
    });
    for (const rate of [...estimate.sensitivity, ...estimate.specificity]) {
      expect(rate).toBeGreaterThan(0);
      expect(rate).toBeLessThan(1);
    }
  });

  test('uniform priors are no priors', () => {
    const uniform = { alpha: 1, beta: 1 };
    const votes = votesOfMasks(fiveReaders(32), 32);
    const with_ = staple(votes, { priors: { sensitivity: uniform, specificity: uniform } });
    expect(with_).toEqual(staple(votes));
  });
});
