import type { LesionMatching, ShapeMethod } from '@voxcord/schemas/api';
import type { Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consensusOfCase,
  ConsensusError,
  softValuesIn,
  type CaseConsensus,
  type CaseInput,
  type CaseRead,
  type SegmentRule
} from '../../src/consensus/index.js';
import { balls, countOf, cube, fiveReaders, oneOfThreeMissed, twoReaders, widened, type Ball } from './masks.js';

const SEED = 20261025;
const VOTE: ShapeMethod = { id: 'vote.kofn', threshold: null, ties: 'undecided' };
const STAPLE: ShapeMethod = {
  id: 'staple.binary.itk',
  confidenceWeight: 1,
  region: { rule: 'margin', millimetres: 10 }
};
const MATCHING: LesionMatching = { minimumIou: 0.1, centroidInMask: true, maximumDistance: 1 };

function structure(method: ShapeMethod, segment = 1): SegmentRule {
  return { kind: 'structure', segment, method };
}

function lesions(shape: ShapeMethod, presence: number | null = null, segment = 1): SegmentRule {
  return { kind: 'lesion', segment, matching: MATCHING, presence, shape };
}

function consensus(
  reads: readonly (Uint8Array | CaseRead)[],
  dims: Dims,
  rules: readonly SegmentRule[],
  spacing: CaseInput['spacing'] = [1, 1, 1]
): CaseConsensus {
  const named = reads.map((read, n) => (read instanceof Uint8Array ? { id: 'ABCDEFG'[n] ?? '', labels: read } : read));
  return consensusOfCase({ dims, spacing, reads: named, rules });
}

const codes = ({ warnings }: CaseConsensus): string[] => warnings.map(({ code }) => code);

/** Readers of one to four lesions, each seen by some and drawn a little differently. */
const scene = fc
  .array(
    fc.record({
      at: fc.tuple(fc.integer({ min: 4, max: 19 }), fc.integer({ min: 4, max: 19 }), fc.integer({ min: 4, max: 19 })),
      drawn: fc.array(
        fc.option(fc.tuple(fc.integer({ min: -1, max: 1 }), fc.constantFrom(1.5, 2, 2.5, 3)), { freq: 4 }),
        {
          minLength: 4,
          maxLength: 4
        }
      )
    }),
    { minLength: 1, maxLength: 4 }
  )
  .map(objects =>
    [0, 1, 2, 3].map(reader =>
      balls(
        cube(24),
        objects.flatMap(({ at, drawn }): Ball[] => {
          const own = drawn[reader];
          return own === null || own === undefined ? [] : [[at[0] + own[0], at[1], at[2], own[1]]];
        })
      )
    )
  );

