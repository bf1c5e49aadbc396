import type { EvaluatedCase } from '@voxcord/schemas/api';
import type { Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOfCase } from '../../src/agreement/index.js';
import { evaluateCase, type CaseToEvaluate } from '../../src/evaluation/index.js';
import { caseOf, evaluated, gridOf, KINDS, LESION, LIVER, NAMES, SETTINGS, summary } from './support/cases.js';

const SEED = 20261123;
const DIMS: Dims = [14, 12, 6];

const place = (axis: 0 | 1 | 2, most: number): fc.Arbitrary<readonly [number, number]> =>
  fc.integer({ min: 1, max: most }).chain(size => fc.tuple(fc.nat(DIMS[axis] - size), fc.constant(size)));
const block = fc
  .tuple(fc.constantFrom(LIVER, LESION), place(0, 5), place(1, 5), place(2, 3))
  .map(([segment, [i, ni], [j, nj], [k, nk]]) => ({ segment, at: [i, j, k] as const, size: [ni, nj, nk] as const }));
const labels = fc.array(block, { maxLength: 5 });
const pair = fc.tuple(labels, labels).map(([truth, prediction]) => caseOf(DIMS, truth, prediction));
const run = { seed: SEED, numRuns: 60 };

describe('an evaluation', () => {
  it('of a perfect prediction has no flaw', () => {
    fc.assert(
      fc.property(labels, truth => {
        const { segments, lesions } = evaluateCase(caseOf(DIMS, truth, truth), SETTINGS);
        for (const { values, noValue } of segments) {
          expect(values['dice']).toBe(noValue === null ? 1 : null);
          expect(values['hd95.metricsreloaded']).toBe(noValue === null ? 0 : null);
          expect(values['volume.prediction-minus-truth']).toBe(0);
        }
        for (const { outcome, values, diameter, markedDiameter } of lesions) {
          expect([outcome, values['dice'], markedDiameter]).toEqual(['found', 1, diameter]);
        }
      }),
      run
    );
  });

  it('of an empty prediction, or none, finds nothing and has overlaps of 0', () => {
    fc.assert(
      fc.property(labels, truth => {
        const none = evaluateCase(caseOf(DIMS, truth, null), SETTINGS);
        expect(evaluateCase(caseOf(DIMS, truth, []), SETTINGS)).toEqual(none);
        for (const { values, truthMl, predictionMl, noValue } of none.segments) {
          expect(predictionMl).toBe(0);
          expect(noValue).toBe(truthMl === 0 ? 'both-empty' : 'one-empty');
          expect(values['dice']).toBe(truthMl === 0 ? null : 0);
          expect(values['nsd.metricsreloaded.tau-1mm']).toBe(truthMl === 0 ? null : 0);
          expect(values['hd95.metricsreloaded']).toBeNull();
        }
        expect(none.lesions.every(({ outcome }) => outcome === 'missed')).toBe(true);
      }),
      run
    );
  });

  it('has the figures of the agreement engine', () => {
    fc.assert(
      fc.property(pair, input => {
        const { truth, prediction } = input;
        const agreement = agreementOfCase(
          [
            { name: 'a', labels: truth },
            { name: 'b', labels: prediction ?? new Uint8Array() }
          ],
          [LIVER, LESION],
          gridOf(DIMS),
          { tau: 1, definitions: ['deepmind', 'mesh'] }
        );
        const { segments } = evaluateCase(input, { ...SETTINGS, definitions: ['deepmind', 'mesh'] });
        agreement.segments.forEach(({ pairs: [measured] }, index) => {
          const values = segments[index]?.values ?? {};
          expect(values['dice']).toBe(measured?.dice);
          expect(values['volume.prediction-minus-truth']).toBe(measured?.volumeDifferenceMl);
          for (const definition of ['deepmind', 'mesh'] as const) {
            expect(values[`hd95.${definition}`]).toBe(measured?.surfaces[definition]?.hdPercentile);
            expect(values[`assd.${definition}`]).toBe(measured?.surfaces[definition]?.assd);
            expect(values[`nsd.${definition}.tau-1mm`]).toBe(measured?.surfaces[definition]?.nsd);
          }
        });
      }),
      { ...run, numRuns: 20 }
    );
  });

  it('does not depend on the numbers of segments', () => {
    const renumbered = (map: Uint8Array): Uint8Array => map.map(label => (label === 0 ? 0 : 9 - label));
    fc.assert(
      fc.property(pair, input => {
        const other: CaseToEvaluate = {
          ...input,
          truth: renumbered(input.truth),
          prediction: renumbered(input.prediction ?? new Uint8Array()),
          segments: KINDS.map(({ number, kind }) => ({ number: 9 - number, kind }))
        };
        const one = evaluateCase(input, SETTINGS);
        const two = evaluateCase(other, SETTINGS);
        expect(two.segments.map(each => ({ ...each, number: 9 - each.number }))).toEqual(one.segments);
        expect(two.lesions.map(each => ({ ...each, segment: 9 - each.segment }))).toEqual(one.lesions);
      }),
      run
    );
  });

  it('counts every lesion and every mark once', () => {
    fc.assert(
      fc.property(pair, input => {
        const { segments, lesions } = evaluateCase(input, SETTINGS);
        const found = lesions.filter(({ outcome }) => outcome === 'found');
        const falseMarks = lesions.filter(({ outcome }) => outcome === 'false-positive');
        const [, lesion] = segments;
        expect(lesions.length - falseMarks.length).toBe(lesion?.lesions);
        const used = new Set([...found, ...falseMarks].flatMap(({ marks }) => marks));
        expect(used.size).toBe(lesion?.marks);
        expect(used.size - falseMarks.length - (lesion?.repeatedMarks ?? 0)).toBeLessThanOrEqual(found.length);
      }),
      { ...run, numRuns: 200 }
    );
  });
});

