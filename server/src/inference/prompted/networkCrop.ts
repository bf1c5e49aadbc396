import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';

/**
 * The crop that a prompted model sees: `size` voxels along the axes of the volume, steps of `step` voxels of the volume, its
 * voxel `floor(size / 2)` where the first place on the thing is.
 */
export interface NetworkCrop {
  readonly size: Dims;
  readonly middle: Vector;
  /** Voxels of the volume per voxel of the crop. */
  readonly step: Vector;
}

/** @param spacing mm of the crop; null: that of the image */
export function networkCropAbout(first: Vector, size: Dims, spacing: number | null, voxel: Vector): NetworkCrop {
  const along = (axis: 0 | 1 | 2): number => (spacing === null ? 1 : spacing / voxel[axis]);
  // Whole voxels: a crop about a click near the last one is the same crop.
  const middle: Vector = [Math.round(first[0]), Math.round(first[1]), Math.round(first[2])];
  return { size, middle, step: [along(0), along(1), along(2)] };
}

/** Index of the volume as index of the crop; neither is rounded. */
export function toNetwork({ size, middle, step }: NetworkCrop, at: Vector): Vector {
  const along = (axis: 0 | 1 | 2): number => (at[axis] - middle[axis]) / step[axis] + Math.floor(size[axis] / 2);
  return [along(0), along(1), along(2)];
}

/** The voxels of the volume that the crop covers, within the volume; null if there are none. */
export function coveredBox({ size, middle, step }: NetworkCrop, dims: Dims): VoxelBox | null {
  const half = size.map(length => Math.floor(length / 2));
  const low = (axis: 0 | 1 | 2): number => Math.max(0, Math.ceil(middle[axis] - (half[axis] ?? 0) * step[axis]));
  const high = (axis: 0 | 1 | 2): number =>
    Math.min(dims[axis] - 1, Math.floor(middle[axis] + (size[axis] - 1 - (half[axis] ?? 0)) * step[axis]));
  const box: VoxelBox = { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
  return box.min.every((least, axis) => least <= (box.max[axis] ?? -1)) ? box : null;
}

/**
 * The values of the crop as a tensor [X, Y, Z], last axis fastest; linear between voxels, beyond the box its border goes on.
 *
 * @param values of `box`, i fastest
 */
export function cropTensor(crop: NetworkCrop, values: Float32Array, box: VoxelBox): Float32Array {
  const [nx, ny, nz] = crop.size;
  const tensor = new Float32Array(nx * ny * nz);
  const [i, j, k] = [samples(crop, box, 0), samples(crop, box, 1), samples(crop, box, 2)];
  const ni = box.max[0] - box.min[0] + 1;
  const nj = box.max[1] - box.min[1] + 1;
  const at = (a: number, b: number, c: number): number => values[a + ni * (b + nj * c)] ?? 0;
  let index = 0;
  for (const [i0, i1, fi] of i) {
    for (const [j0, j1, fj] of j) {
      for (const [k0, k1, fk] of k) {
        const low = mix(mix(at(i0, j0, k0), at(i1, j0, k0), fi), mix(at(i0, j1, k0), at(i1, j1, k0), fi), fj);
        const high = mix(mix(at(i0, j0, k1), at(i1, j0, k1), fi), mix(at(i0, j1, k1), at(i1, j1, k1), fi), fj);
        tensor[index++] = mix(low, high, fk);
      }
    }
  }
  return tensor;
}

/** Voxels of the box where the answer of the network, linear between its voxels, is above 0; i fastest. */
export function maskOfAnswer(crop: NetworkCrop, logits: Float32Array, box: VoxelBox): Uint8Array {
  const [, ny, nz] = crop.size;
  const [i, j, k] = [places(crop, box, 0), places(crop, box, 1), places(crop, box, 2)];
  const mask = new Uint8Array(i.length * j.length * k.length);
  const at = (x: number, y: number, z: number): number => logits[z + nz * (y + ny * x)] ?? 0;
  let index = 0;
  for (const [z0, z1, fz] of k) {
    for (const [y0, y1, fy] of j) {
      for (const [x0, x1, fx] of i) {
        const low = mix(mix(at(x0, y0, z0), at(x1, y0, z0), fx), mix(at(x0, y1, z0), at(x1, y1, z0), fx), fy);
        const high = mix(mix(at(x0, y0, z1), at(x1, y0, z1), fx), mix(at(x0, y1, z1), at(x1, y1, z1), fx), fy);
        mask[index++] = mix(low, high, fz) > 0 ? 1 : 0;
      }
    }
  }
  return mask;
}

/** Two neighbours, and how much the second one counts. */
type Sample = readonly [number, number, number];

function samples({ size, middle, step }: NetworkCrop, { min, max }: VoxelBox, axis: 0 | 1 | 2): Sample[] {
  const length = max[axis] - min[axis] + 1;
  return Array.from({ length: size[axis] }, (_, n) =>
    between(middle[axis] + (n - Math.floor(size[axis] / 2)) * step[axis] - min[axis], length)
  );
}

function places(crop: NetworkCrop, { min, max }: VoxelBox, axis: 0 | 1 | 2): Sample[] {
  const { size, middle, step } = crop;
  return Array.from({ length: max[axis] - min[axis] + 1 }, (_, n) =>
    between((min[axis] + n - middle[axis]) / step[axis] + Math.floor(size[axis] / 2), size[axis])
  );
}

function between(at: number, length: number): Sample {
  const clamped = Math.min(length - 1, Math.max(0, at));
  const first = Math.floor(clamped);
  return [first, Math.min(length - 1, first + 1), clamped - first];
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
