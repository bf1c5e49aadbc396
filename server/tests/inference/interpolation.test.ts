import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOntoGrid } from '../../src/inference/networkImage.js';
import type { Triple } from '../../src/inference/orientation.js';
import { areIdentity, linearTaps, resampleAlong, resampledSize, splineTaps } from '../../src/inference/resampling.js';
import { ScoresBack } from '../../src/inference/scoresBack.js';
import { splineCoefficients } from '../../src/inference/splineCoefficients.js';
import { hasPython, python } from '../imaging/python.js';
import { draw } from './support/draw.js';

const SEED = 20261124;
const check = <Values>(property: fc.IProperty<Values>): void => fc.assert(property, { seed: SEED });

const size = fc.integer({ min: 1, max: 12 });
const scale = fc.double({ min: 0.2, max: 4, noNaN: true });
const number = fc.float({ min: -1000, max: 1000, noNaN: true });
const near = (a: number, b: number, tolerance = 1e-3): boolean => Math.abs(a - b) <= tolerance;

/** Along one axis, straight from the definition. */
function interpolated(line: readonly number[], step: number, wanted: number): number[] {
  return Array.from({ length: wanted }, (_, m) => {
    const at = Math.min(m * step, line.length - 1);
    const below = Math.floor(at);
    const [low = 0, high = low] = line.slice(below, below + 2);
    return low * (1 - (at - below)) + high * (at - below);
  });
}

/** All axes of an array with i fastest, the first first. */
function interpolatedVolume(
  values: Float32Array,
  [ni, nj, nk]: Triple<number>,
  scales: Triple<number>,
  wanted: Triple<number>
): number[] {
  const at = (i: number, j: number, k: number): number => values[i + ni * (j + nj * k)] ?? 0;
  const range = (count: number): number[] => [...Array(count).keys()];
  const alongI = range(nk).map(k =>
    range(nj).map(j =>
      interpolated(
        range(ni).map(i => at(i, j, k)),
        scales[0],
        wanted[0]
      )
    )
  );
  const alongJ = alongI.map(rows =>
    range(wanted[0]).map(i =>
      interpolated(
        rows.map(row => row[i] ?? 0),
        scales[1],
        wanted[1]
      )
    )
  );
  const result: number[] = [];
  const columns = range(wanted[1]).map(j =>
    range(wanted[0]).map(i =>
      interpolated(
        alongJ.map(plane => plane[i]?.[j] ?? 0),
        scales[2],
        wanted[2]
      )
    )
  );
  for (const k of range(wanted[2])) for (const row of columns) for (const column of row) result.push(column[k] ?? 0);
  return result;
}

