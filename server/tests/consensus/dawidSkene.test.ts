import { describe, expect, test } from 'vitest';
import { dawidSkene, type Answer } from '../../src/consensus/dawidSkene.js';

/** Answers of crowd-kit's tests (Apache-2.0): n, y or no answer, per task and worker. */
const TABLE = ['ny-yn', 'yyynn', 'ynnyn', 'yyyyy', 'ynnnn'];
const ANSWERS: Answer[] = TABLE.flatMap((row, item) =>
  Array.from(row).flatMap((said, reader) => (said === '-' ? [] : [{ item, reader, category: said === 'n' ? 0 : 1 }]))
);

/** The tolerance of crowd-kit's own test: its figures have two digits. */
function near(actual: number | undefined, expected: number): void {
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(0.0051);
}

describe('Dawid-Skene follows the steps of crowd-kit', () => {
  test.each([
    [0, [0.5, 0.4, 0.6, 0, 0.8], [0.46, 0.54], [0.22, 0.19, 0.61, 0.22, 0.78, 0.27, 0.52, 0.3, 1, 0.63]],
    [1, [0.35, 0.26, 0.87, 0, 0.95], [0.49, 0.51], [0.14, 0.25, 0.75, 0.07, 0.87, 0.09, 0.5, 0.31, 1, 0.61]]
  ])('after %i iterations', (maximumIterations, no, priors, errors) => {
    const estimate = dawidSkene(ANSWERS, 5, 5, 2, { maximumIterations });
    no.forEach((expected, item) => near(estimate.probabilities[2 * item], expected));
    priors.forEach((expected, category) => near(estimate.priors[category], expected));
    // P(says no | no), P(says no | yes) of each worker.
    errors.forEach((expected, n) => near(estimate.errors[4 * Math.floor(n / 2) + (n % 2)], expected));
  });
});

test('agreed answers stand, and what nobody answered stays open', () => {
  const answers = [0, 1, 2].map(reader => ({ item: 0, reader, category: 1 }));
  expect(dawidSkene(answers, 2, 3, 3).winners).toEqual([1, null]);
});

test('a tie of two readers stays open', () => {
  const answers = [0, 1].map(reader => ({ item: 0, reader, category: reader }));
  expect(dawidSkene(answers, 1, 2, 2).winners).toEqual([null]);
});
