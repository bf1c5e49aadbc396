import { affineFromRows, axisCodes } from '@voxcord/schemas/geometry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIVER, NODULE, planPhantom, type PhantomOptions } from '../../src/phantom/index.js';
import { NoduleShape } from '../../src/phantom/noduleShape.js';
import { Random } from '../../src/phantom/random.js';
import type { Point } from '../../src/phantom/shapes.js';
import { eachNoduleVoxel } from '../../src/phantom/truth.js';
import { aroundOneNodule, make, sha256, worldOf, type Made } from './phantoms.js';

describe('the surface of a nodule', () => {
  test('of no irregularity is a sphere with the volume of the formula', () => {
    const ball = NoduleShape.make(new Random(1), 20, 0);
    expect(ball.volume() / ((4 / 3) * Math.PI * 1000)).toBeCloseTo(1, 3);
    expect(ball.longAxis()).toBeCloseTo(20, 6);
    expect(ball.axialDiameter()).toBeCloseTo(20, 1);
  });

  test('has the wanted long axis, and a volume that counting points finds as well', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 5, max: 29, noNaN: true }),
        fc.double({ min: 0.1, max: 0.2, noNaN: true }),
        (seed, diameter, irregularity) => {
          const shape = NoduleShape.make(new Random(seed), diameter, irregularity);
          expect(shape.longAxis()).toBeCloseTo(diameter, 6);
          const step = shape.outerRadius / 30;
          let inside = 0;
          const reach = 31;
          for (let k = -reach; k < reach; k++) {
            for (let j = -reach; j < reach; j++) {
              for (let i = -reach; i < reach; i++) {
                if (shape.depth((i + 0.5) * step, (j + 0.5) * step, (k + 0.5) * step) <= 0) inside++;
              }
            }
          }
          expect(Math.abs((inside * step ** 3) / shape.volume() - 1)).toBeLessThan(0.003);
        }
      ),
      { numRuns: 5, seed: 7 }
    );
  });

  test('never departs from the mean radius by more than its irregularity, and its distance is never an overestimate', () => {
    const random = new Random(5);
    for (let n = 0; n < 4; n++) {
      const shape = NoduleShape.make(random, 18, 0.2);
      const distance = shape.inset(0);
      const surface = Array.from({ length: 3000 }, () => {
        const [x, y, z] = random.direction();
        const r = shape.radius(x, y, z);
        expect(r).toBeGreaterThan(shape.innerRadius * 0.999);
        expect(r).toBeLessThan(shape.outerRadius * 1.001);
        return [r * x, r * y, r * z] as const;
      });
      for (let m = 0; m < 40; m++) {
        const [x, y, z] = random.direction();
        const at = random.between(0.3, 1.5) * shape.outerRadius;
        const nearest = Math.min(...surface.map(([a, b, c]) => Math.hypot(a - at * x, b - at * y, c - at * z)));
        expect(Math.abs(distance(at * x, at * y, at * z))).toBeLessThanOrEqual(nearest + 1e-9);
      }
    }
  });
});

describe('truth on a grid', () => {
  const spacings: Point[] = [
    [0.7, 0.7, 1.25],
    [0.8, 0.8, 2.5],
    [0.98, 0.98, 5]
  ];

  test.each(spacings)('accounts for the exact volume of each nodule within 1 %% at %d x %d x %d mm', (...spacing) => {
    for (const diameter of [5, 11, 29]) {
      const { phase } = aroundOneNodule(diameter * 3, diameter, spacing);
      const [truth] = phase.nodules;
      if (truth === undefined) throw new Error('The nodule is missing.');
      expect(Math.abs(truth.volumeMm3 / truth.nodule.volumeMm3 - 1)).toBeLessThan(0.01);
    }
  });

  test('labels a voxel by what fills at least half of it, and puts the centre where the mask has it', () => {
    const made = aroundOneNodule(4, 18, [0.8, 0.8, 2.5]);
    const [truth] = made.phase.nodules;
    if (truth === undefined) throw new Error('The nodule is missing.');
    const sum = [0, 0, 0];
    let weight = 0;
    let labelled = 0;
    eachNoduleVoxel(truth.mask, made.plan.grid, (voxel, share) => {
      worldOf(made, voxel).forEach((mm, axis) => (sum[axis] = (sum[axis] ?? 0) + mm * share));
      weight += share;
      expect(made.phase.labels[voxel] === NODULE).toBe(share >= 0.5);
      if (share >= 0.5) labelled++;
    });
    expect(made.phase.labels.reduce((count, label) => count + (label === NODULE ? 1 : 0), 0)).toBe(labelled);
    sum.forEach((value, axis) => expect(Math.abs(value / weight - (truth.centre[axis] ?? NaN))).toBeLessThan(0.05));
  });

  test('follows the nodule into other phases, where breathing has moved it by 2 to 15 mm', () => {
    for (const phase of ['native', 'arterial', 'delayed'] as const) {
      const other = aroundOneNodule(9, 20, [1, 1, 2.5], phase);
      const [truth] = other.phase.nodules;
      if (truth === undefined) throw new Error('The nodule is missing.');
      const { geometry, motion } = other.phase;
      expect(Math.abs(motion.breathing)).toBeGreaterThanOrEqual(2);
      expect(Math.abs(motion.breathing)).toBeLessThanOrEqual(15);
      expect(motion.warp).toBeGreaterThanOrEqual(1);
      expect(motion.warp).toBeLessThanOrEqual(5);
      const moved = truth.centre[2] - truth.nodule.centre[2];
      expect(Math.abs(moved - motion.breathing)).toBeLessThan(Math.abs(motion.breathing) * 0.6 + motion.warp);
      const back = geometry.toReference(truth.centre);
      back.forEach((mm, axis) => expect(mm).toBeCloseTo(truth.nodule.centre[axis] ?? NaN, 5));
    }
  });
});

