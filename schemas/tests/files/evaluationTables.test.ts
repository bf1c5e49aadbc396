import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Evaluation, EvaluationResult } from '../../src/api/index.js';
import { evaluationEstimates, evaluationTables } from '../../src/files/index.js';

/** A reader with a found and a missed lesion, and a false mark; a second case that is left out. */
function result(): EvaluationResult {
  const file = new URL('../../fixtures/Evaluation/computed.json', import.meta.url);
  const evaluation = JSON.parse(readFileSync(file, 'utf8')) as Evaluation;
  if (evaluation.result === null) throw new Error('The evaluation is computed.');
  return evaluation.result;
}

function rows(of: EvaluationResult, name: string): string[][] {
  const table = evaluationTables(of).find(each => each.name === name);
  return (table?.text ?? '')
    .split('\r\n')
    .slice(0, -1)
    .map(line => line.split(','));
}

test('every figure over cases names its definition, and how many patients it rests on', () => {
  const [head = [], ...figures] = rows(result(), 'figures.csv');
  expect(figures.length).toBe(evaluationEstimates(result()).length);
  const column = (name: string): number => head.indexOf(name);
  for (const row of figures) {
    expect(row[column('definition')]).toMatch(/^[a-z][a-z0-9.-]*$/);
    expect(row[column('patients')]).toMatch(/^\d+$/);
  }
  const sensitivities = figures.filter(row => row[column('definition')] === 'lesion.sensitivity');
  expect(sensitivities.map(row => [row[column('size from (mm)')], row[column('value')]])).toEqual([
    ['', '0.5'],
    ['0', '1'],
    ['10', '0'],
    ['20', ''],
    ['30', '']
  ]);
});

test('cases that are left out stand in the table of cases, without figures', () => {
  const [head = [], ...cases] = rows(result(), 'cases.csv');
  expect(cases.map(row => [row[1], row[2], row[head.indexOf('dice')] === ''])).toEqual([
    ['Case 1', 'measured', false],
    ['Case 1', 'measured', false],
    ['Case 2', 'left-out', true]
  ]);
  for (const row of cases) expect(row.length).toBe(head.length);
});

test('lesions are told with their outcome and place', () => {
  const [head = [], ...lesions] = rows(result(), 'lesions.csv');
  expect(lesions.map(row => row[head.indexOf('outcome')])).toEqual(['found', 'missed', 'false-positive']);
  expect(lesions.every(row => Number.isFinite(Number(row[head.indexOf('x (mm)')])))).toBe(true);
});

test('texts stay in their cell, and none is a formula of a spreadsheet', () => {
  const named = result();
  const [first] = named.cases;
  if (first === undefined) throw new Error('There is a case.');
  const hostile = { ...named, cases: [{ ...first, title: '=cmd("a,b")\r\n"quoted"' }] };
  const [, text = ''] = evaluationTables(hostile).map(table => table.text);
  expect(text).toContain(`,"'=cmd(""a,b"")\r\n""quoted""",measured,`);
});
