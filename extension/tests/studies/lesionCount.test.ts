import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dims, countObjects } from '../../src/reading/lesionCount.js';

/** By the definition alone: walk from voxel to voxel over faces, edges and corners. */
function countByWalking(labels: Uint8Array, [nx, ny, nz]: Dims, segment: number): number {
  const seen = new Set<number>();
  let objects = 0;
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== segment || seen.has(start)) continue;
    objects++;
    const waiting = [start];
    seen.add(start);
    for (let voxel = waiting.pop(); voxel !== undefined; voxel = waiting.pop()) {
      const [i, j, k] = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
      for (let dk = -1; dk <= 1; dk++)
        for (let dj = -1; dj <= 1; dj++)
          for (let di = -1; di <= 1; di++) {
            const [x, y, z] = [i + di, j + dj, k + dk];
            if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
            const neighbour = x + nx * (y + ny * z);
            if (labels[neighbour] !== segment || seen.has(neighbour)) continue;
            seen.add(neighbour);
            waiting.push(neighbour);
          }
    }
  }
  return objects;
}

describe('separate objects of a segment', () => {
  it('are those that do not touch by a face, an edge or a corner', () => {
    const size = fc.integer({ min: 1, max: 7 });
    const labelled = fc.tuple(size, size, size).chain(([nx, ny, nz]) =>
      fc.record({
        dims: fc.constant<Dims>([nx, ny, nz]),
        // Sparse and dense ones alike.
        labels: fc
          .integer({ min: 1, max: 6 })
          .chain(most => fc.uint8Array({ min: 0, max: most, minLength: nx * ny * nz, maxLength: nx * ny * nz }))
      })
    );
    fc.assert(
      fc.property(labelled, ({ dims, labels }) => {
        const counts = countObjects(labels, dims, [1, 2]);
        expect(counts.get(1)).toBe(countByWalking(labels, dims, 1));
        expect(counts.get(2)).toBe(countByWalking(labels, dims, 2));
      }),
      { seed: 20261123, numRuns: 2000 }
    );
  });

  it('that touch over the corner of a slice are one, two rows apart they are two', () => {
    const dims: Dims = [4, 4, 2];
    const labels = new Uint8Array(32);
    labels[0] = 1;
    labels[1 + 4 + 16] = 1;
    expect(countObjects(labels, dims, [1]).get(1)).toBe(1);
    labels[3 + 4 * 3] = 1;
    expect(countObjects(labels, dims, [1]).get(1)).toBe(2);
  });
});
