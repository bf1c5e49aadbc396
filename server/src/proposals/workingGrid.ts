import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import type { Crop } from './prompts.js';

/** Voxels on which ways are sought, at most. */
const MOST_VOXELS = 700_000;

/**
 * The part of a crop in which a thing is sought, in blocks of voxels: fine for small things, coarser for large ones, so
 * that all take about the same time.
 */
export interface WorkingGrid {
  readonly box: VoxelBox;
  /** Voxels of the crop per block along each axis. */
  readonly blocks: Vector;
  readonly dims: Dims;
  readonly spacing: Vector;
  /** Means of the blocks. */
  readonly values: Float32Array;
}

/** @param finest mm below which voxels are taken together */
export function workingGrid(crop: Crop, box: VoxelBox, finest: number): WorkingGrid {
  const size = boxSize(box);
  const blocks = blocksFor(size, crop.spacing, finest);
  const along = (axis: 0 | 1 | 2): number => Math.ceil(size[axis] / blocks[axis]);
  const dims: Dims = [along(0), along(1), along(2)];
  const spacing: Vector = [crop.spacing[0] * blocks[0], crop.spacing[1] * blocks[1], crop.spacing[2] * blocks[2]];
  return { box, blocks, dims, spacing, values: blockMeans(crop, box, blocks, dims) };
}

/** Index of the crop to (not rounded) index of the grid: the middle of a block has whole numbers. */
export function toGrid({ box, blocks }: WorkingGrid, at: Vector): Vector {
  const along = (axis: 0 | 1 | 2): number => (at[axis] - box.min[axis] - (blocks[axis] - 1) / 2) / blocks[axis];
  return [along(0), along(1), along(2)];
}

function blocksFor(size: Dims, spacing: Vector, finest: number): Vector {
  const blocks: [number, number, number] = [1, 1, 1];
  for (let edge = finest; ; edge *= 1.15) {
    for (const axis of [0, 1, 2] as const) blocks[axis] = Math.max(1, Math.floor(edge / spacing[axis] + 1e-6));
    const dims: Dims = [size[0] / blocks[0], size[1] / blocks[1], size[2] / blocks[2]];
    if (voxelCount(dims) <= MOST_VOXELS) return blocks;
  }
}

function blockMeans({ values, dims }: Crop, { min, max }: VoxelBox, blocks: Vector, into: Dims): Float32Array {
  const sums = new Float32Array(voxelCount(into));
  const counts = new Uint16Array(sums.length);
  for (let k = min[2]; k <= max[2]; k++) {
    const c = Math.floor((k - min[2]) / blocks[2]);
    for (let j = min[1]; j <= max[1]; j++) {
      const row = into[0] * (Math.floor((j - min[1]) / blocks[1]) + into[1] * c);
      const source = dims[0] * (j + dims[1] * k);
      for (let i = min[0]; i <= max[0]; i++) {
        const target = row + Math.floor((i - min[0]) / blocks[0]);
        sums[target] = (sums[target] ?? 0) + (values[source + i] ?? 0);
        counts[target] = (counts[target] ?? 0) + 1;
      }
    }
  }
  for (let n = 0; n < sums.length; n++) sums[n] = (sums[n] ?? 0) / (counts[n] ?? 1);
  return sums;
}
