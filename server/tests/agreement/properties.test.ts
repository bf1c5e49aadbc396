import type { Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SURFACE_DEFINITIONS, type PairAgreement } from '../../src/agreement/index.js';
import { MeshDistances } from '../../src/agreement/surfaces/meshDistances.js';
import { surfaceFigures } from '../../src/agreement/surfaces/surfaceFigures.js';
import { figures, pairOf } from './support/pair.js';
import { ball, box, paint, type Triple } from './support/shapes.js';

const SEED = 20261123;

/** Two blobs: unions of blocks in a grid that leaves room on all sides. */
const ROOM = 4;
const SPAN = 9;
const range = fc.tuple(fc.nat(SPAN - 1), fc.integer({ min: 1, max: 4 }));
const blocks = fc.array(fc.tuple(range, range, range), { minLength: 1, maxLength: 4 });
type Blocks = readonly (readonly [readonly [number, number], readonly [number, number], readonly [number, number]])[];

function blob(dims: Dims, parts: Blocks, at: Triple): Uint8Array {
  return paint(dims, (i, j, k) =>
    parts.some(ranges =>
      [i, j, k].every((place, axis) => {
        const [from, size] = ranges[axis] ?? [0, 0];
        const low = from + (at[axis] ?? 0);
        return place >= low && place < low + size;
      })
    )
  );
}

const dims: Dims = [SPAN + 3 + 2 * ROOM, SPAN + 3 + 2 * ROOM, SPAN + 3 + 2 * ROOM];
const sizes = fc.constantFrom(0.5, 0.7, 1, 1.25, 2.5, 3);
const spacings: fc.Arbitrary<Triple> = fc.tuple(sizes, sizes, sizes);

/** All numbers of a pair, those that belong to A and B apart. */
function numbers(pair: PairAgreement, swap = false): Record<string, number> {
  const list: [string, number][] = [];
  const add = (name: string, value: number | null | undefined): void => {
    list.push([name, value ?? NaN]);
  };
  add('dice', pair.dice);
  add('iou', pair.iou);
  add('volume difference', (swap ? -1 : 1) * pair.volumeDifferenceMl);
  for (const definition of SURFACE_DEFINITIONS) {
    const each = figures(pair, definition);
    for (const name of ['hd', 'hdPercentile', 'assd', 'masd', 'nsd'] as const) add(`${definition} ${name}`, each[name]);
    for (const name of ['asd', 'overlap', 'hdDirected', 'hdPercentileDirected'] as const) {
      add(`${definition} ${name} there`, each[name]?.[swap ? 1 : 0]);
      add(`${definition} ${name} back`, each[name]?.[swap ? 0 : 1]);
    }
  }
  return Object.fromEntries(list);
}

function expectClose(one: Record<string, number>, other: Record<string, number>): void {
  for (const [name, value] of Object.entries(one)) {
    const wanted = other[name] ?? NaN;
    const isSame = Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
    expect(isSame, `${name}: ${value} instead of ${wanted}`).toBe(true);
  }
}

describe('figures of two masks', () => {
  it('are symmetric', () => {
    fc.assert(
      fc.property(blocks, blocks, spacings, (one, other, spacing) => {
        const [a, b] = [blob(dims, one, [ROOM, ROOM, ROOM]), blob(dims, other, [ROOM, ROOM, ROOM])];
        expectClose(numbers(pairOf(b, a, dims, spacing), true), numbers(pairOf(a, b, dims, spacing)));
      }),
      { seed: SEED, numRuns: 60 }
    );
  });

  it('do not change when both masks are moved, even to the border', () => {
    const shift = fc.integer({ min: 0, max: 2 * ROOM });
    const shifts: fc.Arbitrary<Triple> = fc.tuple(shift, shift, shift);
    fc.assert(
      fc.property(blocks, blocks, spacings, shifts, (one, other, spacing, at) => {
        const here = pairOf(blob(dims, one, [ROOM, ROOM, ROOM]), blob(dims, other, [ROOM, ROOM, ROOM]), dims, spacing);
        const there = pairOf(blob(dims, one, at), blob(dims, other, at), dims, spacing);
        expectClose(numbers(there), numbers(here));
      }),
      { seed: SEED + 1, numRuns: 60 }
    );
  });

  it('do not change when both masks are flipped', () => {
    fc.assert(
      fc.property(blocks, blocks, spacings, fc.nat(2), (one, other, spacing, axis) => {
        const flip = (mask: Uint8Array): Uint8Array =>
          paint(dims, (...place) => {
            const [i, j, k] = place.map((at, each) => (each === axis ? dims[axis as 0] - 1 - at : at));
            return mask[((k ?? 0) * dims[1] + (j ?? 0)) * dims[0] + (i ?? 0)] === 1;
          });
        const [a, b] = [blob(dims, one, [ROOM, ROOM, ROOM]), blob(dims, other, [ROOM, ROOM, ROOM])];
        expectClose(numbers(pairOf(flip(a), flip(b), dims, spacing)), numbers(pairOf(a, b, dims, spacing)));
      }),
      { seed: SEED + 2, numRuns: 60 }
    );
  });

  it('scale with the voxels: lengths by the factor, shares not at all', () => {
    fc.assert(
      fc.property(blocks, blocks, spacings, fc.constantFrom(0.25, 2, 8), (one, other, [si, sj, sk], factor) => {
        const [a, b] = [blob(dims, one, [ROOM, ROOM, ROOM]), blob(dims, other, [ROOM, ROOM, ROOM])];
        const small = numbers(pairOf(a, b, dims, [si, sj, sk], { tau: 1.1 }));
        const large = numbers(pairOf(a, b, dims, [si * factor, sj * factor, sk * factor], { tau: 1.1 * factor }));
        const scaled = Object.fromEntries(
          Object.entries(small).map(([name, value]) => [
            name,
            value * (/dice|iou|nsd|overlap/.test(name) ? 1 : name.startsWith('volume') ? factor ** 3 : factor)
          ])
        );
        expectClose(large, scaled);
      }),
      { seed: SEED + 3, numRuns: 60 }
    );
  });

  it('of a mask with itself are perfect', () => {
    fc.assert(
      fc.property(blocks, spacings, (one, spacing) => {
        const a = blob(dims, one, [ROOM, ROOM, ROOM]);
        const pair = pairOf(a, a, dims, spacing, { tau: 0 });
        expect(pair).toMatchObject({ dice: 1, iou: 1, volumeDifferenceMl: 0, noValue: null });
        for (const definition of ['deepmind', 'metricsreloaded'] as const) {
          expect(figures(pair, definition)).toMatchObject({ hd: 0, hdPercentile: 0, assd: 0, masd: 0, nsd: 1 });
        }
        expect(figures(pair, 'mesh').hd).toBeLessThan(1e-9);
        expect(figures(pair, 'mesh').nsd).toBe(1);
      }),
      { seed: SEED + 4, numRuns: 60 }
    );
  });
});

