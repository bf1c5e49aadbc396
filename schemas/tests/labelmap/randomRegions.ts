import type { Dims, PaintedRegion, VoxelBox } from '../../src/labelmap/index.js';
import type { SeededRandom } from './seededRandom.ts';

/** A random region with at least one voxel: balls, slabs, noise, stripes, single voxels and whole boxes. */
export function randomRegion(random: SeededRandom, dims: Dims, reach = 24): PaintedRegion {
  const box = randomBox(random, dims, reach);
  const size = [0, 1, 2].map(axis => (box.max[axis] ?? 0) - (box.min[axis] ?? 0) + 1);
  const [ni = 1, nj = 1, nk = 1] = size;
  const mask = new Uint8Array(ni * nj * nk);
  const kind = random.integer(0, 4);
  const density = random.next();
  const phase = random.integer(1, 5);
  for (let k = 0, at = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at++) {
        const ball = ((i + 0.5) / ni - 0.5) ** 2 + ((j + 0.5) / nj - 0.5) ** 2 + ((k + 0.5) / nk - 0.5) ** 2 <= 0.25;
        if (
          kind === 0
            ? ball
            : kind === 1
              ? random.chance(density)
              : kind === 2
                ? true
                : kind === 3
                  ? (i + j * k) % phase === 0
                  : ball && !random.chance(0.05)
        )
          mask[at] = 1;
      }
    }
  }
  mask[random.integer(0, mask.length - 1)] = 1;
  return { box, mask };
}

function randomBox(random: SeededRandom, dims: Dims, reach: number): VoxelBox {
  const flat = random.integer(0, 5);
  const ends = dims.map((edge, axis) => {
    const low = random.integer(0, edge - 1);
    const span = flat === axis ? 0 : random.chance(0.03) ? edge : random.integer(0, reach);
    return [low, Math.min(edge - 1, low + span)] as const;
  });
  const [[i0, i1] = [0, 0], [j0, j1] = [0, 0], [k0, k1] = [0, 0]] = ends;
  return { min: [i0, j0, k0], max: [i1, j1, k1] };
}