describe('linear interpolation', () => {
  test('a volume read slice by slice is the one that is interpolated whole', () => {
    check(
      fc.property(
        fc.tuple(size, size, size),
        fc.tuple(scale, scale, scale),
        fc.infiniteStream(number),
        (dims, scales, stream) => {
          const values = Float32Array.from({ length: dims[0] * dims[1] * dims[2] }, () => draw(stream));
          const wanted = dims.map((length, n) => resampledSize(length, 1, scales[n] ?? 1));
          const onto: Triple<number> = [wanted[0] ?? 1, wanted[1] ?? 1, wanted[2] ?? 1];
          const plane = dims[0] * dims[1];
          const asked: number[] = [];
          const read = (k: number, target: Float32Array): void => {
            asked.push(k);
            target.set(values.subarray(k * plane, (k + 1) * plane));
          };
          const image = readOntoGrid(read, dims, onto, scales, 'linear');
          const expected = interpolatedVolume(values, dims, scales, onto);
          expect(expected.every((value, n) => near(value, image.values[n] ?? NaN))).toBe(true);
          // Each slice once, in order: that is what lets a volume stay on the disk.
          expect(asked).toEqual([...new Set(asked)].sort((a, b) => a - b));
        }
      )
    );
  });

  test('scores that come slice by slice are brought back as if they had come whole', () => {
    check(
      fc.property(
        fc.tuple(size, size, size),
        fc.tuple(size, size, size),
        fc.tuple(scale, scale, scale),
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(number),
        (from, to, scales, channels, stream) => {
          const [plane, count] = [from[0] * from[1], from[0] * from[1] * from[2]];
          const scores = Array.from({ length: channels }, () =>
            Float32Array.from({ length: count }, () => draw(stream))
          );
          const found: number[][] = scores.map(() => []);
          const slices: number[] = [];
          const back = new ScoresBack(from, to, scales, channels, (k, slice) => {
            slices.push(k);
            found.forEach((values, channel) => {
              values.push(...slice.subarray(channel * to[0] * to[1], (channel + 1) * to[0] * to[1]));
            });
          });
          for (let k = 0; k < from[2]; k++) {
            back.add(k, Float32Array.from(scores.flatMap(values => [...values.subarray(k * plane, (k + 1) * plane)])));
          }
          expect(slices).toEqual([...Array(to[2]).keys()]);
          scores.forEach((values, channel) => {
            const expected = interpolatedVolume(values, from, scales, to);
            expect(expected.every((value, n) => near(value, found[channel]?.[n] ?? NaN))).toBe(true);
          });
        }
      )
    );
  });

  test('the same grid leaves every number as it is', () => {
    expect(areIdentity(linearTaps(9, 1, 9), 9)).toBe(true);
    expect(areIdentity(linearTaps(9, 1.1, 9), 9)).toBe(false);
    expect(areIdentity(splineTaps(9, 1, 9), 9)).toBe(false);
  });
});

describe('B-splines', () => {
  const throughSpline = (values: Float32Array, step: number, wanted: number): Float32Array => {
    const coefficients = values.slice();
    splineCoefficients(coefficients, 1, values.length, 1);
    const result = new Float32Array(wanted);
    resampleAlong(coefficients, result, 1, values.length, 1, splineTaps(values.length, step, wanted));
    return result;
  };

  test('go through the voxels', () => {
    check(
      fc.property(fc.array(number, { minLength: 1, maxLength: 100 }), line => {
        const found = throughSpline(Float32Array.from(line), 1, line.length);
        expect(line.every((value, n) => near(value, found[n] ?? NaN))).toBe(true);
      })
    );
  });

  test('of rows that lie side by side are those of each row', () => {
    check(
      fc.property(size, size, size, fc.infiniteStream(number), (outer, length, inner, stream) => {
        const values = Float32Array.from({ length: outer * length * inner }, () => draw(stream));
        const together = values.slice();
        splineCoefficients(together, outer, length, inner);
        for (let block = 0; block < outer; block++) {
          for (let n = 0; n < inner; n++) {
            const place = (m: number): number => (block * length + m) * inner + n;
            const alone = Float32Array.from({ length }, (_, m) => values[place(m)] ?? 0);
            splineCoefficients(alone, 1, length, 1);
            expect([...alone].every((value, m) => value === together[place(m)])).toBe(true);
          }
        }
      })
    );
  });

  test.skipIf(!hasPython)('are those of SciPy with mirrored ends, for axes of every length', () => {
    const lines = Array.from({ length: 90 }, (_, n) =>
      Array.from({ length: n + 1 }, (__, m) => Math.round(1000 * Math.sin(m * (n + 1)) + 300 * Math.cos(7 * m)))
    );
    const step = 0.37;
    const expected = python('../../inference/python/scipy_splines.py', [], { lines, step }) as number[][];
    lines.forEach((line, n) => {
      const wanted = expected[n]?.length ?? 0;
      const found = throughSpline(Float32Array.from(line), step, wanted);
      const apart = [...found].map((value, m) => Math.abs(value - (expected[n]?.[m] ?? NaN)));
      expect(Math.max(...apart)).toBeLessThan(1e-3);
    });
  });
});
