import type { Dims } from '@voxcord/schemas/labelmap';

/** A ball: voxels with (i - x)² + (j - y)² + (k - z)² <= r². */
export type Ball = readonly [x: number, y: number, z: number, r: number];

/** Balls of one segment in a grid. */
export function balls(dims: Dims, shapes: readonly Ball[], segment = 1): Uint8Array {
  const [ni, nj, nk] = dims;
  const labels = new Uint8Array(ni * nj * nk);
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, voxel++) {
        const inside = shapes.some(([x, y, z, r]) => (i - x) ** 2 + (j - y) ** 2 + (k - z) ** 2 <= r * r);
        if (inside) labels[voxel] = segment;
      }
    }
  }
  return labels;
}

export function cube(n: number): Dims {
  return [n, n, n];
}

/** Five readers of one ball, the last of whom draws far too much. */
export function fiveReaders(n: number): Uint8Array[] {
  const o = Math.floor(n / 2);
  const shapes: Ball[] = [
    [o, o, o, 6],
    [o, o, o + 1, 6.5],
    [o - 1, o, o, 5.5],
    [o + 1, o + 1, o, 7],
    [o, o, o, 9]
  ];
  return shapes.map(shape => balls(cube(n), [shape]));
}

export function twoReaders(): Uint8Array[] {
  return [balls(cube(32), [[16, 16, 16, 5]]), balls(cube(32), [[18, 16, 16, 5]])];
}

/** Two readers saw a small lesion, the third did not. */
export function oneOfThreeMissed(n: number): Uint8Array[] {
  const o = Math.floor(n / 2);
  return [balls(cube(n), [[o, o, o, 3]]), balls(cube(n), [[o + 1, o, o, 3]]), new Uint8Array(n ** 3)];
}

export function countOf(labels: Uint8Array, segment = 1): number {
  return labels.reduce((sum, label) => sum + (label === segment ? 1 : 0), 0);
}

/** The same image in a larger one, with background around it. */
export function widened(labels: Uint8Array, dims: Dims, margin: number): { labels: Uint8Array; dims: Dims } {
  const wide: Dims = [dims[0] + 2 * margin, dims[1] + 2 * margin, dims[2] + 2 * margin];
  const result = new Uint8Array(wide[0] * wide[1] * wide[2]);
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      const from = dims[0] * (j + dims[1] * k);
      const to = margin + wide[0] * (j + margin + wide[1] * (k + margin));
      result.set(labels.subarray(from, from + dims[0]), to);
    }
  }
  return { labels: result, dims: wide };
}