describe('empty masks', () => {
  const grid: Dims = [8, 8, 8];
  const nothing = new Uint8Array(512);
  const something = box(grid, [2, 2, 2], [5, 5, 5]);

  it('have no overlap and no distance if both are empty', () => {
    const pair = pairOf(nothing, nothing, grid);
    expect(pair).toMatchObject({ noValue: 'both-empty', dice: null, iou: null, volumeDifferenceMl: 0 });
    for (const definition of SURFACE_DEFINITIONS) expect(figures(pair, definition).nsd).toBe(null);
  });

  it('have no distance to a mask, and share nothing with it', () => {
    const pair = pairOf(something, nothing, grid, [2, 1, 1]);
    expect(pair).toMatchObject({ noValue: 'one-empty', dice: 0, iou: 0, volumeDifferenceMl: -0.054 });
    for (const definition of SURFACE_DEFINITIONS) {
      expect(figures(pair, definition)).toMatchObject({ hd: null, hdPercentile: null, assd: null, masd: null, nsd: 0 });
    }
  });

  it('full masks agree', () => {
    const full = new Uint8Array(512).fill(1);
    expect(figures(pairOf(full, full, grid), 'deepmind')).toMatchObject({ hd: 0, nsd: 1 });
  });
});

describe('shapes whose distances are known', () => {
  it('parallel faces of boxes are as far apart as they are', () => {
    const grid: Dims = [40, 30, 30];
    const pair = pairOf(box(grid, [5, 5, 5], [20, 25, 25]), box(grid, [5, 5, 5], [26, 25, 25]), grid, [0.5, 1, 1]);
    for (const definition of SURFACE_DEFINITIONS) expect(figures(pair, definition).hd).toBeCloseTo(3, 12);
  });

  it('concentric balls: 15 mm everywhere, but for the steps of voxels', () => {
    const grid: Dims = [83, 83, 83];
    const pair = pairOf(ball(grid, [41, 41, 41], 25), ball(grid, [41, 41, 41], 40), grid);
    const mesh = figures(pair, 'mesh');
    expect(Math.abs((mesh.hdPercentile ?? NaN) - 15)).toBeLessThan(0.05);
    expect(Math.abs((mesh.hd ?? NaN) - 15)).toBeLessThan(0.2);
    expect(Math.abs((mesh.assd ?? NaN) - 15)).toBeLessThan(0.3);
  });

  it('concentric spheres of triangles: 15 mm within a thousandth', () => {
    const [inner, outer] = [sphere(25), sphere(40)];
    const measured = surfaceFigures('mesh', inner.from(outer), outer.from(inner), { tau: 1, percentile: 95 });
    for (const value of [measured.hd, measured.hdPercentile, measured.assd, measured.masd]) {
      expect(Math.abs((value ?? NaN) - 15)).toBeLessThan(0.015);
    }
    expect(measured.nsd).toBe(0);
  });
});

/** Rings of triangles, measured at their centres; all corners lie on the sphere. */
function sphere(radius: number): MeshDistances {
  const [rings, sectors] = [90, 180];
  const corner = (ring: number, sector: number): Triple => {
    const [polar, azimuth] = [(Math.PI * ring) / rings, (2 * Math.PI * sector) / sectors];
    return [
      radius * Math.sin(polar) * Math.cos(azimuth),
      radius * Math.sin(polar) * Math.sin(azimuth),
      radius * Math.cos(polar)
    ];
  };
  const triangles: Triple[][] = [];
  for (let ring = 0; ring < rings; ring++) {
    for (let sector = 0; sector < sectors; sector++) {
      const [a, b] = [corner(ring, sector), corner(ring, sector + 1)];
      const [c, d] = [corner(ring + 1, sector), corner(ring + 1, sector + 1)];
      if (ring > 0) triangles.push([a, b, c]);
      if (ring < rings - 1) triangles.push([b, d, c]);
    }
  }
  const centres = triangles.map(corners =>
    [0, 1, 2].map(axis => corners.reduce((sum, point) => sum + (point[axis] ?? 0) / 3, 0))
  );
  const weights = new Float64Array(triangles.length).fill(1);
  return new MeshDistances(
    Float64Array.from(triangles.flat(2)),
    'triangles',
    Float64Array.from(centres.flat()),
    weights
  );
}