describe('every seed', () => {
  test('has none to five nodules of 5 to 29 mm inside the liver, apart from one another', () => {
    const counts = new Set<number>();
    for (let seed = 0; seed < 10; seed++) {
      const { lesions, liver } = planPhantom({ seed }).subject;
      counts.add(lesions.nodules.length);
      expect(lesions.nodules.length).toBeLessThanOrEqual(5);
      for (const { shape, longAxisMm, features, id } of lesions.nodules) {
        expect(longAxisMm).toBeGreaterThanOrEqual(5);
        expect(longAxisMm).toBeLessThanOrEqual(29);
        expect(features.sizeMm).toBeLessThanOrEqual(longAxisMm);
        expect(liver(...shape.origin)).toBeLessThan(0);
        for (const other of lesions.nodules) {
          if (other.id === id) continue;
          const apart = Math.hypot(...shape.origin.map((mm, axis) => mm - (other.shape.origin[axis] ?? NaN)));
          expect(apart).toBeGreaterThan(shape.outerRadius + other.shape.outerRadius);
        }
      }
    }
    expect(counts.size).toBeGreaterThan(3);
  });

  test('places nodules at the capsule, at vessels and under the dome', () => {
    const sites = new Set<string>();
    for (let seed = 0; seed < 6; seed++) {
      const { lesions } = planPhantom({ seed, noduleDiameters: [9, 14, 22] }).subject;
      expect(lesions.nodules.length).toBe(3);
      for (const { site } of lesions.nodules) sites.add(site);
    }
    expect([...sites].sort()).toEqual(['capsule', 'dome', 'parenchyma', 'vessel']);
  });

  test.each<[string, Partial<PhantomOptions>]>([
    ['a seed that is no whole number', { seed: 1.5 }],
    ['a spacing of nothing', { spacing: [0, 1, 1] }],
    ['a grid without voxels', { dims: [0, 10, 10] }],
    ['a grid beyond all memory', { dims: [4096, 4096, 4096] }],
    ['a nodule larger than the liver', { noduleDiameters: [300] }]
  ])('refuses %s', (_, wrong) => {
    expect(() => planPhantom({ seed: 1, ...wrong })).toThrow(expect.objectContaining({ name: 'PhantomError' }));
  });
});

describe('orientation', () => {
  const options = { seed: 3, spacing: [3, 3, 10], dims: [116, 94, 22] } as const;
  const made: Made = make({ ...options, noduleDiameters: [] });

  function centroid(isCounted: (value: number, label: number, at: Point) => boolean): Point {
    const sum: [number, number, number] = [0, 0, 0];
    let count = 0;
    made.phase.image.forEach((value, voxel) => {
      const at = worldOf(made, voxel);
      if (!isCounted(value, made.phase.labels[voxel] ?? 0, at)) return;
      for (const axis of [0, 1, 2] as const) sum[axis] += at[axis];
      count++;
    });
    return [sum[0] / count, sum[1] / count, sum[2] / count];
  }

  test('the grid is RAS+ in millimetres', () => {
    expect(axisCodes(affineFromRows(made.plan.grid.affine))).toBe('RAS');
  });

  test("the liver is on the patient's right, bone is behind, lungs are above", () => {
    const liver = centroid((_, label) => label === LIVER);
    expect(liver[0]).toBeGreaterThan(40);
    const spine = centroid((value, _, [x]) => value > 250 && Math.abs(x) < 40);
    expect(spine[1]).toBeLessThan(-30);
    const lungs = centroid((value, _, [x, y]) => value < -700 && value > -950 && Math.hypot(x / 150, y / 105) < 0.9);
    expect(lungs[2]).toBeGreaterThan(liver[2] + 40);
  });

  test('the volume of the liver is that of a person', () => {
    const voxels = made.phase.labels.reduce((count, label) => count + (label === LIVER ? 1 : 0), 0);
    const litres = (voxels * 3 * 3 * 10) / 1e6;
    expect(litres).toBeGreaterThan(0.9);
    expect(litres).toBeLessThan(2);
  });
});

describe('determinism', () => {
  const options = { seed: 42, spacing: [1.6, 1.6, 5], dims: [60, 60, 4], centre: [50, 10, 10] } as const;

  test('equal seeds give equal bytes, today and with every later version', () => {
    const { phase } = make(options);
    expect(sha256(phase.image)).toBe(PINNED.image);
    expect(sha256(phase.labels)).toBe(PINNED.labels);
    expect(sha256(make(options, 'arterial').phase.image)).toBe(PINNED.arterial);
  });

  test('a slice is the same in whatever volume it is', () => {
    const whole = make(options).phase.image;
    const upper = make({ ...options, dims: [60, 60, 2], centre: [50, 10, 15] });
    expect(upper.phase.labels).toEqual(make(options).phase.labels.subarray(2 * 3600));
    expect(upper.phase.image.length).toBe(whole.length / 2);
  });

  test('other seeds give other patients', () => {
    expect(sha256(make({ ...options, seed: 43 }).phase.labels)).not.toBe(PINNED.labels);
  });
});

/** Change these only together with a note that phantoms of earlier versions are not those of this one. */
const PINNED = {
  image: '251f80209438856dcc0357559a69648bce15a4432676cc9ecc0689bd0791cdba',
  labels: '46dccf44f5789f657c33ef4b0ebebbfc8e6bf634d52990756e4e596a26b3bab0',
  arterial: '5591fd99a18836e6cbf97805760569e92870da2232b7d35f9397107eab75866a'
};
