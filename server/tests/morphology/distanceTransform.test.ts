import type { Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedDistanceTransform, squaredDistanceTransform } from '../../src/morphology/distanceTransform.js';

type Triple = readonly [number, number, number];

function nearestByTrying(features: Uint8Array, dims: Dims, spacing: Triple): Float64Array {
  const [ni, nj] = dims;
  const place = (index: number): Triple => [index % ni, Math.floor(index / ni) % nj, Math.floor(index / (ni * nj))];
  const places = [...features.keys()].filter(index => features[index] !== 0).map(place);
  return Float64Array.from(features, (_, index) => {
    const [i, j, k] = place(index);
    let best = Infinity;
    for (const [fi, fj, fk] of places) {
      const [di, dj, dk] = [(i - fi) * spacing[0], (j - fj) * spacing[1], (k - fk) * spacing[2]];
      best = Math.min(best, di * di + dj * dj + dk * dk);
    }
    return best;
  });
}

const size = fc.double({ min: 0.3, max: 5, noNaN: true });
const grids = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([ni, nj, nk]) =>
    fc.record({
      dims: fc.constant<Dims>([ni, nj, nk]),
      spacing: fc.tuple(size, size, size),
      features: fc
        .array(fc.integer({ min: 0, max: 11 }), { minLength: ni * nj * nk, maxLength: ni * nj * nk })
        .map(values => Uint8Array.from(values, value => (value > 9 ? value : 0)))
    })
  );

describe('the distance transform', () => {
  it('is the smallest distance to any feature, for every spacing', () => {
    fc.assert(
      fc.property(grids, ({ dims, spacing, features }) => {
        const expected = nearestByTrying(features, dims, spacing);
        squaredDistanceTransform(features, dims, spacing).forEach((measured, index) => {
          const wanted = expected[index] ?? NaN;
          expect(measured === wanted || Math.abs(measured - wanted) <= 1e-13 * wanted).toBe(true);
        });
      }),
      { seed: 20261123, numRuns: 400 }
    );
  });

  it('is exact in whole numbers', () => {
    fc.assert(
      fc.property(grids, ({ dims, features }) => {
        expect(squaredDistanceTransform(features, dims, [1, 2, 3])).toEqual(nearestByTrying(features, dims, [1, 2, 3]));
      }),
      { seed: 20261124, numRuns: 200 }
    );
  });

  it('is infinite without features', () => {
    expect([...squaredDistanceTransform(new Uint8Array(6), [3, 2, 1], [1, 1, 1])]).toEqual(Array(6).fill(Infinity));
  });

  it('has the length of a multiple of the spacing along an axis', () => {
    const features = Uint8Array.from([1, ...Array<number>(9).fill(0)]);
    for (const dims of [
      [10, 1, 1],
      [1, 10, 1],
      [1, 1, 10]
    ] as const) {
      const roots = squaredDistanceTransform(features, dims, [0.7, 0.7, 0.7]).map(Math.sqrt);
      expect([...roots]).toEqual([...features.keys()].map(steps => steps * 0.7));
    }
  });

  it('refuses features that do not fit the grid', () => {
    expect(() => squaredDistanceTransform(new Uint8Array(5), [3, 2, 1], [1, 1, 1])).toThrow(RangeError);
  });
});

describe('the signed distance', () => {
  it('is the distance to the mask outside and minus the distance to what is not the mask inside', () => {
    const mask = Uint8Array.from([0, 0, 1, 1, 1, 0]);
    expect([...signedDistanceTransform(mask, [6, 1, 1], [2, 1, 1])]).toEqual([4, 2, -2, -4, -2, 2]);
  });

  it('is infinite for an empty and for a full mask', () => {
    expect([...signedDistanceTransform(Uint8Array.of(0, 0), [2, 1, 1], [1, 1, 1])]).toEqual([Infinity, Infinity]);
    expect([...signedDistanceTransform(Uint8Array.of(1, 1), [2, 1, 1], [1, 1, 1])]).toEqual([-Infinity, -Infinity]);
  });
});
