import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  coinReader,
  LIVER,
  measurePerformance,
  MIMIC_KINDS,
  NODULE,
  READER_PROFILES,
  SimulatedReaders,
  type ReaderProfile
} from '../../src/phantom/index.js';
import { missProbability } from '../../src/phantom/readers/profiles.js';
import { Random } from '../../src/phantom/random.js';
import { SmoothField } from '../../src/phantom/smoothField.js';
import { deviation, make, mean, type Made } from './phantoms.js';

describe('the field of boundary departures', () => {
  const field = new SmoothField(3, 8);
  const random = new Random(1);
  const points = Array.from({ length: 40_000 }, () => {
    return [random.between(0, 340), random.between(0, 340), random.between(0, 340)] as const;
  });
  const here = points.map(([x, y, z]) => field.at(x, y, z));

  test('has mean 0 and standard deviation 1', () => {
    expect(Math.abs(mean(here))).toBeLessThan(0.05);
    expect(Math.abs(deviation(here) - 1)).toBeLessThan(0.05);
  });

  test('is correlated as exp(-1/2) at the stated distance, along every axis, and not far away', () => {
    const correlation = (dx: number, dy: number, dz: number): number => {
      const there = points.map(([x, y, z]) => field.at(x + dx, y + dy, z + dz));
      return mean(here.map((value, n) => value * (there[n] ?? 0))) / (deviation(here) * deviation(there));
    };
    for (const at of [correlation(8, 0, 0), correlation(0, 8, 0), correlation(0, 0, 8)]) {
      expect(Math.abs(at - Math.exp(-0.5))).toBeLessThan(0.05);
    }
    expect(Math.abs(correlation(40, 0, 0))).toBeLessThan(0.05);
  });
});

