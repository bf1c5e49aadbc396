import { describe, expect, it } from 'vitest';
import { METRICS, definitionOf, formatAgreement, goodness, pairOf, share } from '../../src/review/agreementMatrix.js';
import { ADDED, LAST_SEGMENT, REMOVED, changedVoxels } from '../../src/review/changedVoxels.js';
import { blandAltman, sizeStrata, wilson } from '../../src/review/plots/plotData.js';
import { lookOfReader, numberOfLetter } from '../../src/review/readerLooks.js';
import { signed } from '../../src/review/reviewTexts.js';
import { keyOfRegion, regionOf, withMethod, withRegion } from '../../src/review/whatIf.js';
import type { SliceSource } from '../../src/viewer/index.js';
import { consensus, lesion } from './support.js';

const PAIR = { a: 'A', b: 'B', dice: 0.88, iou: 0.79, volumeDifferenceMl: 1, hd: 9, hd95: 7.2, assd: 1.1, nsd: 0.93 };

describe('the table of agreement', () => {
  it('finds a pair in whichever order it was computed', () => {
    expect(pairOf([PAIR], 'B', 'A')).toBe(PAIR);
    expect(pairOf([PAIR], 'A', 'C')).toBeNull();
  });

  it('names the definition and the tolerance of every number that depends on one', () => {
    const rules = { surface: 'deepmind', tolerance: 3, kappaRegion: { rule: 'union' } } as const;
    expect(METRICS.map(metric => definitionOf(metric, rules))).toEqual([
      'Dice',
      'IoU',
      'HD95 (mm, deepmind)',
      'ASSD (mm, deepmind)',
      'NSD (τ = 3 mm, deepmind)'
    ]);
  });

  it('writes shares without their zero and never rounds up to agreement without a flaw', () => {
    expect([share(0.934, 3), share(1, 3), share(0.99996, 3), share(0, 2), share(null, 2)]).toEqual([
      '.934',
      '1.000',
      '.999',
      '.00',
      '–'
    ]);
    expect([formatAgreement(7.2, 'hd95'), formatAgreement(null, 'assd'), formatAgreement(0.88, 'dice')]).toEqual([
      '7.20',
      '–',
      '.88'
    ]);
  });

  it('tints what is better more, for overlaps and for distances', () => {
    expect(goodness(0.95, 'dice', [])).toBeGreaterThan(goodness(0.8, 'dice', []));
    expect(goodness(1, 'hd95', [1, 8])).toBeGreaterThan(goodness(8, 'hd95', [1, 8]));
    expect(goodness(null, 'dice', [])).toBe(0);
  });
});

describe('readers in pictures', () => {
  it('differ in colour and in pattern, and keep their letter for ever', () => {
    expect(['A', 'B', 'Z', 'AA', 'AB'].map(numberOfLetter)).toEqual([0, 1, 25, 26, 27]);
    const looks = ['A', 'B', 'C', 'D', 'E', 'F'].map(lookOfReader);
    expect(new Set(looks.map(({ colour }) => colour)).size).toBe(6);
    expect(new Set(looks.map(({ pattern }) => pattern.join())).size).toBe(6);
  });
});

describe('what if', () => {
  const { rules } = consensus();

  it('changes the method everywhere and keeps the region that there was', () => {
    const staple = withMethod(rules, 'staple.binary.itk');
    expect([staple.structures.id, staple.lesions.shape.id]).toEqual(['staple.binary.itk', 'staple.binary.itk']);
    const other = withMethod(withRegion(staple, { rule: 'margin', millimetres: 5 }), 'staple.map');
    expect(keyOfRegion(regionOf(other.structures) ?? { rule: 'whole' })).toBe('margin:5');
  });

  it('does not agree on lesions by a method that needs all structures at once', () => {
    expect(withMethod(rules, 'staple.multilabel.f64').lesions.shape.id).toBe('staple.binary.itk');
  });

  it('changes nothing about a method that has no region', () => {
    expect(withRegion(rules, { rule: 'whole' })).toEqual(rules);
  });
});

describe('figures', () => {
  const readers = [
    { letter: 'A', present: true, volumeMl: 1.2, diameter: 13 },
    { letter: 'B', present: true, volumeMl: 0.8, diameter: 11 },
    { letter: 'C', present: false, volumeMl: 0, diameter: 0 }
  ];

  it('draw differences of readers who marked a lesion, with limits 1.96 standard deviations from their mean', () => {
    const { points, bias, limits } = blandAltman([lesion(1, { readers })], 'volumeMl', 2);
    expect(points.map(({ letter, x, y }) => [letter, x, Number(y.toFixed(6))])).toEqual([
      ['A', 1.1, 0.2],
      ['B', 0.9, -0.2]
    ]);
    expect(bias).toBeCloseTo(0, 12);
    const deviation = Math.sqrt(0.08);
    expect(limits?.[0]).toBeCloseTo(-1.96 * deviation, 12);
    expect(limits?.[1]).toBeCloseTo(1.96 * deviation, 12);
  });

  it('have no limits from a single mark, and leave out what the consensus did not accept', () => {
    const one = lesion(1, { readers: readers.slice(0, 1) });
    expect(blandAltman([one], 'diameter', null)).toMatchObject({ bias: null, limits: null });
    expect(blandAltman([{ ...one, accepted: false }], 'diameter', null).points).toEqual([]);
  });

  it('count who saw lesions of each size among those who looked', () => {
    const notAsked = { letter: 'D', present: null, volumeMl: 0, diameter: 0 };
    const strata = sizeStrata([lesion(1, { readers: [...readers, notAsked] }), lesion(2, { diameter: 3, readers })], 2);
    expect(strata.map(({ from, seen, asked }) => [from, seen, asked])).toEqual([
      [0, 2, 3],
      [5, 0, 0],
      [10, 2, 3],
      [20, 0, 0]
    ]);
    expect(strata[1]).toMatchObject({ share: null, interval: null });
  });

  it('give the interval of Wilson: the published values for 81 of 263, and never beyond 0 and 1', () => {
    // Newcombe, Statistics in Medicine 1998, table I.
    const [low, high] = wilson(81, 263) ?? [];
    expect([low?.toFixed(4), high?.toFixed(4)]).toEqual(['0.2553', '0.3662']);
    expect(wilson(0, 20)?.[0]).toBe(0);
    expect(wilson(1, 29)?.map(value => value.toFixed(4))).toEqual(['0.0061', '0.1718']);
  });
});

describe('comparing two versions', () => {
  const source = (values: readonly number[] | null): SliceSource => ({
    dims: [4, 1, 1],
    slice: () => (values === null ? null : { width: 4, height: 1, values: Uint8Array.from(values) })
  });

  it('tells what was added, what was removed, and which segment a voxel was given instead', () => {
    const changes = changedVoxels(source([0, 1, 1, 2]), source([1, 0, 2, 255])).slice('axial', 0);
    expect([...(changes?.values ?? [])]).toEqual([ADDED, REMOVED, 2, LAST_SEGMENT]);
  });

  it('works where one of them holds nothing, and refuses other grids', () => {
    expect([...(changedVoxels(source(null), source([0, 1, 0, 0])).slice('axial', 0)?.values ?? [])]).toEqual([
      0,
      ADDED,
      0,
      0
    ]);
    expect(changedVoxels(source(null), source(null)).slice('axial', 0)).toBeNull();
    expect(() => changedVoxels(source(null), { ...source(null), dims: [5, 1, 1] })).toThrow(/different grids/);
  });

  it('signs differences with a true minus', () => {
    expect([signed(0.5), signed(-0.5)]).toEqual(['+0.5', '−0.5']);
  });
});
