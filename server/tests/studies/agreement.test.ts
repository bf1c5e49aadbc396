import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestService } from '../http/testService.js';
import { GRID, TruthStudy } from './support/truth.js';

let service: TestService;
let study: TruthStudy;

beforeAll(async () => {
  service = await TestService.start();
  study = await TruthStudy.start(service);
  await study.read();
  await study.consensus();
});
afterAll(() => service.stop());

/** ml; voxels of 2 x 3 x 4 mm. */
const ML = (2 * 3 * 4) / 1000;

test('the agreement of a project has every case that has a consensus, by reader', async () => {
  const agreement = await study.lead.call('getProjectAgreement', { params: { projectId: study.projectId } });
  expect(agreement.readers.map(({ username }) => username)).toEqual(['ada', 'ben', 'cleo']);
  const [only] = agreement.cases;
  expect(only?.caseId).toBe(study.caseId);
  // A box of 10 x 8 x 6 voxels, with two, two and one lesion of 8 voxels in it; the second one lacks a side.
  expect(only?.volumes.map(({ number, username, volumeMl }) => [number, username, Math.round(volumeMl / ML)])).toEqual([
    [1, 'ada', 464],
    [2, 'ada', 16],
    [1, 'ben', 416],
    [2, 'ben', 16],
    [1, 'cleo', 472],
    [2, 'cleo', 8]
  ]);
  expect(only?.lesions.map(({ readers }) => readers.map(({ username, present }) => [username, present]))).toEqual([
    [
      ['ada', true],
      ['ben', true],
      ['cleo', true]
    ],
    [
      ['ada', true],
      ['ben', true],
      ['cleo', false]
    ]
  ]);
  expect(GRID).toEqual([12, 10, 8]);
});

test('differences are between two readers, and intervals are refused below ten cases', async () => {
  const { pooled } = await study.lead.call('getProjectAgreement', { params: { projectId: study.projectId } });
  const [liver, tumour] = pooled;
  expect(liver?.dice.cases).toBe(1);
  expect(liver?.dice.interval).toBeNull();
  expect(liver?.dice.reason).toContain('ten');
  expect(liver?.strata).toEqual([]);
  const between = liver?.volumes.map(({ first, second, bias, limits }) => [
    first,
    second,
    Math.round((bias ?? 0) / ML),
    limits
  ]);
  expect(between).toEqual([
    ['ada', 'ben', 48, null],
    ['ada', 'cleo', -8, null],
    ['ben', 'cleo', -56, null]
  ]);
  expect(liver?.icc).toMatchObject({ value: null, cases: 1 });
  expect(tumour?.strata.map(({ from, below, lesions, accepted }) => [from, below, lesions, accepted])).toEqual([
    [0, 10, 2, 2],
    [10, 20, 0, 0],
    [20, 30, 0, 0],
    [30, null, 0, 0]
  ]);
  expect(tumour?.strata[0]?.detection.value).toBeCloseTo((1 + 2 / 3) / 2, 12);
});

test('readers of a blind study learn nothing from it', async () => {
  const params = { projectId: study.projectId };
  const { cases, readers, pooled } = await study.as('ada').call('getProjectAgreement', { params });
  expect([cases, readers]).toEqual([[], []]);
  expect(pooled.map(({ dice, volumes }) => [dice.value, volumes])).toEqual([
    [null, []],
    [null, []]
  ]);
});