describe('simulated readers', () => {
  /** Never misses and never marks anything else. */
  const steady: ReaderProfile = {
    ...READER_PROFILES.expert,
    boundarySd: 0,
    sliceJitter: 0,
    missed: [0, 0, 0],
    falseMarks: { cyst: 0, haemangioma: 0, 'perfusion-wedge': 0, metastasis: 0, vessel: 0 }
  };
  let made: Made;
  let readers: SimulatedReaders;

  beforeAll(() => {
    made = make({
      seed: 8,
      spacing: [1.6, 1.6, 2.5],
      dims: [150, 130, 60],
      centre: [30, 10, 5],
      noduleDiameters: [7, 15, 26]
    });
    readers = new SimulatedReaders(made.plan, made.phase);
  }, 60_000);

  function volume(labels: Uint8Array, segment: number): number {
    return labels.reduce((sum, label) => sum + (label === segment ? 1 : 0), 0);
  }

  test('who neither errs nor shakes draw the truth, but for voxels that the surface halves', () => {
    const { labels, nodules, liver } = readers.read(steady, 1);
    expect(nodules.sensitivity).toBeGreaterThan(0.96);
    expect(Math.abs(volume(labels, NODULE) / volume(made.phase.labels, NODULE) - 1)).toBeLessThan(0.03);
    expect(liver.sensitivity).toBeGreaterThan(0.97);
    expect(liver.specificity).toBeGreaterThan(0.99);
  });

  test('draw larger or smaller by their bias', () => {
    const drawn = (bias: number): number => volume(readers.read({ ...steady, bias }, 1).labels, NODULE);
    // A shell of 0.7 mm around balls of 7, 15 and 26 mm.
    const grown = [7, 15, 26].map(d => ((d + 1.4) / d) ** 3 * d ** 3).reduce((a, b) => a + b);
    const whole = [7, 15, 26].map(d => d ** 3).reduce((a, b) => a + b);
    expect(Math.abs(drawn(0.7) / drawn(0) / (grown / whole) - 1)).toBeLessThan(0.06);
    expect(drawn(-0.7)).toBeLessThan(drawn(0));
  });

  test('report the performance that counting voxels gives', () => {
    const { labels, nodules, liver } = readers.read(READER_PROFILES.hasty, 4);
    for (const [segment, measured] of [
      [NODULE, nodules],
      [LIVER, liver]
    ] as const) {
      let [tp, fn, fp, tn] = [0, 0, 0, 0];
      made.phase.labels.forEach((truth, n) => {
        if (truth === segment) {
          if (labels[n] === segment) tp++;
          else fn++;
        } else if (labels[n] === segment) fp++;
        else tn++;
      });
      expect(measured.sensitivity).toBe(tp / (tp + fn));
      expect(measured.specificity).toBe(tn / (tn + fp));
    }
  });

  test('miss small nodules more often than large ones, as their profile says, and tell which', () => {
    const profile = READER_PROFILES.hasty;
    const reads = 300;
    const missed = [0, 0, 0];
    for (let seed = 0; seed < reads; seed++) {
      const read = readers.plan(profile, seed);
      expect([...read.found, ...read.missed].sort()).toEqual([1, 2, 3]);
      for (const id of read.missed) missed[id - 1] = (missed[id - 1] ?? 0) + 1;
    }
    [7, 15, 26].forEach((diameter, index) => {
      const p = missProbability(profile, diameter);
      const slack = 4 * Math.sqrt((p * (1 - p)) / reads);
      expect(Math.abs((missed[index] ?? NaN) / reads - p)).toBeLessThanOrEqual(slack);
    });
  });

  test('draw what is planned: no voxel of a missed nodule, some of each found one and of each false mark', () => {
    for (const seed of [1, 2, 3, 4]) {
      const profile = READER_PROFILES.generous;
      const { found, missed, falseMarks } = readers.plan(profile, seed);
      const read = readers.read(profile, seed);
      expect([read.found, read.missed, read.falseMarks]).toEqual([found, missed, falseMarks]);
      for (const { nodule, mask } of made.phase.nodules) {
        const [i, j, k] = [0, 1, 2].map(axis => (mask.origin[axis] ?? 0) + Math.floor((mask.dims[axis] ?? 0) / 2));
        const centre = (i ?? 0) + 150 * ((j ?? 0) + 130 * (k ?? 0));
        expect(read.labels[centre] === NODULE).toBe(found.includes(nodule.id));
      }
      for (const kind of falseMarks) expect(MIMIC_KINDS).toContain(kind);
    }
  });

  test('draw the same again from the same seed and something else from another', () => {
    const first = readers.read(READER_PROFILES.expert, 5);
    expect(readers.read(READER_PROFILES.expert, 5)).toEqual(first);
    expect(readers.read(READER_PROFILES.expert, 6).labels).not.toEqual(first.labels);
  });
});

describe('coin readers', () => {
  test('have the sensitivity and specificity that was asked for, in the region alone', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        (sensitivity, specificity, seed) => {
          const truth = Uint8Array.from({ length: 40_000 }, (_, n) => (n % 4 === 0 ? 1 : 0));
          const region = Uint8Array.from({ length: 40_000 }, (_, n) => (n < 20_000 ? 1 : 0));
          const mask = coinReader(truth, { sensitivity, specificity, seed, region });
          expect(mask.subarray(20_000).every(mark => mark === 0)).toBe(true);
          const measured = measurePerformance(truth, mask, 1, region);
          const near = (value: number | null, p: number, count: number): void =>
            expect(Math.abs((value ?? NaN) - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / count) + 1e-12);
          near(measured.sensitivity, sensitivity, 5000);
          near(measured.specificity, specificity, 15_000);
        }
      ),
      { numRuns: 40, seed: 2 }
    );
  });

  test('refuse what is no probability', () => {
    const read = (): Uint8Array => coinReader(new Uint8Array(8), { sensitivity: 1.2, specificity: 1, seed: 1 });
    expect(read).toThrow(expect.objectContaining({ code: 'phantom.reader' }));
  });

  test('have no sensitivity where there is no truth, and no specificity where all is truth', () => {
    const nothing = new Uint8Array(10);
    const all = new Uint8Array(10).fill(1);
    expect(measurePerformance(nothing, nothing, 1)).toMatchObject({ sensitivity: null, specificity: 1 });
    expect(measurePerformance(all, all, 1)).toMatchObject({ sensitivity: 1, specificity: null });
  });
});
