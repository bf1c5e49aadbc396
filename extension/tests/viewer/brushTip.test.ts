import type { Dims, PaintedRegion } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BrushTip, ElasticTip, FixedTip } from '../../src/viewer/brushTip.js';
import type { Vector } from '../../src/viewer/contracts.js';
import { acceptedBy, PAINT_EVERYTHING } from '../../src/viewer/paintRule.js';

const SEED = 20260106;
const DIMS: Dims = [70, 40, 12];
const GRID = { dims: DIMS, spacing: [1, 1, 2.5] as const };

/** Grid indices of a region. */
function indices(region: PaintedRegion | null): number[] {
  if (region === null) return [];
  const { min, max } = region.box;
  const [ni, nj] = [max[0] - min[0] + 1, max[1] - min[1] + 1];
  return [...region.mask].flatMap((painted, at) => {
    const [i, j, k] = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / ni / nj)];
    return painted === 0 ? [] : [min[0] + i + DIMS[0] * (min[1] + j + DIMS[1] * (min[2] + k))];
  });
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const place = fc.tuple(
  fc.integer({ min: -5, max: 74 }),
  fc.integer({ min: -5, max: 44 }),
  fc.integer({ min: 0, max: 11 })
);

describe('a brush whose size changes', () => {
  for (const shape of ['disc', 'sphere'] as const) {
    it(`covers what a brush of one ${shape} covers as long as its size stays`, () => {
      fc.assert(
        fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), path => {
          const brush = { shape, radius: 4, axis: 2 } as const;
          const onSlice = path.map(([i, j, k]): Vector => [i, j, shape === 'disc' ? 6 : k]);
          const paint = (tip: BrushTip): number[] => {
            for (const voxel of onSlice) tip.moveTo(voxel, 4);
            return indices(tip.end());
          };
          expect(sorted(paint(new ElasticTip(GRID, brush, undefined)))).toEqual(
            sorted(paint(new FixedTip(GRID, brush, undefined)))
          );
        }),
        { seed: SEED }
      );
    });
  }

  it('hands out every voxel once, and all of them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 8 }), path => {
        const tip = new ElasticTip(GRID, { shape: 'sphere', radius: 9, axis: 2 }, undefined);
        const handed = path.flatMap(([voxel, radius]) => tip.moveTo(voxel, radius).flatMap(indices));
        expect(new Set(handed).size).toBe(handed.length);
        expect(sorted(indices(tip.end()))).toEqual(sorted(handed));
      }),
      { seed: SEED }
    );
  });

  it('keeps a place where it was pressed hard, and is thinner where it was not', () => {
    const tip = new ElasticTip(GRID, { shape: 'disc', radius: 8, axis: 2 }, undefined);
    tip.moveTo([20, 20, 6], 8);
    tip.moveTo([50, 20, 6], 2);
    const covered = new Set(indices(tip.end()));
    const at = (i: number, j: number): number => i + DIMS[0] * (j + DIMS[1] * 6);
    expect([covered.has(at(20, 28)), covered.has(at(50, 22)), covered.has(at(50, 23))]).toEqual([true, true, false]);
  });

  it('takes only what it may', () => {
    const tip = new ElasticTip(GRID, { shape: 'disc', radius: 5, axis: 2 }, index => index % 2 === 0);
    tip.moveTo([20, 20, 6], 5);
    tip.moveTo([30, 20, 6], 3);
    const covered = indices(tip.end());
    expect(covered.length).toBeGreaterThan(20);
    expect(covered.every(index => index % 2 === 0)).toBe(true);
  });
});

describe('what a stroke may change', () => {
  const labels = Uint8Array.of(0, 1, 2, 3);
  const values = [10, 20, 30, 40];
  const voxels = { labels, valueOf: (index: number) => values[index] ?? NaN };
  const taken = (...[rule, from, erases]: Parameters<typeof acceptedBy>): number[] => {
    const accept = acceptedBy(rule, from, erases);
    return [0, 1, 2, 3].filter(index => accept === undefined || accept(index));
  };

  it('is everything unless set', () => {
    expect(acceptedBy(PAINT_EVERYTHING, voxels, false)).toBeUndefined();
  });

  it('is background, or some segments', () => {
    expect(taken({ over: 'background', range: null }, voxels, false)).toEqual([0]);
    expect(taken({ over: { segments: [1, 3] }, range: null }, voxels, false)).toEqual([1, 3]);
    expect(taken({ over: { segments: [0, 2] }, range: null }, voxels, false)).toEqual([0, 2]);
    expect(taken({ over: { segments: [] }, range: null }, voxels, false)).toEqual([]);
  });

  it('is what has a value in the range, its ends included', () => {
    expect(taken({ over: 'everything', range: [20, 30] }, voxels, false)).toEqual([1, 2]);
    expect(taken({ over: { segments: [1, 3] }, range: [20, 30] }, voxels, false)).toEqual([1]);
  });

  it('is nothing in a range while the values are not known', () => {
    expect(taken({ over: 'everything', range: [-1e9, 1e9] }, { labels, valueOf: null }, false)).toEqual([]);
  });

  it('is left to the eraser where only background may be painted', () => {
    expect(taken({ over: 'background', range: null }, voxels, true)).toEqual([0, 1, 2, 3]);
    expect(taken({ over: { segments: [2] }, range: null }, voxels, true)).toEqual([2]);
    expect(taken({ over: 'background', range: [30, 99] }, voxels, true)).toEqual([2, 3]);
  });
});
