import { describe, expect, it } from 'vitest';
import {
  agreementOfCase,
  blandAltman,
  cohenKappa,
  fleissKappa,
  intraclassCorrelations,
  krippendorffAlpha,
  randolphKappa,
  totalsOfTable,
  type MeasurementLevel
} from '../../src/agreement/index.js';
import fixtures from './fixtures/raterStatistics.json' with { type: 'json' };
import { agreementOf } from './support/pair.js';
import { fiveBalls } from './support/shapes.js';

const DIGITS = 10;

describe('Fleiss and Randolph', () => {
  it('kappa of fourteen raters', () => {
    const totals = totalsOfTable(fixtures.fleissWikipedia.table);
    expect(fleissKappa(totals).value).toBeCloseTo(fixtures.fleissWikipedia.fleiss, DIGITS);
    expect(randolphKappa(totals).value).toBeCloseTo(fixtures.fleissWikipedia.randolph, DIGITS);
  });

  it('is not defined for one rater, nothing rated or one category, and says which', () => {
    expect(fleissKappa(totalsOfTable([[1, 0]]))).toEqual({ value: null, reason: 'fewer-than-two-raters' });
    expect(
      fleissKappa(
        totalsOfTable([
          [3, 0],
          [3, 0]
        ])
      )
    ).toEqual({ value: null, reason: 'one-category' });
    expect(fleissKappa({ ...totalsOfTable([[2, 0]]), subjects: 0 })).toEqual({ value: null, reason: 'no-subjects' });
  });

  it('refuses subjects with different numbers of ratings', () => {
    expect(() =>
      totalsOfTable([
        [2, 1],
        [1, 1]
      ])
    ).toThrow(RangeError);
  });
});

describe('kappa of voxels says which voxels it counts', () => {
  const published = fixtures.fiveBalls.fleiss_voxel;

  it('five balls: the union, its box and grids of two sizes', () => {
    const small = agreementOf(fiveBalls(32), [32, 32, 32], [1, 1, 1], { definitions: [] }).kappa;
    const large = agreementOf(fiveBalls(128), [128, 128, 128], [1, 1, 1], { definitions: [] }).kappa;
    expect(small.inRegion.union.value).toBeCloseTo(published.union_only, DIGITS);
    expect(small.inRegion['union-box'].value).toBeCloseTo(published.union_bbox, DIGITS);
    expect(small.inRegion.whole.value).toBeCloseTo(published['32^3'], DIGITS);
    expect(large.inRegion.whole.value).toBeCloseTo(published['128^3'], DIGITS);
    expect(large.inRegion.union).toEqual(small.inRegion.union);
  });

  it('a margin in mm lies between the box and the grid', () => {
    const kappa = (mm: number) =>
      agreementOf(fiveBalls(32), [32, 32, 32], [1, 1, 1], { definitions: [], kappaRoi: { kind: 'margin', mm } }).kappa;
    expect(kappa(0).chosen).toEqual(kappa(0).inRegion['union-box']);
    expect(kappa(3).chosen.value).toBeGreaterThan(kappa(0).chosen.value ?? NaN);
    expect(kappa(50).chosen).toEqual(kappa(0).inRegion.whole);
  });

  it('with one segment, all segments together say the same', () => {
    const reads = fiveBalls(32).map((labels, at) => ({ name: `${at}`, labels }));
    const geometry = { dims: [32, 32, 32], spacing: [1, 1, 1] } as const;
    const { kappa, segments } = agreementOfCase(reads, [1], geometry, { tau: 1, definitions: [] });
    expect(kappa).toEqual(segments[0]?.kappa);
  });
});

describe('conformity of five balls', () => {
  it('is that of Kouwenhoven, of pairs and of all', () => {
    const { conformity, meanDice } = agreementOf(fiveBalls(32), [32, 32, 32], [1, 1, 1], { definitions: [] });
    expect(conformity.generalised).toBeCloseTo(fixtures.fiveBalls.CI_gen_kouwenhoven, DIGITS);
    expect(conformity.meanOfPairs).toBeCloseTo(fixtures.fiveBalls.CI_pairs, DIGITS);
    expect(conformity.common).toBeCloseTo(fixtures.fiveBalls.CI_common, DIGITS);
    expect(meanDice.value).toBeCloseTo(fixtures.fiveBalls.mean_pairwise_dice, DIGITS);
    expect(meanDice.pairs).toBe(10);
  });
});

describe("Cohen's kappa", () => {
  it('with its standard error and interval, plain and weighted', () => {
    const { table, kappa, standardError, interval, linear } = fixtures.cohenSas;
    const plain = cohenKappa(table);
    expect(plain).toMatchObject({ subjects: 19 });
    if (!('kappa' in plain)) throw new Error(plain.reason);
    expect(plain.kappa).toBeCloseTo(kappa, DIGITS);
    expect(plain.standardError.toFixed(4)).toBe(standardError.toFixed(4));
    expect(plain.interval.map(limit => limit.toFixed(4))).toEqual(interval.map(limit => limit.toFixed(4)));
    const weighted = cohenKappa(table, 'linear');
    expect('kappa' in weighted && weighted.kappa.toFixed(4)).toBe(linear.toFixed(4));
  });

  it('is the same plain and weighted if there are two categories', () => {
    const table = [
      [20, 5],
      [10, 15]
    ];
    const [plain, linear, quadratic] = [cohenKappa(table), cohenKappa(table, 'linear'), cohenKappa(table, 'quadratic')];
    expect('kappa' in plain && plain.kappa).toBeCloseTo(0.4, DIGITS);
    expect(linear).toEqual(plain);
    expect(quadratic).toEqual(plain);
  });

  it('is not defined if both raters know one category only', () => {
    expect(
      cohenKappa([
        [5, 0],
        [0, 0]
      ])
    ).toEqual({ value: null, reason: 'one-category' });
    expect(
      cohenKappa([
        [0, 0],
        [0, 0]
      ])
    ).toEqual({ value: null, reason: 'no-subjects' });
  });
});

