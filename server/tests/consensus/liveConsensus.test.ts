import type { ShapeMethod } from '@voxcord/schemas/api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consensusOfCase, LiveConsensus, type CaseInput } from '../../src/consensus/index.js';
import { balls, cube } from './masks.js';

const SEED = 20261023;
const N = 14;
const DIMS = cube(N);

const METHODS: ShapeMethod[] = [
  { id: 'vote.kofn', threshold: null, ties: 'undecided' },
  { id: 'vote.kofn', threshold: 1, ties: 'undecided' },
  { id: 'staple.binary.itk', confidenceWeight: 1, region: { rule: 'whole' } },
  { id: 'staple.binary.itk', confidenceWeight: 1, region: { rule: 'margin', millimetres: 2 } },
  { id: 'staple.map', region: { rule: 'union' } }
];

interface Stroke {
  readonly reader: number;
  readonly segment: number;
  readonly at: readonly [number, number, number];
  readonly radius: number;
}

const coordinate = fc.integer({ min: 0, max: N - 1 });
const stroke = fc.record({
  reader: fc.nat({ max: 3 }),
  segment: fc.constantFrom(0, 1, 2, 9),
  at: fc.tuple(coordinate, coordinate, coordinate),
  radius: fc.constantFrom(0, 1, 2.5, 4)
});

function voxelsOf({ at, radius }: Stroke): Uint32Array {
  const mask = balls(DIMS, [[...at, radius]]);
  return Uint32Array.from(mask.keys()).filter(voxel => mask[voxel] === 1);
}

function caseOf(reads: readonly Uint8Array[], method: ShapeMethod): CaseInput {
  return {
    dims: DIMS,
    spacing: [1, 0.5, 2],
    reads: reads.map((labels, n) => ({ id: 'ABCD'[n] ?? '', labels })),
    rules: [1, 2].map(segment => ({ kind: 'structure', segment, method }))
  };
}

describe('the live consensus', () => {
  test.each(METHODS.map(method => [JSON.stringify(method), method] as const))(
    'is that of the whole case after every stroke: %s',
    (_, method) => {
      fc.assert(
        fc.property(
          fc.array(stroke, { minLength: 1, maxLength: 6 }),
          fc.integer({ min: 3, max: 4 }),
          (strokes, readers) => {
            const reads = Array.from({ length: readers }, (__, r) => balls(DIMS, [[5 + r, 6, 7, 3.5]]));
            const live = new LiveConsensus(caseOf(reads, method));
            for (const each of strokes) {
              const reader = each.reader % readers;
              const voxels = voxelsOf(each);
              const before = [live.labels.slice(), live.disagreement.slice()] as const;
              const { box } = live.change(reader, voxels, each.segment);
              for (const voxel of voxels) if (reads[reader] !== undefined) reads[reader][voxel] = each.segment;
              const expected = consensusOfCase(caseOf(reads, method));
              expect(live.labels).toEqual(expected.labels);
              expect(live.disagreement).toEqual(expected.disagreement);
              for (const { segment, voxels: count, iterations } of expected.segments) {
                expect(live.voxelsOf(segment)).toBe(count);
                expect(live.segment(segment)?.iterations).toBe(iterations);
              }
              for (let voxel = 0; voxel < N ** 3; voxel++) {
                if (before[0][voxel] === live.labels[voxel] && before[1][voxel] === live.disagreement[voxel]) continue;
                const at = [voxel % N, Math.floor(voxel / N) % N, Math.floor(voxel / (N * N))];
                expect(at.every((x, a) => x >= (box?.min[a] ?? N) && x <= (box?.max[a] ?? -1))).toBe(true);
              }
            }
          }
        ),
        { seed: SEED, numRuns: 25 }
      );
    }
  );

  test('a stroke that changes nothing changes nothing', () => {
    const reads = [balls(DIMS, [[6, 6, 6, 3]]), balls(DIMS, [[7, 6, 6, 3]]), balls(DIMS, [[6, 7, 6, 3]])];
    const live = new LiveConsensus(caseOf(reads, { id: 'vote.kofn', threshold: null, ties: 'undecided' }));
    expect(live.change(0, Uint32Array.of(6 + N * (6 + N * 6)), 1)).toEqual({ box: null, segments: [] });
  });
});
