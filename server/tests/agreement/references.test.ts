import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figures, pairOf } from './support/pair.js';
import { hasReferences, measureWithReferences, type MaskPair } from './support/references.js';
import { paint, type Triple } from './support/shapes.js';

if (!hasReferences) console.warn('Comparisons with the packages of the field are skipped: there is no .venv.');

const SEED = 20261123;

/** Balls and noise, touching borders or not, in grids of every shape. */
const maskPairs: fc.Arbitrary<MaskPair> = fc
  .record({
    dims: fc.tuple(
      fc.integer({ min: 2, max: 22 }),
      fc.integer({ min: 2, max: 22 }),
      fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 18 }))
    ),
    spacing: fc.oneof(
      fc.constant<Triple>([1, 1, 1]),
      fc.constant<Triple>([2.5, 0.7, 0.7]),
      fc.tuple(
        fc.double({ min: 0.4, max: 4, noNaN: true }),
        fc.double({ min: 0.4, max: 4, noNaN: true }),
        fc.double({ min: 0.4, max: 4, noNaN: true })
      )
    ),
    seed: fc.nat(1e6),
    tau: fc.constantFrom(0, 0.9, 1.7, 3.3)
  })
  .map(({ dims, spacing, seed, tau }) => {
    const random = noise(seed);
    const shape = (): Uint8Array => {
      const [radius, ragged] = [2 + random() * 8, random() < 0.5 ? 0 : 2];
      const centre = dims.map((edge, axis) => random() * edge * (spacing[axis] ?? 1));
      const mask = paint(dims, (...at) => {
        const squared = at.reduce((sum, place, axis) => {
          const away = place * (spacing[axis] ?? 1) - (centre[axis] ?? 0);
          return sum + away * away;
        }, 0);
        return Math.sqrt(squared) <= radius - ragged * random();
      });
      // Never empty.
      mask[Math.floor(random() * mask.length)] = 1;
      return mask;
    };
    return { a: shape(), b: shape(), dims, spacing, tau, segments: [1] };
  });

function noise(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

describe.runIf(hasReferences)('on 300 random pairs of masks', () => {
  const pairs = fc.sample(maskPairs, { seed: SEED, numRuns: 300 });
  const references = hasReferences ? measureWithReferences(pairs) : [];

  const close = (measured: number | null | undefined, expected: number | undefined): void => {
    expect(measured).toBeCloseTo(expected ?? NaN, 9);
  };

  it.each(pairs.map((pair, at) => ({ at, pair })))('figures are those of the packages: pair $at', ({ at, pair }) => {
    const expected = references[at]?.[0];
    const measured = pairOf(pair.a, pair.b, pair.dims, pair.spacing, { tau: pair.tau });
    const elements = figures(measured, 'deepmind');
    close(elements.hdPercentile, expected?.elements.hdPercentile);
    close(elements.hd, expected?.elements.hd);
    close(elements.nsd, expected?.elements.nsd);
    const voxels = figures(measured, 'metricsreloaded');
    close(voxels.hd, expected?.voxels.hd);
    close(voxels.hdPercentile, expected?.voxels.hdPercentile);
    close(voxels.assd, expected?.voxels.assd);
    close(voxels.nsd, expected?.voxels.nsd);
    close(figures(measured, 'medpy').hdPercentile, expected?.voxels.pooledPercentile);
    for (const direction of [0, 1] as const) {
      close(elements.asd?.[direction], expected?.elements.asd[direction]);
      close(elements.overlap?.[direction], expected?.elements.overlap[direction]);
      close(voxels.asd?.[direction], expected?.voxels.asd[direction]);
      close(voxels.overlap?.[direction], expected?.voxels.overlap[direction]);
    }
  });
});
