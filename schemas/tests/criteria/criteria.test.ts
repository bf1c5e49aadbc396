import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkCondition,
  CriterionError,
  evaluateCondition,
  EXPRESSION_LIMITS,
  figuresOfConsensus,
  QUANTITIES,
  UNITS,
  type Vocabulary
} from '../../src/criteria/index.js';
import { CONSENSUS, SEGMENTS } from './figures.js';

const figures = figuresOfConsensus(CONSENSUS, SEGMENTS);
const VOCABULARY: Vocabulary = { segments: SEGMENTS, readers: ['A', 'B', 'C'] };

const met = (text: string): boolean | null => evaluateCondition(text, figures).met;

function refusal(text: string): string {
  try {
    checkCondition(text, VOCABULARY);
  } catch (error) {
    if (error instanceof CriterionError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a condition', () => {
  test.each([
    ['volume(tumour) / volume(liver) < 1%', true],
    ['volume(tumour) == 9 ml', true],
    ['volume(tumour) == 9 cm^3 and volume(tumour) == 9000 mm^3 and volume(tumour) == 9 cc', true],
    ['volume("tumour", "A") - volume(tumour, B) == 2 ml', true],
    ['dice(tumour) >= 0.7 and hd95(tumour) <= 6 mm', true],
    ['dice(tumour) > 0.7', false],
    ['dice(tumour, "B", "C") == 0.9 and dice(tumour, "C", "B") == 0.9', true],
    ['dice(liver, "A", "B") >= 0.96', true],
    ['mean(dice(tumour)) == 0.8', true],
    ['max(dice(tumour)) == 0.9 and min(dice(tumour)) == dice(tumour)', true],
    ['max(dice(tumour), dice(liver)) == 0.94', true],
    ['hd95(tumour) <= 0.6 cm', true],
    ['not (hd95(liver) > 4 mm) or false', true],
    ['0.5 < dice(tumour) <= 0.7', true],
    ['0.5 < dice(tumour) < 0.7', false],
    ['abs(volume(tumour, "A") - volume(tumour)) / volume(tumour) <= 0.12', true],
    ['volumeDifference(tumour) <= 1.5 ml', true],
    ['lesions(tumour) == 2 and lesions(tumour, "A") == 3 and lesions(tumour, "B") == 1', true],
    ['lesionRecall("A") == 1 and lesionRecall(tumour, "B") == 0.5', true],
    ['lesionRecall >= 0.5 and lesionsDisputed(tumour) == 2', true],
    ['diameter(tumour) == 24 mm and min(diameter(tumour)) == 8 mm', true],
    ['undecidedShare(tumour) == 10% and undecidedShare == undecidedShare(tumour)', true],
    ['sensitivity(tumour) == 0.8', true],
    ['fleissKappa == 0.7', true],
    ['readers >= 3 and disputes == 0 and disputedVolume == 0 ml', true],
    ['volume(Tumour) == volume(tumour)', true],
    ['-dice(tumour) < 0', true],
    ['undecidedShare(tumour) <= 10.0 % or dice(liver) > 5% * 2', true],
    // As three tenths in binary are not the sum of one and two.
    ['0.1 + 0.2 == 0.3', true]
  ])('%s', (text, expected) => {
    expect(refusal(text)).toBe('accepted');
    expect(met(text)).toBe(expected);
  });

  test('tells the figures that it was decided on, each in its unit', () => {
    expect(evaluateCondition('hd95(tumour) <= 5 mm and volume("portal vein") >= 0 ml', figures)).toEqual({
      met: null,
      values: [
        { name: 'hd95(tumour)', value: 6, unit: 'mm' },
        { name: 'volume("portal vein")', value: null, unit: 'ml' }
      ],
      reason: 'volume("portal vein") has no value: there is nothing to measure.'
    });
  });

  test('the letter of a reader is the reader, whatever segments are called', () => {
    expect(evaluateCondition('lesionRecall("B") <= 0.5', figures)).toMatchObject({ met: true });
    expect(refusal('volume("B") > 1 ml')).toBe('criterion.arguments');
  });

  test('a lesion that only one of two readers has marked is no good distance, but no distance', () => {
    const { met: answer, reason } = evaluateCondition('hd95("portal vein") <= 5 mm', figures);
    expect(answer).toBeNull();
    expect(reason).toContain('of readers A and C only one has marked segment 3');
    expect(met('dice("portal vein") == 0')).toBe(true);
  });

  test('readers who agree that nothing is there have no Dice', () => {
    expect(evaluateCondition('dice("portal vein", "A", "B") >= 0.8', figures)).toMatchObject({
      met: null,
      reason: 'dice("portal vein", "A", "B") has no value: none of the readers compared has marked anything.'
    });
  });

  test('a division by zero has no answer', () => {
    expect(evaluateCondition('1 / disputes > 1', figures)).toMatchObject({
      met: null,
      reason: 'It divides by zero here.'
    });
  });
});

describe('an expression is refused, with a text that helps', () => {
  test.each([
    ['', 'criterion.syntax'],
    ['dice >=', 'criterion.syntax'],
    ['dice >= 0.8 &&', 'criterion.syntax'],
    ['dice', 'criterion.not-a-condition'],
    ['5 mm', 'criterion.not-a-condition'],
    ['hd95 <= 5', 'criterion.units'],
    ['hd95 <= 5 ml', 'criterion.units'],
    ['volume(tumour) > 5 mm', 'criterion.units'],
    ['volume(tumour) + 1 > 5 ml', 'criterion.units'],
    ['(dice > 0.5) + 1 > 1', 'criterion.units'],
    ['max(dice, hd95) > 1', 'criterion.units'],
    ['disc >= 0.8', 'criterion.unknown-name'],
    ['volume(tumor) > 1 ml', 'criterion.unknown-name'],
    ['dice("A", "D") > 0.8', 'criterion.unknown-name'],
    ['dice >= 0.8 foot', 'criterion.unknown-name'],
    ['sqrt(dice) > 0.5', 'criterion.unknown-name'],
    ['volume > 5 ml', 'criterion.arguments'],
    ['dice("A") > 0.5', 'criterion.arguments'],
    ['dice("A", "A") > 0.5', 'criterion.arguments'],
    ['volume(5) > 5 ml', 'criterion.arguments'],
    ['readers("A") > 1', 'criterion.arguments'],
    ['"A" > 1', 'criterion.arguments'],
    ['x = 5', 'criterion.not-allowed'],
    ['f(x) = x', 'criterion.not-allowed'],
    ['dice.constructor', 'criterion.not-allowed'],
    ['dice["constructor"]', 'criterion.not-allowed'],
    ['[1, 2] == 1', 'criterion.not-allowed'],
    ['1:1000000000', 'criterion.not-allowed'],
    ['dice > 0.5 ? true : false', 'criterion.not-allowed'],
    ['{a: 1}', 'criterion.not-allowed'],
    ['dice; true', 'criterion.not-allowed'],
    ['170! > 1', 'criterion.not-allowed'],
    ['2 ^ 1000 > 1', 'criterion.not-allowed'],
    ['2 ^ disputes > 1', 'criterion.not-allowed'],
    ['1e999 > 1', 'criterion.not-allowed'],
    ['dice xor true', 'criterion.not-allowed'],
    ['1 | 2 > 0', 'criterion.not-allowed'],
    ['import({})', 'criterion.unknown-name'],
    ['evaluate("1")', 'criterion.unknown-name'],
    ['createUnit("foo")', 'criterion.unknown-name'],
    ['parse("1")(2)', 'criterion.unknown-name'],
    ['constructor', 'criterion.unknown-name'],
    ['__proto__ > 1', 'criterion.unknown-name'],
    ['toString()', 'criterion.unknown-name'],
    ['volume("__proto__") > 1 ml', 'criterion.unknown-name'],
    ['('.repeat(200) + 'true' + ')'.repeat(200), 'criterion.too-complex'],
    [`${'not '.repeat(120)}true`, 'criterion.too-complex'],
    [Array.from({ length: 120 }, () => '1').join('+'), 'criterion.too-complex'],
    ['dice >= 0.8 or '.repeat(40), 'criterion.too-complex']
  ])('%s', (text, code) => expect(refusal(text)).toBe(code));

  test('a misspelt name is answered with the one that is meant', () => {
    expect(() => checkCondition('hd59 <= 5 mm', VOCABULARY)).toThrow('Do you mean hd95?');
    expect(() => checkCondition('volume(tumor) > 1 ml', VOCABULARY)).toThrow('Do you mean "tumour"?');
  });

  test('what names and units do is known before there are figures', () => {
    expect(refusal('volume(tumour) / volume(liver) < 0.5 and dice >= 0.8')).toBe('accepted');
    expect(evaluateCondition('hd95(liver) <= 5', figures).reason).toContain('a length and a plain number');
  });
});

describe('whatever is written', () => {
  const words = [
    ...Object.keys(QUANTITIES),
    ...Object.keys(UNITS),
    ...['tumour', '"portal vein"', '"A"', '"B"', '"', "'", '(', ')', '[', ']', '{', '}', ',', ';', ':', '?', '.', '!'],
    ...[
      '+',
      '-',
      '*',
      '/',
      '^',
      '%',
      '<',
      '<=',
      '>',
      '>=',
      '==',
      '!=',
      '=',
      'and',
      'or',
      'not',
      'xor',
      'to',
      'in',
      '->'
    ],
    ...[
      'mean',
      'max',
      'abs',
      '1',
      '0',
      '0.8',
      '1e308',
      '1e-308',
      'true',
      'null',
      'i',
      'end',
      'Infinity',
      'NaN',
      '\\',
      '\n'
    ],
    ...[
      'constructor',
      '__proto__',
      'prototype',
      'this',
      'globalThis',
      'import',
      'eval',
      'Function',
      'process',
      '#',
      'e',
      'pi'
    ]
  ];
  const hostile = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map(parts => parts.join(' ')),
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map(parts => parts.join('')),
    fc.string({ maxLength: EXPRESSION_LIMITS.characters + 20 }),
    fc.string({ unit: 'binary', maxLength: 200 })
  );

  test('it is accepted and has an answer or a reason, or is refused by a typed error', () => {
    const globals = Object.keys(globalThis).sort();
    let accepted = 0;
    fc.assert(
      fc.property(hostile, text => {
        const code = refusal(text);
        const { met: answer, reason } = evaluateCondition(text, figures);
        if (code === 'accepted') accepted += 1;
        else expect(answer).toBeNull();
        expect(reason === null).toBe(answer !== null);
      }),
      { numRuns: 20_000, seed: 20_260_101 }
    );
    expect(accepted).toBeGreaterThan(0);
    expect(Object.keys(globalThis).sort()).toEqual(globals);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