describe('lesions', () => {
  test('one that two of three readers saw exists, with the shape of those who saw it', () => {
    const result = consensus(oneOfThreeMissed(32), cube(32), [lesions(VOTE)]);
    expect(result.lesions).toHaveLength(1);
    expect(result.lesions[0]).toMatchObject({ votes: 2, asked: 3, accepted: true, existence: 0.6 });
    expect(result.segments[0]?.voxels).toBe(94);
    expect(result.disputes[0]).toMatchObject({ kind: 'presence', lesion: 1 });
    expect(result.disputes[0]?.candidates.map(({ present }) => present)).toEqual([true, true, false]);
  });

  test('one that one of three saw does not, and is a dispute', () => {
    const seen = balls(cube(20), [[10, 10, 10, 3]]);
    const result = consensus([seen, new Uint8Array(8000), new Uint8Array(8000)], cube(20), [lesions(STAPLE)]);
    expect(countOf(result.labels)).toBe(0);
    expect(result.lesions[0]).toMatchObject({ accepted: false, existence: 0.4, voxels: countOf(seen), diameter: 6 });
    expect(result.disputes).toHaveLength(1);
    expect(result.disputes[0]).toMatchObject({ kind: 'presence', voxels: countOf(seen), consensus: { voxels: 0 } });
    expect(consensus([seen, new Uint8Array(8000), new Uint8Array(8000)], cube(20), [lesions(VOTE, 1)]).labels).toEqual(
      seen
    );
  });

  test('what was not read is not a vote against', () => {
    const seen = balls(cube(20), [[10, 10, 10, 3]]);
    const silent: CaseRead = { id: 'C', labels: new Uint8Array(8000), notRead: [1] };
    const result = consensus([seen, { id: 'B', labels: seen }, silent], cube(20), [lesions(VOTE, 2)]);
    expect(result.lesions[0]).toMatchObject({ votes: 2, asked: 2, accepted: true });
    expect(result.lesions[0]?.readers.map(({ present }) => present)).toEqual([true, true, null]);
    expect(result.disputes).toEqual([]);
    expect(result.disagreement.every(value => value === 0)).toBe(true);
  });

  test('two objects of one reader in one of another are one lesion, and it is said', () => {
    const whole = balls(cube(24), [
      [8, 12, 12, 4],
      [14, 12, 12, 3],
      [11, 12, 12, 3]
    ]);
    const parts = balls(cube(24), [
      [7, 12, 12, 3],
      [15, 12, 12, 2]
    ]);
    const result = consensus([whole, parts, whole], cube(24), [lesions(VOTE)]);
    expect(result.lesions.map(({ votes }) => votes)).toEqual([3]);
    expect(result.warnings).toContainEqual(expect.objectContaining({ code: 'lesion.split', segment: 1 }));
  });

  test('lesions side by side stay apart', () => {
    const read = (shift: number): Uint8Array =>
      balls(cube(32), [
        [8 + shift, 16, 16, 3],
        [22, 16 + shift, 16, 4]
      ]);
    const result = consensus([read(0), read(1), read(0)], cube(32), [lesions(STAPLE)]);
    expect(result.lesions.map(({ votes, accepted }) => [votes, accepted])).toEqual([
      [3, true],
      [3, true]
    ]);
  });

  test('background around the image changes nothing', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 7 }), (reads, margin) => {
        const rules = [lesions(STAPLE)];
        const narrow = consensus(reads, cube(24), rules);
        const wide = reads.map(read => widened(read, cube(24), margin));
        const dims = cube(24 + 2 * margin);
        const result = consensus(
          wide.map(({ labels }) => labels),
          dims,
          rules
        );
        expect(result.labels).toEqual(widened(narrow.labels, cube(24), margin).labels);
        expect(result.undecidedVoxels).toBe(narrow.undecidedVoxels);
        expect(result.lesions.map(({ votes, voxels }) => [votes, voxels])).toEqual(
          narrow.lesions.map(({ votes, voxels }) => [votes, voxels])
        );
      }),
      { seed: SEED, numRuns: 60 }
    );
  });
});

describe('the order of the readers does not matter', () => {
  const swapped = [2, 0, 3, 1];
  test.each([
    ['lesions', [lesions(VOTE)]],
    ['lesions with STAPLE', [lesions(STAPLE)]],
    ['a structure', [structure(STAPLE)]],
    ['shapes', [structure({ id: 'sba', ties: 'undecided' })]]
  ] as [string, SegmentRule[]][])('%s', (_, rules) => {
    fc.assert(
      fc.property(scene, reads => {
        const named = reads.map((labels, n) => ({ id: 'ABCD'[n] ?? '', labels }));
        const one = consensus(named, cube(24), rules);
        const other = consensus(
          swapped.flatMap(n => named[n] ?? []),
          cube(24),
          rules
        );
        expect(other.labels).toEqual(one.labels);
        expect(other.disagreement).toEqual(one.disagreement);
        expect(other.lesions.map(({ votes, box }) => [votes, box])).toEqual(
          one.lesions.map(({ votes, box }) => [votes, box])
        );
        expect(other.disputes.map(({ kind, runs }) => [kind, runs])).toEqual(
          one.disputes.map(({ kind, runs }) => [kind, runs])
        );
      }),
      { seed: SEED, numRuns: 40 }
    );
  });
});

test('segments may have other numbers', () => {
  const renumbered = fiveReaders(32).map(read => read.map(label => label * 201));
  const one = consensus(fiveReaders(32), cube(32), [structure(STAPLE)]);
  const other = consensus(renumbered, cube(32), [structure(STAPLE, 201)]);
  expect(other.labels).toEqual(one.labels.map(label => label * 201));
});

