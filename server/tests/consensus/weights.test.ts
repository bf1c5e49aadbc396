import { expect, test } from 'vitest';
import { consensusOfCase, type CaseRead, type LesionRule } from '../../src/consensus/index.js';

const DIMS = [12, 4, 4] as const;
const LESION: LesionRule = {
  kind: 'lesion',
  segment: 1,
  matching: { minimumIou: 0.1, centroidInMask: true, maximumDistance: 0 },
  presence: null,
  shape: { id: 'vote.kofn', threshold: null, ties: 'foreground' }
};

/** A lesion of 2 x 2 x 2 voxels from each of these places along i. */
function read(id: string, weight: number, places: readonly number[]): CaseRead {
  const labels = new Uint8Array(DIMS[0] * DIMS[1] * DIMS[2]);
  for (const place of places) {
    for (let k = 1; k < 3; k++)
      for (let j = 1; j < 3; j++) for (let i = 0; i < 2; i++) labels[place + i + 12 * (j + 4 * k)] = 1;
  }
  return { id, weight, labels };
}

/** Places of lesions that are accepted. Two people see the first, one of them and half a reader the second, it alone the third. */
function accepted(presence: number | null, half: number): number[] {
  const reads = [read('a', 1, [0, 4]), read('b', 1, [0]), read('half', half, [4, 8])];
  const { lesions } = consensusOfCase({ dims: DIMS, spacing: [1, 1, 1], reads, rules: [{ ...LESION, presence }] });
  return lesions.flatMap(lesion => (lesion.accepted ? [lesion.box.min[0]] : []));
}

test('a lesion is there if readers of more than half of the weight saw it, or as much as is asked for', () => {
  expect(accepted(null, 0.5)).toEqual([0, 4]);
  expect(accepted(2, 0.5)).toEqual([0]);
  expect(accepted(1, 0.5)).toEqual([0, 4]);
  expect(accepted(null, 1)).toEqual([0, 4]);
  expect(accepted(2, 1)).toEqual([0, 4]);
});

test('without any weight nothing that a reader marks is a lesion, or takes one away', () => {
  expect(accepted(null, 0)).toEqual([0]);
  expect(accepted(1, 0)).toEqual([0, 4]);
});

test('how probable it is that a lesion exists follows the weights of those who saw it', () => {
  const reads = [read('a', 1, [0]), read('b', 1, []), read('half', 0.5, [0])];
  const { lesions } = consensusOfCase({ dims: DIMS, spacing: [1, 1, 1], reads, rules: [LESION] });
  expect(lesions.map(({ existence }) => existence)).toEqual([2.5 / 4.5]);
});
