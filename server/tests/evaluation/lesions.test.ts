import { describe, expect, it } from 'vitest';
import { evaluateCase, EvaluationError, isIn, SIZE_BINS } from '../../src/evaluation/index.js';
import { caseOf, evaluated, LESION, SETTINGS, summary, type Block } from './support/cases.js';

const DIMS = [60, 20, 12] as const;

/** So long along i, one voxel wide: as many mm from the first centre to the last one, less one. */
const rod = (at: Block['at'], voxels: number): Block => ({ at, size: [voxels, 1, 1] });

describe('lesions of the truth', () => {
  it('are found where a mark is matched by the rule of the protocol', () => {
    const truth = [rod([0, 0, 0], 4), rod([0, 10, 0], 4)];
    // The first shares 2 of 6 voxels; the second is marked beside it.
    const prediction = [rod([2, 0, 0], 4), rod([0, 13, 0], 4)];
    const { lesions } = evaluateCase(caseOf(DIMS, truth, prediction), SETTINGS);
    expect(lesions.map(({ outcome, lesion, marks }) => [outcome, lesion, marks])).toEqual([
      ['found', 1, [1]],
      ['missed', 2, []],
      ['false-positive', null, [2]]
    ]);
    const near = { ...SETTINGS, matching: { ...SETTINGS.matching, maximumDistance: 2 } };
    const again = evaluateCase(caseOf(DIMS, truth, prediction), near);
    expect(again.lesions.map(({ outcome }) => outcome)).toEqual(['found', 'found']);
    const strict = { ...SETTINGS, matching: { minimumIou: 0.5, centroidInMask: false, maximumDistance: 0 } };
    // Distance 0 is touching: voxels in common are.
    expect(evaluateCase(caseOf(DIMS, truth, prediction), strict).lesions.map(({ outcome }) => outcome)).toEqual([
      'found',
      'missed',
      'false-positive'
    ]);
  });

  it('are measured: figures of a found lesion by hand', () => {
    const { lesions } = evaluateCase(caseOf(DIMS, [rod([0, 0, 3], 4)], [rod([1, 0, 3], 4)]), SETTINGS);
    const [only] = lesions;
    expect(only?.values['dice']).toBe(0.75);
    expect(only?.values['iou']).toBe(0.6);
    expect(only?.values['hd.metricsreloaded']).toBe(1);
    // Voxels of 2 mm³: 4 of them. Centres from 0 to 3 mm.
    expect(only).toMatchObject({ diameter: 3, volumeMl: 0.008, markedDiameter: 3, markedVolumeMl: 0.008 });
    // World: 1.5 voxels from -10, and slice 3 of 2 mm from 30.
    expect(only?.centre).toEqual([-8.5, 20, 36]);
  });

  it('are found once: other marks on them are neither right nor wrong', () => {
    const truth = [rod([0, 0, 0], 11)];
    const prediction = [rod([0, 0, 0], 4), rod([6, 0, 0], 3), rod([0, 10, 0], 2)];
    const { lesions, segments } = evaluateCase(caseOf(DIMS, truth, prediction), SETTINGS);
    expect(lesions.map(({ outcome, marks }) => [outcome, marks])).toEqual([
      ['found', [1, 2]],
      ['false-positive', [3]]
    ]);
    expect(segments[1]).toMatchObject({ number: LESION, lesions: 1, marks: 3, repeatedMarks: 1 });
    const { detection } = summary([evaluated(1, caseOf(DIMS, truth, prediction))]).segments[1]?.lesions ?? {};
    expect(detection).toMatchObject({ lesions: 1, found: 1, marks: 3, falsePositives: 1, repeatedMarks: 1 });
    expect(detection?.precision.value).toBe(0.5);
  });

  it('that one mark covers together are all found', () => {
    const truth = [rod([0, 0, 0], 5), rod([7, 0, 0], 3)];
    const { lesions, segments } = evaluateCase(caseOf(DIMS, truth, [rod([0, 0, 0], 10)]), SETTINGS);
    expect(lesions.map(({ outcome, lesion }) => [outcome, lesion])).toEqual([
      ['found', 1],
      ['found', 2]
    ]);
    expect(segments[1]).toMatchObject({ lesions: 2, marks: 1, repeatedMarks: 0 });
  });
});

