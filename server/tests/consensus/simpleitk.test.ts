import { orientationOf } from '@voxcord/schemas/geometry';
import { boxSize, voxelCount, type Dims } from '@voxcord/schemas/labelmap';
import { describe, expect, test } from 'vitest';
import { consensusOfLabels, softIndexIn } from '../../src/consensus/index.js';
import { cutOut } from '../../src/morphology/boxes.js';
import { hasPython, python } from '../imaging/python.js';

/** As far as ITK's own sums are exact. */
const NEAR = 1e-9;
const SEED = 20261123;
const CASES = 200;

interface Case {
  readonly dims: Dims;
  readonly region: 'whole' | 'union';
  readonly weight: number;
  readonly reads: readonly string[];
  readonly p: readonly number[];
  readonly q: readonly number[];
  readonly iterations: number;
  readonly soft: readonly number[];
}

describe.skipIf(!hasPython)(`on ${CASES} random small cases, seed ${SEED}`, () => {
  const cases = hasPython
    ? (python('../../consensus/python/simpleitk_small.py', [], { seed: SEED, cases: CASES }) as Case[])
    : [];

  test.each(cases.map((each, at) => ({ at, each })))('STAPLE is that of SimpleITK: case $at', ({ each }) => {
    const reads = each.reads.map((bytes, n) => ({
      id: String(n),
      labels: Uint8Array.from(Buffer.from(bytes, 'base64'))
    }));
    const found = consensusOfLabels({
      dims: each.dims,
      spacing: [0.03, 1, 15],
      orientation: orientationOf([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
      reads,
      method: 'staple',
      segment: 1,
      region: { rule: each.region },
      confidenceWeight: each.weight,
      threshold: null,
      ties: 'background',
      weights: null,
      compatibility: null
    });
    const [segment] = found.segments;
    expect(segment?.iterations).toBe(each.iterations);
    each.p.forEach((p, r) => expect(Math.abs((segment?.sensitivity[r] ?? NaN) - p)).toBeLessThanOrEqual(NEAR));
    each.q.forEach((q, r) => expect(Math.abs((segment?.specificity[r] ?? NaN) - q)).toBeLessThanOrEqual(NEAR));

    const box = segment?.box ?? null;
    if (box === null) throw new Error('The region is empty.');
    const index = softIndexIn(found.patterns, box);
    const soft = [0, ...(segment?.soft ?? [])];
    const inBox = new Uint8Array(voxelCount(boxSize(box)));
    const wanted = cutOut(Uint8Array.from(index), each.dims, box);
    let farthest = 0;
    wanted.forEach((pattern, n) => {
      farthest = Math.max(farthest, Math.abs((soft[pattern] ?? 0) - (each.soft[n] ?? NaN)));
      inBox[n] = (each.soft[n] ?? 0) > 0.5 ? 1 : 0;
    });
    expect(farthest).toBeLessThanOrEqual(NEAR);
    // Of two readers, what one of them marked is a tie, and this asks for background there.
    const both = cutOut(
      Uint8Array.from(found.labels, (_, n) => (reads.every(({ labels }) => labels[n] === 1) ? 1 : 0)),
      each.dims,
      box
    );
    expect(cutOut(found.labels, each.dims, box)).toEqual(
      inBox.map((label, n) => (reads.length === 2 ? label & (both[n] ?? 0) : label))
    );
  });
});
