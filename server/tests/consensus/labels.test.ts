import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrderedSums } from '../../src/consensus/orderedSums.js';
import { stapleMultiLabel, type LabelVotes } from '../../src/consensus/stapleMultiLabel.js';
import { readVotes } from '../../src/consensus/votePatterns.js';
import { Decision, majorityOf, voteKOfN, votePlurality } from '../../src/consensus/votes.js';
import { binaryRecords, multiLabelRecords, votingRecords } from './fixtures.js';

const SEED = 20261024;
const A = [0, 1, 3, 3, 4, 6, 6, 0];
const B = [1, 1, 2, 4, 4, 5, 7, 1];
const C = [0, 2, 2, 3, 5, 5, 6, 8];

function votesOf(reads: readonly (readonly number[])[]): LabelVotes {
  const size = reads[0]?.length ?? 0;
  return {
    readers: reads.length,
    table: Uint8Array.from(
      { length: size * reads.length },
      (_, n) => reads[n % reads.length]?.[Math.floor(n / reads.length)] ?? 0
    ),
    counts: new Float64Array(size).fill(1)
  };
}

/** Votes with the patterns of a binary record. */
function votesOfFixture(fixture: string): LabelVotes | null {
  const record = binaryRecords.find(each => each.fixture === fixture);
  if (record === undefined) return null;
  const keys = Object.keys(record.W);
  return {
    readers: record.p.length,
    table: Uint8Array.from(keys.flatMap(key => Array.from(key, Number))),
    counts: Float64Array.from(keys, key => record.W[key]?.[0] ?? 0)
  };
}

function countLabels({ counts }: LabelVotes, winners: ArrayLike<number>): Record<string, number> {
  const sums: Record<string, number> = {};
  counts.forEach((count, n) => {
    const winner = String(winners[n]);
    sums[winner] = (sums[winner] ?? 0) + count;
  });
  return sums;
}

describe('multi-label STAPLE answers as ITK does with double precision', () => {
  test.each(multiLabelRecords.map(record => [record.fixture, record] as const))('%s', (fixture, record) => {
    const votes =
      fixture === 'itk_AB' ? votesOf([A, B]) : fixture === 'itk_ABC' ? votesOf([A, B, C]) : votesOfFixture(fixture);
    if (votes === null) throw new TypeError(`${fixture} has no votes.`);
    // These were made by an ITK whose seeds count ties for another label.
    const { labels, confusion, priors, winners } = stapleMultiLabel(votes, { compatibility: 'itk5.2' });
    expect(labels).toBe(record.undecided);
    for (let c = 0; c < labels; c++) expect(priors[c]).toBeCloseTo(record.prior[c] ?? NaN, 8);
    record.cm.forEach((rows, r) =>
      rows.forEach((row, j) =>
        row.forEach((rate, c) => expect(confusion[(r * (labels + 1) + j) * labels + c]).toBeCloseTo(rate, 7))
      )
    );
    expect(countLabels(votes, winners)).toEqual(record.labelCounts);
  });

  test("ITK's own arrays", () => {
    expect([...stapleMultiLabel(votesOf([A, B]), { compatibility: 'itk5.2' }).winners]).toEqual([
      8, 1, 8, 8, 4, 8, 8, 8
    ]);
    expect([...stapleMultiLabel(votesOf([A, B, C]), { compatibility: 'itk5.2' }).winners]).toEqual([
      0, 1, 2, 3, 4, 5, 6, 9
    ]);
  });

  test('seeds skip ties', () => {
    const votes = votesOf([
      [0, 1, 0, 1],
      [0, 1, 1, 0]
    ]);
    const { confusion, winners } = stapleMultiLabel(votes, { maximumIterations: 0 });
    expect([...confusion]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
    expect([...winners]).toEqual([0, 1, 2, 2]);
  });

  test('counts beyond 2^24 are counted', () => {
    const counts = Float64Array.of(2 ** 25, 4000, 300, 200);
    const votes = { readers: 3, table: Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1), counts };
    const { priors } = stapleMultiLabel(votes);
    expect(priors[1]).toBeCloseTo((3 * 4000 + 2 * 300 + 2 * 200) / (3 * (2 ** 25 + 4500)), 12);
  });
});

describe('votes', () => {
  test.each(
    votingRecords
      .filter(({ fixture }) => binaryRecords.some(each => each.fixture === fixture))
      .map(r => [r.fixture, r] as const)
  )('the most frequent label is that of ITK: %s', (fixture, record) => {
    const votes = votesOfFixture(fixture);
    if (votes === null) throw new TypeError(`${fixture} has no votes.`);
    const { labels, undecided } = votePlurality(votes, null, 'undecided');
    expect(
      countLabels(
        votes,
        labels.map((label, n) => (undecided[n] === 1 ? 2 : label))
      )
    ).toEqual(record.labelCounts);
  });

  const votes = { readers: 4, marks: Uint32Array.of(0, 1, 3, 7, 15), counts: new Float64Array(5) };

  test('half of the readers are a tie for the majority, and enough for half', () => {
    expect(majorityOf(4)).toBe(3);
    expect([...voteKOfN(votes, null, 'undecided')]).toEqual([0, 0, Decision.undecided, 1, 1]);
    expect([...voteKOfN(votes, null, 'foreground')]).toEqual([0, 0, 1, 1, 1]);
    expect([...voteKOfN(votes, 2, 'undecided')]).toEqual([0, 0, 1, 1, 1]);
    expect([...voteKOfN(votes, 4, 'undecided')]).toEqual([0, 0, 0, 0, 1]);
  });
});

test('the patterns of random reads are those of their voxels', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 16 })
        .chain(readers =>
          fc.array(fc.uint8Array({ minLength: 60, maxLength: 60, max: 3 }), { minLength: readers, maxLength: readers })
        ),
      reads => {
        const { box, index, table, counts, readers } = readVotes(reads, [5, 4, 3]);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
        for (let voxel = 0; voxel < 60; voxel++) {
          const at = [voxel % 5, Math.floor(voxel / 5) % 4, Math.floor(voxel / 20)] as const;
          const isIn = box !== null && at.every((x, a) => x >= (box.min[a] ?? 0) && x <= (box.max[a] ?? -1));
          let pattern = 0;
          if (isIn) {
            const [ni, nj] = [box.max[0] - box.min[0] + 1, box.max[1] - box.min[1] + 1];
            pattern = index[at[0] - box.min[0] + ni * (at[1] - box.min[1] + nj * (at[2] - box.min[2]))] ?? 0;
          }
          expect([...table.subarray(pattern * readers, (pattern + 1) * readers)]).toEqual(
            reads.map(read => read[voxel])
          );
        }
      }
    ),
    { seed: SEED, numRuns: 200 }
  );
});

test('sums of runs are rounded as sums of single numbers', () => {
  const run = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 3000 }));
  const dyadic = fc.tuple(
    fc.integer({ min: 0, max: 64 }).map(n => n / 64 + 2 ** -50),
    fc.integer({ min: 1, max: 3000 })
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(run, dyadic), { maxLength: 12 }), runs => {
      const sums = new OrderedSums(1);
      let expected = 0;
      for (const [number, times] of runs) {
        sums.add(0, number, times);
        for (let n = 0; n < times; n++) expected += number;
      }
      expect(sums.values[0]).toBe(expected);
    }),
    { seed: SEED, numRuns: 500 }
  );
});
