import type { Dims } from '@voxcord/schemas/labelmap';
import { describe, expect, it } from 'vitest';
import type { PairAgreement } from '../../src/agreement/index.js';
import fixtures from './fixtures/surfaceDistances.json' with { type: 'json' };
import { agreementOf, figures, pairOf } from './support/pair.js';
import { ball, box, paint, type Triple } from './support/shapes.js';

const DIGITS = 9;

function triple(numbers: readonly number[]): Triple {
  const [a = NaN, b = NaN, c = NaN] = numbers;
  return [a, b, c];
}

describe('surface distances are those of the reference packages', () => {
  for (const { name, dims, spacing, a, b, expected } of fixtures.cases) {
    it(name, () => {
      const grid: Dims = triple(dims);
      const size = triple(spacing);
      const pair = pairOf(
        ball(grid, triple(a.centre), a.radius, size),
        ball(grid, triple(b.centre), b.radius, size),
        grid,
        size
      );
      expect(pair.dice).toBeCloseTo(expected.dice, DIGITS);
      const elements = figures(pair, 'deepmind');
      expect(elements.hd).toBeCloseTo(expected.deepmind.hd, DIGITS);
      expect(elements.hdPercentile).toBeCloseTo(expected.deepmind.hd95, DIGITS);
      expect(elements.nsd).toBeCloseTo(expected.deepmind.nsd, DIGITS);
      expect(elements.asd?.[0]).toBeCloseTo(expected.deepmind.asd[0] ?? NaN, DIGITS);
      expect(elements.asd?.[1]).toBeCloseTo(expected.deepmind.asd[1] ?? NaN, DIGITS);
      const voxels = figures(pair, 'metricsreloaded');
      expect(voxels.hd).toBeCloseTo(expected.metricsreloaded.hd, DIGITS);
      expect(voxels.hdPercentile).toBeCloseTo(expected.metricsreloaded.hd95, DIGITS);
      expect(voxels.assd).toBeCloseTo(expected.metricsreloaded.assd, DIGITS);
      expect(voxels.masd).toBeCloseTo(expected.metricsreloaded.masd, DIGITS);
      expect(voxels.nsd).toBeCloseTo(expected.metricsreloaded.nsd, DIGITS);
      expect(figures(pair, 'medpy').hdPercentile).toBeCloseTo(expected.medpy.hd95, DIGITS);
      expect(figures(pair, 'mean-of-directed').hdPercentile).toBeCloseTo(expected['mean-of-directed'].hd95, DIGITS);
    });
  }

  it('directed distances are those of MONAI', () => {
    const dims: Dims = [99, 99, 99];
    const voxels = figures(pairOf(ball(dims, [20, 33, 22], 20), ball(dims, [20, 33, 22], 40), dims), 'metricsreloaded');
    expect(voxels.hdDirected?.[0]).toBeCloseTo(20.09975124, 8);
    expect(voxels.hdPercentileDirected?.[0]).toBeCloseTo(19.92485885, 7);
    expect(voxels.hdPercentileDirected?.[1]).toBeCloseTo(20.09975124, 8);
  });
});

