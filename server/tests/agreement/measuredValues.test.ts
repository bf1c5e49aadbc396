import type { Dims } from '@voxcord/schemas/labelmap';
import { describe, expect, it } from 'vitest';
import {
  AgreementError,
  agreementOfCase,
  measuredValues,
  parseKappaRegion,
  formatKappaRegion,
  type AgreementErrorCode
} from '../../src/agreement/index.js';
import { declaredSpacing } from '../../src/agreement/declaredSpacing.js';
import { ball } from './support/shapes.js';

const dims: Dims = [16, 16, 16];
const geometry = { dims, spacing: [1, 1, 2.5] } as const;
const reads = [ball(dims, [8, 8, 8], 5), ball(dims, [8, 8, 7], 5), new Uint8Array(16 ** 3)].map((labels, at) => ({
  name: 'abc'.charAt(at),
  labels
}));

describe('every stored figure', () => {
  const agreement = agreementOfCase(reads, [1, 2], geometry, { tau: 2, definitions: ['deepmind', 'medpy'] });
  const values = measuredValues(agreement);

  it('names its definition and conditions', () => {
    const nsd = values.find(({ metric, reads: of }) => metric === 'nsd' && of.join() === 'a,b');
    expect(nsd).toEqual({
      metric: 'nsd',
      value: agreement.segments[0]?.pairs[0]?.surfaces.deepmind?.nsd,
      reason: null,
      unit: null,
      segment: 1,
      reads: ['a', 'b'],
      definition: 'deepmind',
      tau: 2,
      percentile: null,
      roi: null,
      spacing: [1, 1, 2.5],
      dimensions: 3,
      softwareVersion: agreement.conditions.softwareVersion
    });
    const kappa = values.at(-1);
    expect(kappa).toMatchObject({ metric: 'fleiss-kappa', segment: null, roi: 'union-box', reads: ['a', 'b', 'c'] });
  });

  it('is there for each pair, segment, metric and definition, and says why it has no value', () => {
    // 3 pairs of 2 segments: dice, IoU, volume and five figures of two definitions; 2 figures a segment and one of all.
    expect(values).toHaveLength(3 * 2 * (3 + 5 * 2) + 2 * 2 + 1);
    for (const { value, reason } of values) expect(value === null).toBe(reason !== null);
    const reasons = (metric: string, names: string, segment: number) =>
      values
        .filter(each => each.metric === metric && each.reads.join() === names && each.segment === segment)
        .map(({ definition, reason }) => [definition, reason]);
    expect(reasons('assd', 'a,b', 1)).toEqual([
      ['deepmind', null],
      ['medpy', 'not-defined']
    ]);
    expect(reasons('hausdorff', 'a,c', 1)).toEqual([
      ['deepmind', 'one-empty'],
      ['medpy', 'one-empty']
    ]);
    expect(reasons('dice', 'a,c', 1)).toEqual([[null, null]]);
    expect(reasons('dice', 'a,b', 2)).toEqual([[null, 'both-empty']]);
  });
});

describe('what cannot be measured is refused with a code', () => {
  const code = (run: () => unknown): AgreementErrorCode | null => {
    try {
      run();
      return null;
    } catch (error) {
      return error instanceof AgreementError ? error.code : null;
    }
  };

  it('one read, reads of another size, distances and percentiles that are none', () => {
    const measure = (of: typeof reads, options: { tau: number; percentile?: number }) => () =>
      agreementOfCase(of, [1], geometry, { definitions: [], ...options });
    expect(code(measure(reads.slice(0, 1), { tau: 1 }))).toBe('agreement.one-read');
    expect(code(measure([...reads, { name: 'd', labels: new Uint8Array(8) }], { tau: 1 }))).toBe('agreement.grid');
    expect(code(measure(reads, { tau: -1 }))).toBe('agreement.parameter');
    expect(code(measure(reads, { tau: Number.NaN }))).toBe('agreement.parameter');
    expect(code(measure(reads, { tau: 1, percentile: 0 }))).toBe('agreement.parameter');
    expect(code(() => agreementOfCase(reads, [1], { dims, spacing: [1, 0, 1] }, { tau: 1 }))).toBe('agreement.grid');
  });
});

describe('regions of kappa', () => {
  it('are written as they are read', () => {
    for (const text of ['union', 'union-box', 'margin:2.5', 'whole']) {
      const region = parseKappaRegion(text);
      expect(region === null ? null : formatKappaRegion(region)).toBe(text);
    }
    for (const text of ['', 'margin', 'margin:', 'margin:-1', 'box']) expect(parseKappaRegion(text)).toBe(null);
  });
});

describe('voxel sizes from a file', () => {
  it('are what was meant before single precision rounded them', () => {
    const stored = [0.7, 1.2, 2.5, 0.48828125, 0.9765625, 1 / 3].map(Math.fround);
    const meant = stored.map(size => declaredSpacing([size, 1, 1])[0]);
    expect(meant.slice(0, 5)).toEqual([0.7, 1.2, 2.5, 0.48828125, 0.9765625]);
    expect(meant.map(Math.fround)).toEqual(stored);
  });
});
