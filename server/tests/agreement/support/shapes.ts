import type { Dims } from '@voxcord/schemas/labelmap';

export type Triple = readonly [number, number, number];

/** A mask of the voxels (i, j, k) for which `isInside` holds. */
export function paint(dims: Dims, isInside: (i: number, j: number, k: number) => boolean): Uint8Array {
  const [ni, nj, nk] = dims;
  const mask = new Uint8Array(ni * nj * nk);
  for (let k = 0, index = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, index++) if (isInside(i, j, k)) mask[index] = 1;
    }
  }
  return mask;
}

/** Voxels whose centres are at most `radius` mm from `centre` (mm). */
export function ball(dims: Dims, centre: Triple, radius: number, spacing: Triple = [1, 1, 1]): Uint8Array {
  return paint(dims, (i, j, k) => {
    const [x, y, z] = [i * spacing[0] - centre[0], j * spacing[1] - centre[1], k * spacing[2] - centre[2]];
    return x * x + y * y + z * z <= radius * radius;
  });
}

/** Voxels from `min` to before `end`. */
export function box(dims: Dims, min: Triple, end: Triple): Uint8Array {
  return paint(dims, (i, j, k) => i >= min[0] && i < end[0] && j >= min[1] && j < end[1] && k >= min[2] && k < end[2]);
}

/** The five balls whose consensus and agreement are published with ITK's figures, in a cube of `edge` voxels. */
export function fiveBalls(edge: number): Uint8Array[] {
  const dims: Dims = [edge, edge, edge];
  const o = Math.floor(edge / 2);
  return [
    ball(dims, [o, o, o], 6),
    ball(dims, [o, o, o + 1], 6.5),
    ball(dims, [o - 1, o, o], 5.5),
    ball(dims, [o + 1, o + 1, o], 7),
    ball(dims, [o, o, o], 9)
  ];
}
