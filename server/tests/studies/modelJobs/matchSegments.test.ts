import type { Segment } from '@voxcord/schemas/api';
import type { ModelSegment } from '@voxcord/schemas/models';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchSegments } from '../../../src/studies/modelJobs/matchSegments.js';

const LIVER = { scheme: 'SCT', value: '10200004', meaning: 'Liver' };
const NODULE = { scheme: 'SCT', value: '27925004', meaning: 'Nodule' };

function channel(number: number, name: string, codes: ModelSegment['codes'] = []): ModelSegment {
  return { channel: number, name, kind: 'structure', colour: '#56b4e9', codes };
}

function segment(number: number, name: string, codes: Segment['codes'] = [], retired = false): Segment {
  return { number, name, colour: '#aa0000', codes, retired };
}

test('a code in common decides, whatever the names; the meaning of a code is only a text', () => {
  const schema = [segment(1, 'Nodule', [{ ...LIVER, meaning: 'Leber' }]), segment(2, 'Liver', [NODULE])];
  const { channels, dropped } = matchSegments(
    [channel(1, 'Liver', [LIVER]), channel(2, 'Nodule', [NODULE])],
    schema,
    true
  );
  expect(channels).toEqual([
    { channel: 1, segment: 1, by: 'code' },
    { channel: 2, segment: 2, by: 'code' }
  ]);
  expect(dropped).toEqual([]);
});

test('without a code in common the name decides, whatever the case of its letters', () => {
  const { channels } = matchSegments([channel(3, ' liver')], [segment(7, 'Liver', [NODULE])], true);
  expect(channels).toEqual([{ channel: 3, segment: 7, by: 'name' }]);
});

test('who has a code chooses before who has the name', () => {
  const schema = [segment(1, 'Mass', [NODULE])];
  const { channels, dropped } = matchSegments([channel(1, 'Mass'), channel(2, 'Nodule', [NODULE])], schema, true);
  expect(channels).toEqual([{ channel: 2, segment: 1, by: 'code' }]);
  expect(dropped.map(({ name }) => name)).toEqual(['Mass']);
});

test('a locked schema stays as it is, and what it lacks is dropped; another one gets what it lacks', () => {
  const schema = [segment(2, 'Liver')];
  const wanted = [channel(1, 'Liver'), channel(2, 'Spleen', [{ ...LIVER, value: '78961009' }])];
  const locked = matchSegments(wanted, schema, true);
  expect([locked.segments, locked.dropped.map(({ name }) => name)]).toEqual([schema, ['Spleen']]);
  const open = matchSegments(wanted, schema, false);
  expect(open.segments.map(({ number, name }) => `${number} ${name}`)).toEqual(['2 Liver', '1 Spleen']);
  expect(open.channels).toContainEqual({ channel: 2, segment: 1, by: 'added' });
  expect(open.dropped).toEqual([]);
});

test('retired segments are not given', () => {
  expect(matchSegments([channel(1, 'Liver')], [segment(1, 'Liver', [], true)], true).channels).toEqual([]);
});

test('no two channels become one segment, and each is given or dropped', () => {
  const names = fc.constantFrom('Liver', 'Nodule', 'Cyst', 'Spleen');
  const codes = fc.subarray([LIVER, NODULE]);
  const channels = fc
    .array(fc.tuple(names, codes), { maxLength: 6 })
    .map(all => all.map(([name, own], index) => channel(index + 1, name, own)));
  const schema = fc
    .array(fc.tuple(names, codes, fc.boolean()), { maxLength: 6 })
    .map(all => all.map(([name, own, retired], index) => segment(index + 1, name, own, retired)));
  fc.assert(
    fc.property(channels, schema, fc.boolean(), (wanted, known, isFixed) => {
      const matched = matchSegments(wanted, known, isFixed);
      const given = matched.channels.map(each => each.segment);
      expect(new Set(given).size).toBe(given.length);
      expect(matched.channels.length + matched.dropped.length).toBe(wanted.length);
      expect(matched.segments.slice(0, known.length)).toEqual(known);
      if (isFixed) expect(matched.segments).toEqual(known);
      else expect(matched.dropped).toEqual([]);
    }),
    { seed: 20261123, numRuns: 300 }
  );
});
