import { readFileSync } from 'node:fs';
import type { Evaluation } from '@voxcord/schemas/api';
import { expect, test } from 'vitest';
import { downloadsOf } from '../../src/evaluation/downloads.js';
import { figureText, intervalText, isPrimary } from '../../src/evaluation/evaluationTexts.js';

function fixture(name: string): Evaluation {
  const file = new URL(`../../../schemas/fixtures/Evaluation/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Evaluation;
}

test('what is downloaded is called by reader and release, and the JSON is the evaluation', () => {
  const evaluation = fixture('computed');
  const downloads = downloadsOf(evaluation);
  expect(downloads.map(({ name }) => name)).toEqual([
    'model-liver-demo-1.0.0-1.0.0-figures.csv',
    'model-liver-demo-1.0.0-1.0.0-cases.csv',
    'model-liver-demo-1.0.0-1.0.0-lesions.csv',
    'model-liver-demo-1.0.0-1.0.0-froc.csv',
    'model-liver-demo-1.0.0-1.0.0-evaluation.json'
  ]);
  expect(JSON.parse(downloads.at(-1)?.text ?? '')).toEqual(evaluation);
});

test('there is nothing to download until it is computed', () => {
  expect(downloadsOf(fixture('running'))).toEqual([]);
});

test('a share is written as a share, a length with three digits, and what is not there as a dash', () => {
  expect([figureText(0.8734), figureText(1, 'count'), figureText(12.345, 'mm'), figureText(null)]).toEqual([
    '.873',
    '1',
    '12.3',
    '–'
  ]);
  // Never rounded up to 1.
  expect(figureText(0.99999)).toBe('.999');
  expect(intervalText({ value: 0.5, interval: [0.25, 0.75], cases: 10, reason: null })).toBe('.250 – .750');
  expect(intervalText({ value: 0.5, interval: null, cases: 9, reason: 'too few' })).toBe('–');
});

test('figures by the surface definition of the protocol come first', () => {
  const all = ['dice', 'volume.relative-to-mean', 'hd95.deepmind', 'hd95.mesh', 'nsd.deepmind.tau-2mm'];
  expect(all.filter(definition => isPrimary(definition, 'deepmind'))).toEqual([
    'dice',
    'volume.relative-to-mean',
    'hd95.deepmind',
    'nsd.deepmind.tau-2mm'
  ]);
});