describe('size bins', () => {
  it('begin at 10, 20 and 30 mm: a lesion of 10 mm is in the second one', () => {
    const binOf = (diameter: number): number => SIZE_BINS.findIndex(bin => isIn(bin, diameter));
    expect([0, 9.99, 10, 19.999, 20, 29.5, 30, 400].map(binOf)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    // 0.1 mm a hundred times is not 10 mm exactly.
    expect(binOf(9.9999999999)).toBe(1);
  });

  it('hold lesions by the long axis of the truth, and false marks by their own', () => {
    // 10 voxels reach over 9 mm, 11 over 10 mm.
    const truth = [rod([0, 0, 0], 10), rod([0, 4, 0], 11), rod([0, 8, 0], 21), rod([0, 12, 0], 31)];
    const prediction = [
      rod([0, 0, 0], 10),
      rod([0, 8, 0], 5),
      rod([0, 12, 0], 31),
      rod([0, 16, 0], 22),
      rod([40, 16, 0], 2)
    ];
    const { lesions } = summary([evaluated(1, caseOf(DIMS, truth, prediction))]).segments[1] ?? {};
    const rows = lesions?.bins.map(({ from, below, lesions: all, found, falsePositives }) => [
      from,
      below,
      all,
      found,
      falsePositives
    ]);
    expect(rows).toEqual([
      [0, 10, 1, 1, 1],
      [10, 20, 1, 0, 0],
      [20, 30, 1, 1, 1],
      [30, null, 1, 1, 0]
    ]);
    const dice = lesions?.bins.map(({ quality }) => quality[0]?.mean.value);
    // 5 of 21 voxels: 10 / 26.
    expect(dice).toEqual([1, null, 10 / 26, 1]);
    expect(lesions?.detection.sensitivity.value).toBe(0.75);
    expect(lesions?.detection.f1.value).toBe(6 / 9);
    expect(lesions?.detection.falsePositivesPerCase.value).toBe(2);
  });
});

describe('scores', () => {
  const truth = [rod([0, 0, 0], 4)];
  const prediction = [rod([0, 0, 0], 4), rod([0, 10, 0], 2)];
  const scores = new Float32Array(DIMS[0] * DIMS[1] * DIMS[2]);
  scores.set([0.5, 1, 0.75, 0.75]);
  scores.set([0.25, 0.125], 10 * DIMS[0]);

  it('of a mark are the highest of its voxels, or their mean', () => {
    const input = caseOf(DIMS, truth, prediction, new Map([[LESION, scores]]));
    const scored = (score: 'maximum' | 'mean'): (number | null)[] =>
      evaluateCase(input, { ...SETTINGS, score }).lesions.map(each => each.score);
    expect(scored('maximum')).toEqual([1, 0.25]);
    expect(scored('mean')).toEqual([0.75, 0.1875]);
    const { froc } = summary([evaluated(1, input)]).segments[1]?.lesions ?? {};
    expect(froc?.points).toEqual([
      { threshold: null, falsePositivesPerCase: 0, sensitivity: 0 },
      { threshold: 1, falsePositivesPerCase: 0, sensitivity: 1 },
      { threshold: 0.25, falsePositivesPerCase: 1, sensitivity: 1 }
    ]);
  });

  it('that are no numbers are refused', () => {
    const broken = scores.map((value, index) => (index === 1 ? NaN : value));
    expect(() => evaluateCase(caseOf(DIMS, truth, prediction, new Map([[LESION, broken]])), SETTINGS)).toThrow(
      EvaluationError
    );
  });

  it('on another grid are refused', () => {
    const input = caseOf(DIMS, truth, prediction, new Map([[LESION, scores.subarray(1)]]));
    expect(() => evaluateCase(input, SETTINGS)).toThrow(/onto the grid of the truth/);
  });
});