describe('disputes', () => {
  test('hold every disputed voxel once, in runs that fit their description', () => {
    fc.assert(
      fc.property(scene, reads => {
        const result = consensus(reads, cube(24), [lesions(STAPLE)]);
        const covered = new Uint8Array(24 ** 3);
        for (const { runs, voxels, box, severity, candidates } of result.disputes) {
          let sum = 0;
          for (let n = 0; n < runs.length; n += 2) {
            const start = runs[n] ?? 0;
            for (let voxel = start; voxel < start + (runs[n + 1] ?? 0); voxel++) {
              covered[voxel] = (covered[voxel] ?? 0) + 1;
              sum++;
              const at = [voxel % 24, Math.floor(voxel / 24) % 24, Math.floor(voxel / 576)];
              expect(at.every((x, a) => x >= (box.min[a] ?? 0) && x <= (box.max[a] ?? -1))).toBe(true);
            }
          }
          expect(voxels).toBe(sum);
          expect(severity).toBeGreaterThan(0);
          expect(severity).toBeLessThanOrEqual(1);
          expect(candidates.some(candidate => candidate.voxels > 0)).toBe(true);
        }
        expect(covered).toEqual(result.disagreement.map(value => (value > 0 ? 1 : 0)));
      }),
      { seed: SEED, numRuns: 40 }
    );
  });

  test('tell which segments readers chose between', () => {
    const one = balls(cube(16), [[8, 8, 8, 3]], 1);
    const two = balls(cube(16), [[8, 8, 8, 3]], 2);
    const result = consensus([one, one, two], cube(16), [structure(VOTE, 1), structure(VOTE, 2)]);
    expect(result.disputes).toHaveLength(1);
    expect(result.disputes[0]).toMatchObject({ kind: 'label', segments: [1, 2] });
    expect(countOf(result.labels, 1)).toBe(countOf(one, 1));
  });
});

describe('methods that cannot answer fall back, and say so', () => {
  test('STAPLE of two readers is an average of shapes', () => {
    const result = consensus(twoReaders(), cube(32), [structure(STAPLE)]);
    expect(result.segments[0]).toMatchObject({ method: 'sba', voxels: 455, undecidedVoxels: 72 });
    expect(codes(result)).toEqual(expect.arrayContaining(['readers.two', 'method.fallback', 'ties.undecided']));
  });

  test('a degenerate optimum is a vote', () => {
    const marks = [2, 2, 2, 2, 2, 2, 2, 2, 6, 6, 6, 6, 6, 2, 2, 3, 7, 7, 7, 7, 7, 7, 5, 1];
    const reads = [0, 1, 2].map(reader => Uint8Array.from(marks, mark => (mark >>> reader) & 1));
    const method: ShapeMethod = { ...STAPLE, region: { rule: 'whole' } };
    const result = consensus(reads, [8, 3, 1], [structure(method)]);
    expect(result.segments[0]).toMatchObject({ method: 'vote.kofn', voxels: 13 });
    expect(codes(result)).toEqual(expect.arrayContaining(['staple.degenerate', 'method.fallback']));
  });

  test('STAPLE tells that its answer depends on the region', () => {
    const method: ShapeMethod = { ...STAPLE, region: { rule: 'union' } };
    const { segments, warnings } = consensus(fiveReaders(64), cube(64), [structure(method)]);
    expect(segments[0]?.region).toEqual({
      depends: true,
      answers: [
        { region: 'union', voxels: 1108 },
        { region: 'margin:10', voxels: 1575 },
        { region: 'whole', voxels: 1575 }
      ]
    });
    expect(warnings.map(({ code }) => code)).toContain('region.dependent');
  });

  test('nobody, one, nothing and everything have their warnings', () => {
    const ball = balls(cube(8), [[4, 4, 4, 2]]);
    const nothing = new Uint8Array(512);
    const everything = new Uint8Array(512).fill(1);
    expect(codes(consensus([{ id: 'A', labels: ball, notRead: [1] }], cube(8), [structure(STAPLE)]))).toContain(
      'readers.none'
    );
    expect(codes(consensus([ball], cube(8), [structure(STAPLE)]))).toContain('readers.one');
    expect(codes(consensus([nothing, nothing], cube(8), [structure(STAPLE)]))).toContain('segment.empty');
    const full = consensus([everything, everything, everything], cube(8), [
      structure({ ...STAPLE, region: { rule: 'whole' } })
    ]);
    expect(codes(full)).toContain('segment.full');
    expect(full.segments[0]).toMatchObject({ voxels: 512 });
    expect(full.segments[0]?.performance[0]).toMatchObject({ sensitivity: null, specificity: null });
  });

  test('a reader without weight is not counted, but told of', () => {
    const ball = balls(cube(16), [[8, 8, 8, 3]]);
    const model: CaseRead = { id: 'model', labels: balls(cube(16), [[8, 8, 8, 6]]), weight: 0 };
    const result = consensus([ball, { id: 'B', labels: ball }, model], cube(16), [structure(VOTE)]);
    expect(result.labels).toEqual(ball);
    expect(result.disputes).toEqual([]);
    expect(result.segments[0]?.performance[2]).toMatchObject({ read: 'model', sensitivity: null });
  });

  test('weights decide a vote', () => {
    const [small, large] = [balls(cube(16), [[8, 8, 8, 2]]), balls(cube(16), [[8, 8, 8, 4]])];
    const result = consensus(
      [
        { id: 'A', labels: large, weight: 3 },
        { id: 'B', labels: small }
      ],
      cube(16),
      [structure(VOTE)]
    );
    expect(result.labels).toEqual(large);
  });

  test('a flipped read is named', () => {
    const [right, turned] = [balls(cube(16), [[4, 9, 6, 3]]), balls(cube(16), [[11, 9, 6, 3]])];
    const result = consensus([right, right, turned], cube(16), [structure(VOTE)]);
    expect(result.warnings[0]).toMatchObject({ code: 'read.flipped', reads: ['C'], segment: 1 });
  });
});