describe('figures over cases', () => {
  const cases = (inputs: readonly CaseToEvaluate[]): EvaluatedCase[] =>
    inputs.map((input, n) => evaluated(n, input, { phase: n % 3 === 0 ? 'arterial' : 'portal' }));

  it('do not depend on the order of cases', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 10, maxLength: 12 }), fc.nat(11), (inputs, turn) => {
        const all = cases(inputs);
        expect(summary([...all.slice(turn), ...all.slice(0, turn)].reverse())).toEqual(summary(all));
      }),
      { seed: SEED, numRuns: 2 }
    );
  });

  it('add up over strata, and over sizes', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 4, maxLength: 6 }), inputs => {
        const { segments, strata } = summary(cases(inputs));
        const total = segments[1]?.lesions;
        const inPhases = strata.filter(({ name }) => name === 'phase').map(each => each.segments[1]?.lesions);
        const sum = (counts: readonly (number | undefined)[]): number =>
          counts.reduce<number>((all, count) => all + (count ?? 0), 0);
        for (const count of ['lesions', 'found', 'marks', 'falsePositives', 'repeatedMarks'] as const) {
          expect(sum(inPhases.map(each => each?.detection[count]))).toBe(total?.detection[count]);
        }
        for (const count of ['lesions', 'found', 'falsePositives'] as const) {
          expect(sum(total?.bins.map(each => each[count]) ?? [])).toBe(total?.detection[count]);
        }
        expect(strata.map(({ cases: inside }) => inside).every(inside => inside > 0)).toBe(true);
      }),
      { seed: SEED, numRuns: 10 }
    );
  });

  it('leave out cases without a prediction if that is asked for, and else count them as empty', () => {
    const truth = [{ at: [2, 2, 2], size: [3, 3, 2] }] as const;
    const good = evaluated(1, caseOf(DIMS, truth, truth));
    const missing = evaluated(2, caseOf(DIMS, truth, null));
    const sensitivity = (all: readonly EvaluatedCase[]): number | null =>
      summary(all).segments[1]?.lesions?.detection.sensitivity.value ?? null;
    expect(sensitivity([good, missing])).toBe(0.5);
    const leftOut: EvaluatedCase = { ...missing, standing: 'left-out', segments: [], lesions: [] };
    expect(sensitivity([good, leftOut])).toBe(1);
    expect(summary([good, leftOut]).cases).toHaveLength(2);
  });

  it('have intervals from ten patients on, the same ones each time', () => {
    const inputs = Array.from({ length: 10 }, (_, n) =>
      caseOf(DIMS, [{ at: [2, 2, 2], size: [4, 3, 2] }], [{ at: [2 + (n % 3), 2, 2], size: [4, 3, 2] }])
    );
    const nine = summary(cases(inputs.slice(1)));
    expect(nine.warnings.map(({ code }) => code)).toEqual(['few-cases', 'no-scores']);
    expect(nine.segments[1]?.measures[0]?.mean).toMatchObject({ interval: null, cases: 9 });
    const ten = summary(cases(inputs));
    const { mean, median } = ten.segments[1]?.measures[0] ?? {};
    expect(mean?.cases).toBe(10);
    // Dice of a shift by 0, 1 and 2 of 4 voxels: 1, 0.75, 0.5; four, three and three of them.
    expect(mean?.value).toBeCloseTo((4 + 3 * 0.75 + 3 * 0.5) / 10, 12);
    expect(mean?.interval?.[0]).toBeGreaterThan(0.5);
    expect(mean?.interval?.[1]).toBeLessThan(1);
    expect(median?.value).toBe(0.75);
    expect(median?.interval).toEqual([0.5, 1]);
    // All are found: of that there is no spread.
    expect(ten.segments[1]?.lesions?.detection.sensitivity).toMatchObject({ value: 1, interval: null, cases: 10 });
    expect(summary(cases(inputs))).toEqual(ten);
    expect(NAMES.map(({ number }) => number)).toEqual(ten.segments.map(({ number }) => number));
  });
});