describe("surface elements are those of DeepMind's own tests", () => {
  it('two pixels two pixels apart', () => {
    const dims: Dims = [128, 128, 1];
    const elements = figures(
      pairOf(
        paint(dims, (i, j) => i === 50 && j === 70),
        paint(dims, (i, j) => i === 50 && j === 72),
        dims,
        [2, 1, 5]
      ),
      'deepmind'
    );
    expect(elements.asd?.map(value => value.toFixed(12))).toEqual(['1.500000000000', '1.500000000000']);
    expect(elements).toMatchObject({ hd: 2, hdPercentile: 2, nsd: 0.5, overlap: [0.5, 0.5] });
  });

  it('two voxels two voxels apart', () => {
    const dims: Dims = [100, 100, 100];
    const pair = pairOf(
      paint(dims, (i, j, k) => i === 50 && j === 60 && k === 70),
      paint(dims, (i, j, k) => i === 50 && j === 60 && k === 72),
      dims,
      [3, 2, 1]
    );
    const elements = figures(pair, 'deepmind');
    expect(elements.asd).toEqual([1.5, 1.5]);
    expect(elements).toMatchObject({ hd: 2, hdPercentile: 2, nsd: 0.5, overlap: [0.5, 0.5] });
    expect(pair.dice).toBe(0);
  });

  it('two cubes that reach the border', () => {
    const dims: Dims = [100, 100, 100];
    const pair = pairOf(box(dims, [0, 0, 0], [50, 100, 100]), box(dims, [0, 0, 0], [51, 100, 100]), dims, [2, 1, 1]);
    const elements = figures(pair, 'deepmind');
    expect(elements.asd?.[0]).toBeCloseTo(0.3224470727, DIGITS);
    expect(elements.asd?.[1]).toBeCloseTo(0.3393962931, DIGITS);
    expect(elements.hd).toBe(2);
    expect(elements.hdPercentile).toBe(2);
    expect(elements.overlap?.[0]).toBeCloseTo(0.8420663974, DIGITS);
    expect(elements.overlap?.[1]).toBeCloseTo(0.8303018535, DIGITS);
    expect(elements.nsd).toBeCloseTo(0.8361450085, DIGITS);
    expect(pair.dice).toBeCloseTo(0.990099009901, DIGITS);
  });
});

describe('in a plane, contours are measured', () => {
  const square = (i: number, j: number): boolean => i >= 3 && i < 8 && j >= 3 && j < 8;
  const cross = (i: number, j: number): boolean =>
    square(i, j) || (j === 5 && i >= 1 && i < 10) || (i === 5 && j >= 1 && j < 10);

  it('a square and the same with a cross (MetricsReloaded, figure 10)', () => {
    const dims: Dims = [11, 11, 1];
    const pair = pairOf(paint(dims, square), paint(dims, cross), dims);
    expect(pair.dice).toBeCloseTo(0.8620689655, DIGITS);
    expect(pair.iou).toBeCloseTo(0.7575757576, DIGITS);
    const voxels = figures(pair, 'metricsreloaded');
    expect(voxels.hd).toBe(2);
    expect(voxels.hdPercentile).toBe(2);
    expect(voxels.assd).toBeCloseTo(0.4444444444, DIGITS);
    expect(voxels.masd).toBeCloseTo(0.425, DIGITS);
    expect(voxels.nsd).toBeCloseTo(0.8888888889, DIGITS);
    const elements = figures(pair, 'deepmind');
    expect(elements.nsd).toBeCloseTo(0.8844845978, DIGITS);
    expect(elements.asd?.[0]).toBe(0);
    expect(elements.asd?.[1]).toBeCloseTo(0.640754, 6);
    const wider = pairOf(paint(dims, square), paint(dims, cross), dims, [1, 1, 1], { tau: 2 });
    expect(figures(wider, 'metricsreloaded').nsd).toBe(1);
  });

  it('one pixel far off (MetricsReloaded, figure 5c): percentiles are interpolated, or not', () => {
    const dims: Dims = [14, 14, 1];
    const three = (i: number, j: number): boolean => i >= 9 && i < 12 && j >= 9 && j < 12;
    const pair = pairOf(
      paint(dims, (i, j) => three(i, j) || (i === 1 && j === 1)),
      paint(dims, three),
      dims
    );
    expect(figures(pair, 'metricsreloaded').hd).toBeCloseTo(11.313708, 6);
    expect(figures(pair, 'metricsreloaded').hdPercentile).toBeCloseTo(6.788225, 6);
    expect(figures(pair, 'deepmind').hdPercentile).toBeCloseTo(11.313708, 6);
  });

  it('a square against an inner and an outer one (MetricsReloaded, SN 2.10)', () => {
    const dims: Dims = [14, 14, 1];
    const around = (half: number) => paint(dims, (i, j) => Math.abs(i - 6.5) < half && Math.abs(j - 6.5) < half);
    const inner = figures(pairOf(around(1), around(2), dims), 'metricsreloaded');
    const outer = figures(pairOf(around(3), around(2), dims), 'metricsreloaded');
    expect([inner.hd, outer.hd].map(value => value?.toFixed(6))).toEqual(['1.414214', '1.414214']);
    expect([inner.masd, outer.masd].map(value => value?.toFixed(6))).toEqual(['1.069036', '1.041421']);
    expect([inner.assd, outer.assd].map(value => value?.toFixed(6))).toEqual(['1.103553', '1.051777']);
    expect([inner.nsd, outer.nsd]).toEqual([0.75, 0.875]);
  });

  it('whichever axis has one slice', () => {
    const inPlane = (u: number, v: number): boolean => cross(u, v);
    const expected = pairOf(paint([11, 11, 1], square), paint([11, 11, 1], inPlane), [11, 11, 1], [0.5, 2, 9]).surfaces;
    const alongJ = pairOf(
      paint([11, 1, 11], (i, _, k) => square(i, k)),
      paint([11, 1, 11], (i, _, k) => inPlane(i, k)),
      [11, 1, 11],
      [0.5, 9, 2]
    ).surfaces;
    const alongI = pairOf(
      paint([1, 11, 11], (_, j, k) => square(j, k)),
      paint([1, 11, 11], (_, j, k) => inPlane(j, k)),
      [1, 11, 11],
      [9, 0.5, 2]
    ).surfaces;
    expect(alongJ).toEqual(expected);
    expect(alongI).toEqual(expected);
  });
});