test('the soft map of a structure is that of its patterns, of lesions that of their boxes', () => {
  const reads = oneOfThreeMissed(16);
  const whole = { min: [0, 0, 0], max: [15, 15, 15] } as const;
  const votes = consensus(reads, cube(16), [structure(VOTE)]);
  const shares = Float32Array.from(reads[0] ?? [], (_, n) => reads.reduce((sum, read) => sum + (read[n] ?? 0), 0) / 3);
  const [segment] = votes.segments;
  if (segment === undefined) throw new TypeError('The segment is missing.');
  expect(softValuesIn(segment.soft, votes.patterns, whole)).toEqual(shares);
  const matched = consensus(reads, cube(16), [lesions(VOTE)]);
  const [lesion] = matched.segments;
  if (lesion === undefined) throw new TypeError('The segment is missing.');
  expect(softValuesIn(lesion.soft, matched.patterns, whole)).toEqual(shares.map(value => Math.fround((value * 3) / 2)));
});

describe('input that makes no sense is refused', () => {
  const ball = balls(cube(4), [[2, 2, 2, 1]]);
  test.each([
    ['no read', () => consensus([], cube(4), [structure(VOTE)]), 'consensus.no-reads'],
    [
      'seventeen',
      () =>
        consensus(
          Array.from({ length: 17 }, () => ball),
          cube(4),
          [structure(VOTE)]
        ),
      'consensus.too-many-reads'
    ],
    ['another size', () => consensus([ball, ball.subarray(1)], cube(4), [structure(VOTE)]), 'consensus.grid'],
    [
      'a weight below 0',
      () => consensus([{ id: 'A', labels: ball, weight: -1 }], cube(4), [structure(VOTE)]),
      'consensus.weight'
    ],
    ['two rules', () => consensus([ball], cube(4), [structure(VOTE), structure(VOTE)]), 'consensus.segment'],
    ['segment 0', () => consensus([ball], cube(4), [structure(VOTE, 0)]), 'consensus.segment']
  ] as [string, () => unknown, string][])('%s', (_, call, code) => {
    expect(call).toThrow(ConsensusError);
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
