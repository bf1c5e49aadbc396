import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findFlippedReads, type FlippedReads } from '../../src/consensus/index.js';
import { balls } from './masks.js';

const DIMS = [40, 36, 30] as const;
const SEED = 20261123;
const FLIPS = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]] as const;

const ball = (x: number, y: number, z: number, r: number): Uint8Array => balls(DIMS, [[x, y, z, r]]);

function flipped(labels: Uint8Array, axes: readonly number[]): Uint8Array {
  return labels.map((_, voxel) => {
    const place = [voxel % DIMS[0], Math.floor(voxel / DIMS[0]) % DIMS[1], Math.floor(voxel / (DIMS[0] * DIMS[1]))];
    const [i = 0, j = 0, k = 0] = place.map((at, axis) => (axes.includes(axis) ? (DIMS[axis] ?? 0) - 1 - at : at));
    return labels[i + DIMS[0] * (j + DIMS[1] * k)] ?? 0;
  });
}

function find(...reads: readonly Uint8Array[]): FlippedReads[] {
  return findFlippedReads(
    reads.map((labels, n) => ({ id: 'ABCDE'.charAt(n), labels })),
    DIMS
  );
}

test.each(FLIPS.map(axes => ({ axes })))(
  'a read flipped along $axes is found, and named if there are three',
  ({ axes }) => {
    const [a, b, c] = [ball(9, 8, 7, 6), ball(10, 8, 7, 6), ball(9, 9, 7, 6)];
    expect(find(a, b, flipped(c, axes))).toMatchObject([{ reads: ['C'], axes, segment: 1, dice: 0 }]);
    expect(find(a, flipped(b, axes))).toMatchObject([{ reads: ['A', 'B'], axes }]);
  }
);

test('a read that overlaps by half because it lies near the middle is found too', () => {
  const block = balls(DIMS, []).map((_, voxel) => {
    const [i, j, k] = [voxel % 40, Math.floor(voxel / 40) % 36, Math.floor(voxel / 1440)];
    return i > 8 && i < 24 && j > 6 && j < 24 && k > 7 && k < 19 ? 1 : 0;
  });
  const [found, ...others] = find(block, block, flipped(block, [0]));
  expect(others).toEqual([]);
  expect(found).toMatchObject({ reads: ['C'], axes: [0], diceFlipped: 1 });
  expect(found?.dice).toBeGreaterThan(0.5);
});

test('many small lesions of a flipped read are found', () => {
  const lesions = balls(
    DIMS,
    Array.from({ length: 100 }, (_, n) => [2 + ((n * 7) % 36), 2 + ((n * 11) % 32), 2 + ((n * 17) % 26), 1.5])
  );
  expect(find(lesions, lesions, lesions)).toEqual([]);
  expect(find(lesions, lesions, flipped(lesions, [1, 2]))).toMatchObject([{ reads: ['C'], axes: [1, 2] }]);
});

test('what is symmetric, and readers who mean different places, are not suspected', () => {
  const symmetric = ball(19.5, 17.5, 14.5, 8);
  expect(find(symmetric, ball(20, 17.5, 14.5, 8), symmetric)).toEqual([]);
  expect(find(ball(9, 8, 7, 6), ball(10, 8, 7, 6), ball(28, 20, 20, 6))).toEqual([]);
});

test('readers who disagree about something near the middle are hardly ever suspected', () => {
  const reader = fc.tuple(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: 4, max: 6.5, noNaN: true })
  );
  const studies = fc.sample(fc.array(reader, { minLength: 3, maxLength: 5 }), { seed: SEED, numRuns: 100 });
  const suspected = studies.filter(
    readers => find(...readers.map(([x, y, z, r]) => ball(18 + x, 17 + y, 14 + z, r))).length > 0
  );
  expect(suspected.length).toBeLessThanOrEqual(2);
});
