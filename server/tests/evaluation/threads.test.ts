import type { Dims } from '@voxcord/schemas/labelmap';
import { expect, it } from 'vitest';
import { evaluateInThread } from '../../src/evaluation/evaluationThread.js';
import { evaluateCase, EvaluationError } from '../../src/evaluation/index.js';
import { ThreadCancelled } from '../../src/threads/runInThread.js';
import { caseOf, LESION, SETTINGS } from './support/cases.js';

/** Large enough for a thread of its own. */
const DIMS: Dims = [110, 100, 100];
const TRUTH = [
  { at: [10, 10, 10], size: [12, 9, 5] },
  { at: [60, 60, 60], size: [3, 3, 3] }
] as const;
const input = caseOf(DIMS, TRUTH, [{ at: [12, 10, 10], size: [12, 9, 5] }]);

it('a large case is measured in a thread, with the same figures', async () => {
  const { signal } = new AbortController();
  expect(await evaluateInThread(input, SETTINGS, signal)).toEqual(evaluateCase(input, SETTINGS));
});

it('what is refused in a thread is refused', async () => {
  const { signal } = new AbortController();
  const scores = new Map([[LESION, new Float32Array(3)]]);
  await expect(evaluateInThread({ ...input, scores }, SETTINGS, signal)).rejects.toThrow(EvaluationError);
});

it('a thread is given up when it is cancelled', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(evaluateInThread(input, SETTINGS, abort.signal)).rejects.toThrow(ThreadCancelled);
});