describe("closed forms of MONAI's tests of surface Dice, without tolerance", () => {
  it('half planes ten pixels apart', () => {
    const dims: Dims = [480, 640, 1];
    const pair = pairOf(
      paint(dims, (_, j) => j >= 50),
      paint(dims, (_, j) => j >= 60),
      dims,
      [1, 1, 1],
      { tau: 0, definitions: ['metricsreloaded'] }
    );
    const expected = 1 - (478 + 480 + 9 * 2) / (480 * 4 + 588 * 2 + 578 * 2);
    expect(figures(pair, 'metricsreloaded').nsd).toBeCloseTo(expected, 12);
  });

  it('half spaces ten voxels apart', () => {
    const dims: Dims = [200, 110, 80];
    const pair = pairOf(
      paint(dims, (_i, _j, k) => k >= 20),
      paint(dims, (_i, _j, k) => k >= 30),
      dims,
      [1, 1, 1],
      { tau: 0, definitions: ['metricsreloaded'] }
    );
    const expected =
      1 -
      (200 * 110 + 198 * 108 + 9 * 200 * 2 + 9 * 108 * 2) / (200 * 110 * 4 + (58 + 48) * 200 * 2 + (58 + 48) * 108 * 2);
    expect(figures(pair, 'metricsreloaded').nsd).toBeCloseTo(expected, 12);
  });
});

/** To nine digits after the point: the box that is looked at shifts coordinates, and with them the last digits. */
function rounded(pairs: readonly PairAgreement[]): string[] {
  return pairs.map(({ surfaces }) =>
    JSON.stringify(surfaces, (_, value: unknown) => (typeof value === 'number' ? value.toFixed(9) : value))
  );
}

describe('several reads', () => {
  it('have the figures that each pair has alone', () => {
    const dims: Dims = [40, 40, 40];
    const masks = [ball(dims, [20, 20, 20], 9), ball(dims, [21, 20, 20], 8), ball(dims, [18, 22, 20], 10)];
    const together = agreementOf(masks, dims).pairs;
    const alone = [
      [0, 1],
      [0, 2],
      [1, 2]
    ].map(([a = 0, b = 0]) => pairOf(masks[a] ?? new Uint8Array(), masks[b] ?? new Uint8Array(), dims));
    expect(together.map(({ a, b }) => `${a}, ${b}`)).toEqual([
      'reader 1, reader 2',
      'reader 1, reader 3',
      'reader 2, reader 3'
    ]);
    expect(rounded(together)).toEqual(rounded(alone));
  });
});