describe("Krippendorff's alpha, with missing values", () => {
  const levels: readonly MeasurementLevel[] = ['nominal', 'ordinal', 'interval', 'ratio'];
  for (const fixture of fixtures.krippendorff) {
    for (const level of levels) {
      it(`${level}, ${fixture.data.length} raters`, () => {
        expect(krippendorffAlpha(fixture.data, level).value).toBeCloseTo(fixture[level], DIGITS);
      });
    }
  }

  it('is not defined without pairs or with one value, and says which', () => {
    expect(
      krippendorffAlpha(
        [
          [1, null],
          [null, 2]
        ],
        'nominal'
      )
    ).toEqual({ value: null, reason: 'nothing-to-compare' });
    expect(
      krippendorffAlpha(
        [
          [2, 2],
          [2, 2]
        ],
        'interval'
      )
    ).toEqual({ value: null, reason: 'one-value' });
  });
});

describe('intraclass correlations of Shrout and Fleiss', () => {
  const result = intraclassCorrelations(fixtures.shroutFleiss.data);
  if (!('correlations' in result)) throw new Error(result.reason);

  it('mean squares', () => {
    const { BMS, JMS, EMS, WMS } = fixtures.shroutFleiss.meanSquares;
    expect(result.meanSquares.subjects).toBeCloseTo(BMS, DIGITS);
    expect(result.meanSquares.raters).toBeCloseTo(JMS, DIGITS);
    expect(result.meanSquares.residual).toBeCloseTo(EMS, DIGITS);
    expect(result.meanSquares.within).toBeCloseTo(WMS, DIGITS);
  });

  for (const { form, value, f, interval } of result.correlations) {
    it(form, () => {
      const { values, low, high } = fixtures.shroutFleiss;
      expect(value).toBeCloseTo(values[form], DIGITS);
      expect(interval[0].toFixed(2)).toBe(low[form].toFixed(2));
      expect(interval[1].toFixed(2)).toBe(high[form].toFixed(2));
      expect(f.toFixed(1)).toBe(form.startsWith('ICC1') ? '1.8' : '11.0');
    });
  }

  it('are not defined for one subject, one rater or no variance, and say which', () => {
    expect(intraclassCorrelations([[1, 2]])).toEqual({ value: null, reason: 'fewer-than-two-subjects' });
    expect(intraclassCorrelations([[1], [2]])).toEqual({ value: null, reason: 'fewer-than-two-raters' });
    expect(
      intraclassCorrelations([
        [1, 1],
        [1, 1]
      ])
    ).toEqual({ value: null, reason: 'no-variance' });
    // Raters differ, subjects do not.
    expect(
      intraclassCorrelations([
        [1, 3],
        [1, 3]
      ])
    ).toEqual({ value: null, reason: 'no-variance' });
  });
});

describe('Bland and Altman', () => {
  const { wright, mini, mean_diff: meanDifference, sd } = fixtures.blandAltmanPefr;

  it('mean difference and limits of agreement', () => {
    const result = blandAltman(wright, mini, { multiple: 1.96 });
    if (!('limits' in result)) throw new Error(result.reason);
    expect(result.meanDifference).toBeCloseTo(meanDifference, DIGITS);
    expect(result.standardDeviation).toBeCloseTo(sd, DIGITS);
    expect(result.limits[0]).toBeCloseTo(fixtures.blandAltmanPefr['loa_1.96sd'][0] ?? NaN, DIGITS);
    expect(result.limits[1]).toBeCloseTo(fixtures.blandAltmanPefr['loa_1.96sd'][1] ?? NaN, DIGITS);
    const two = blandAltman(wright, mini, { multiple: 2 });
    expect('limits' in two && two.limits[0]).toBeCloseTo(fixtures.blandAltmanPefr.loa_2sd[0] ?? NaN, DIGITS);
    expect('limits' in two && two.limits[1]).toBeCloseTo(fixtures.blandAltmanPefr.loa_2sd[1] ?? NaN, DIGITS);
  });

  it('intervals lie around mean and limits, the limits being less certain', () => {
    const result = blandAltman(wright, mini);
    if (!('limits' in result)) throw new Error(result.reason);
    // t(0.975, 16) = 2.119905: mean ± t·s/√n.
    expect(result.meanInterval[0]).toBeCloseTo(meanDifference - (2.119905299221011 * sd) / Math.sqrt(17), 8);
    const widths = [result.meanInterval, result.lowerLimitInterval, result.upperLimitInterval].map(([a, b]) => b - a);
    expect(widths[1]).toBeCloseTo(widths[2] ?? NaN, 8);
    expect(widths[1]).toBeGreaterThan(widths[0] ?? NaN);
  });

  it('in percent of the mean', () => {
    const result = blandAltman([11, 22], [9, 18], { differences: 'percent' });
    expect('meanDifference' in result && result.meanDifference).toBeCloseTo(20, DIGITS);
  });

  it('needs two subjects', () => {
    expect(blandAltman([1], [2])).toEqual({ value: null, reason: 'fewer-than-two-subjects' });
  });
});
