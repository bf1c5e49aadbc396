import type { Vector } from '@voxcord/schemas/geometry';
import { voxelCount, type Dims } from '@voxcord/schemas/labelmap';

/** What a place says about its neighbourhood; positions are indices of a grid, not rounded. */
export interface Ball {
  readonly at: Vector;
  /** mm */
  readonly radius: number;
}

/** mm from each voxel to the nearest surface of a ball, negative inside; infinite without balls. */
export function distancesToBalls(balls: readonly Ball[], dims: Dims, spacing: Vector): Float32Array {
  const distances = new Float32Array(voxelCount(dims)).fill(Infinity);
  for (const { at, radius } of balls) {
    visit(at, dims, spacing, (index, distance) => {
      if (distance - radius < (distances[index] ?? 0)) distances[index] = distance - radius;
    });
  }
  return distances;
}

/** Adds `most` at the middle of each ball, less and less outwards, nothing beyond `reach` radii. */
export function addCones(
  values: Float32Array,
  balls: readonly Ball[],
  { dims, spacing }: { readonly dims: Dims; readonly spacing: Vector },
  most: number,
  reach: number
): void {
  for (const { at, radius } of balls) {
    const end = reach * radius;
    visit(at, dims, spacing, (index, distance) => {
      if (distance < end) values[index] = (values[index] ?? 0) + most * (1 - distance / end);
    });
  }
}

function visit(at: Vector, dims: Dims, spacing: Vector, see: (index: number, distance: number) => void): void {
  let index = 0;
  for (let k = 0; k < dims[2]; k++) {
    const z = (k - at[2]) * spacing[2];
    for (let j = 0; j < dims[1]; j++) {
      const y = (j - at[1]) * spacing[1];
      const across = y * y + z * z;
      for (let i = 0; i < dims[0]; i++, index++) {
        const x = (i - at[0]) * spacing[0];
        see(index, Math.sqrt(x * x + across));
      }
    }
  }
}
