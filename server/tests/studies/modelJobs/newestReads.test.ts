import type { StoredRead } from '../../../src/projects/records.js';
import type { SeenCase } from '../../../src/projects/projectAccess.js';
import { readsOfModels } from '../../../src/studies/consensus/modelReads.js';
import { evaluatedRead } from '../../../src/studies/evaluations/evaluableReads.js';
import { expect, test } from 'vitest';

/** Of a model, under a version of the protocol; null: without one. */
function readBy(username: string, version: number | null, id: string): StoredRead {
  return {
    id,
    purpose: 'model',
    reader: { username },
    protocol: version === null ? null : { version },
    repeatOf: null,
    revisions: [id],
    withdrawn: false
  } as unknown as StoredRead;
}

const idsOf = (reads: readonly StoredRead[]): string[] => reads.map(({ id }) => id);

test('of each model the newest read counts, but for one that came late from an earlier version of the protocol', () => {
  const [first, other, again] = [readBy('a', 1, 'first'), readBy('b', 1, 'other'), readBy('a', 1, 'again')];
  const [later, late] = [readBy('a', 2, 'later'), readBy('a', 1, 'late')];
  expect(idsOf(readsOfModels([first, readBy('a', null, 'before'), other]))).toEqual(['first', 'other']);
  expect(idsOf(readsOfModels([first, other, again]))).toEqual(['other', 'again']);
  expect(idsOf(readsOfModels([first, other, later, late]))).toEqual(['other', 'later']);

  const view = { rightsTo: () => ({ mayView: true }) };
  const evaluated = (...reads: StoredRead[]): string | undefined =>
    evaluatedRead({ reads, view } as unknown as SeenCase, 'a')?.id;
  expect([evaluated(first, again), evaluated(first, later, late), evaluated(other)]).toEqual([
    'again',
    'later',
    undefined
  ]);
});
