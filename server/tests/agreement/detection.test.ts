import type { Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agreementPerComponent,
  detect,
  detectionOverCases,
  frocCurve,
  frocScore,
  maskGrid,
  pairInstances,
  type Instances,
  type MatchingRule
} from '../../src/agreement/index.js';
import { bestAssignment } from '../../src/agreement/detection/assignment.js';

/** Lesions on a line of pixels, drawn as text: a digit is the number of a lesion. */
function line(text: string): Instances {
  const labels = Int32Array.from(text, character => (character === '.' ? 0 : Number(character)));
  return { labels, count: Math.max(0, ...labels) };
}

function detectOnLine(reference: string, measured: string, rule: MatchingRule) {
  const geometry = { dims: [reference.length, 1, 1], spacing: [2, 1, 1] } as const;
  return detect(pairInstances(line(reference), line(measured), geometry), rule);
}

describe('lesions are matched by a named rule', () => {
  const reference = '1111..22222......333.';
  const measured_ = '.111.1.......222.333.';

  it('by overlap', () => {
    const { matches, missed, additional } = detectOnLine(reference, measured_, { kind: 'iou', threshold: 0.5 });
    expect(matches).toEqual([
      { reference: 1, measured: 1, iou: 0.6, dice: 0.75 },
      { reference: 3, measured: 3, iou: 1, dice: 1 }
    ]);
    expect(missed).toEqual([2]);
    expect(additional).toEqual([2]);
  });

  it('by overlap, and the threshold itself is enough', () => {
    expect(detectOnLine('1111', '11..', { kind: 'iou', threshold: 0.5 }).matches).toHaveLength(1);
    expect(detectOnLine('1111', '11..', { kind: 'iou', threshold: 0.51 }).matches).toHaveLength(0);
    expect(detectOnLine('11..', '..11', { kind: 'iou', threshold: 0 }).matches).toHaveLength(0);
  });

  it('by the centre in the mask, however small the overlap', () => {
    expect(detectOnLine('11111111111', '.....1.....', { kind: 'centroid-in-mask' }).matches).toHaveLength(1);
    expect(detectOnLine('11111......', '...11111111', { kind: 'centroid-in-mask' }).matches).toHaveLength(0);
  });

  it('by the distance of centres in mm', () => {
    expect(detectOnLine('1..........', '...1.......', { kind: 'distance', mm: 6 }).matches).toHaveLength(1);
    expect(detectOnLine('1..........', '...1.......', { kind: 'distance', mm: 5.9 }).matches).toHaveLength(0);
  });

  it('one to one: a second mark on a lesion is additional', () => {
    const { matches, additional } = detectOnLine('1111111111', '11...22222', { kind: 'iou', threshold: 0.1 });
    expect(matches).toMatchObject([{ reference: 1, measured: 2 }]);
    expect(additional).toEqual([1]);
  });

  it('as many as possible: the best pair does not take the only partner of another', () => {
    const scores = [
      [0.9, 0.8],
      [0.7, 0]
    ];
    expect(bestAssignment(scores)).toEqual([1, 0]);
  });

  it('no lesions at all have no rates; none found is 0', () => {
    expect(detectOnLine('....', '....', { kind: 'iou', threshold: 0.5 })).toMatchObject({
      precision: null,
      recall: null,
      f1: null,
      panopticQuality: null,
      segmentationQuality: null
    });
    expect(detectOnLine('11..', '....', { kind: 'iou', threshold: 0.5 })).toMatchObject({
      precision: null,
      recall: 0,
      f1: 0,
      panopticQuality: 0
    });
  });

  it('rates and panoptic quality are those of their definitions', () => {
    expect(detectOnLine(reference, measured_, { kind: 'iou', threshold: 0.5 })).toMatchObject({
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      panopticQuality: 1.6 / 3,
      segmentationQuality: 0.8
    });
  });

  it('over cases, lesions are added up and false ones counted per case', () => {
    const rule: MatchingRule = { kind: 'iou', threshold: 0.5 };
    const cases = [detectOnLine('11.22', '11...', rule), detectOnLine('.....', '1.2.3', rule)];
    expect(detectionOverCases(cases)).toEqual({ falsePositivesPerCase: 1.5, precision: 0.25, recall: 0.5, f1: 1 / 3 });
  });
});

describe('the best assignment', () => {
  it('has the largest sum of all assignments', () => {
    const permutations = (items: readonly number[]): number[][] =>
      items.length === 0
        ? [[]]
        : items.flatMap((item, at) =>
            permutations(items.filter((_, other) => other !== at)).map(rest => [item, ...rest])
          );
    const tables = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
      fc.array(fc.array(fc.constantFrom(0, 0, 1, 2, 3.5, 7), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows
      })
    );
    fc.assert(
      fc.property(tables, scores => {
        const columns = scores[0]?.length ?? 0;
        const sum = (pairs: readonly (number | null)[]): number =>
          pairs.reduce<number>((total, column, row) => total + (column === null ? 0 : (scores[row]?.[column] ?? 0)), 0);
        const size = Math.max(scores.length, columns);
        const best = Math.max(...permutations([...Array(size).keys()]).map(sum));
        const assigned = bestAssignment(scores);
        expect(sum(assigned)).toBe(best);
        const taken = assigned.filter(column => column !== null);
        expect(new Set(taken).size).toBe(taken.length);
      }),
      { seed: 20261123, numRuns: 300 }
    );
  });
});

describe('free-response curves', () => {
  const marks = { falseMarks: [0.8, 0.6], lesions: [1, 1, 0, 0, 0.8, 0.8, 0], images: 2 };

  it('score as in MONAI (tests/metrics/test_compute_froc.py)', () => {
    const { score, sensitivities } = frocScore(frocCurve(marks, 4));
    expect(score).toBeCloseTo(0.95833333, 8);
    expect(sensitivities[0]).toBe(0.75);
  });

  it('stay at their last sensitivity where there are no more false marks', () => {
    expect(frocScore(frocCurve(marks, 4), [100]).score).toBe(1);
    expect(frocScore(frocCurve({ ...marks, falseMarks: [] }, 4), [0]).score).toBe(1);
  });

  it('of nothing marked is 0', () => {
    expect(frocScore(frocCurve({ falseMarks: [], lesions: [0, 0], images: 3 }, 2)).score).toBe(0);
  });
});

describe('agreement per lesion', () => {
  const dims: Dims = [24, 1, 1];
  const grid = maskGrid({ dims, spacing: [1, 1, 1] }, { min: [0, 0, 0], max: [23, 0, 0] });
  const settings = { tau: 1, percentile: 95, definitions: ['metricsreloaded'] } as const;

  it('counts every lesion the same, with what is nearest to it', () => {
    const reference = line('1111111111........2.....');
    const measured = Uint8Array.from('1111111111.......1......', character => (character === '1' ? 1 : 0));
    const { components, meanDice } = agreementPerComponent(reference, measured, grid, settings);
    expect(components.map(({ dice }) => dice)).toEqual([1, 0]);
    expect(meanDice).toBe(0.5);
    expect(components.map(({ surfaces }) => surfaces.metricsreloaded?.hd)).toEqual([0, 1]);
  });
});
