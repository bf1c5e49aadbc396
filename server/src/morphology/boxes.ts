import type { Vector } from '@voxcord/schemas/geometry';
import { boxSize, voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/** How far the number of voxels of a margin may miss a whole number and still count as one; from rounded voxel sizes. */
const ROUNDING = 1e-3;

export function wholeBox(dims: Dims): VoxelBox {
  return { min: [0, 0, 0], max: [dims[0] - 1, dims[1] - 1, dims[2] - 1] };
}

/**
 * The box with at least `millimetres` more on every side, in whole voxels. It may reach beyond the grid: see
 * `clippedBox`.
 */
export function grownBox(box: VoxelBox, millimetres: number, spacing: Vector): VoxelBox {
  const more = (axis: 0 | 1 | 2): number => Math.ceil(millimetres / spacing[axis] - ROUNDING);
  const [a, b, c] = [more(0), more(1), more(2)];
  return {
    min: [box.min[0] - a, box.min[1] - b, box.min[2] - c],
    max: [box.max[0] + a, box.max[1] + b, box.max[2] + c]
  };
}

/** The part of the box that lies in the grid; the box must reach into it. */
export function clippedBox(box: VoxelBox, dims: Dims): VoxelBox {
  return {
    min: [Math.max(box.min[0], 0), Math.max(box.min[1], 0), Math.max(box.min[2], 0)],
    max: [Math.min(box.max[0], dims[0] - 1), Math.min(box.max[1], dims[1] - 1), Math.min(box.max[2], dims[2] - 1)]
  };
}

/** The smallest box around all voxels that are not 0 in any of the arrays; null if there are none. */
export function boundingBox(arrays: readonly Uint8Array[], dims: Dims): VoxelBox | null {
  const [ni, nj, nk] = dims;
  const min: [number, number, number] = [ni, nj, nk];
  const max: [number, number, number] = [-1, -1, -1];
  for (const array of arrays) {
    for (let k = 0; k < nk; k++) {
      for (let j = 0; j < nj; j++) {
        const start = ni * (j + nj * k);
        const row = array.subarray(start, start + ni);
        const first = firstMark(row);
        if (first < 0) continue;
        if (first < min[0]) min[0] = first;
        const last = lastMark(row, Math.max(first, max[0]));
        if (last > max[0]) max[0] = last;
        if (j < min[1]) min[1] = j;
        if (j > max[1]) max[1] = j;
        if (k < min[2]) min[2] = k;
        if (k > max[2]) max[2] = k;
      }
    }
  }
  return max[0] < 0 ? null : { min, max };
}

/** Index of the first byte that is not 0, or -1. Looks at four bytes at a time where they are aligned. */
function firstMark(row: Uint8Array): number {
  const lead = Math.min(row.length, (4 - (row.byteOffset & 3)) & 3);
  for (let i = 0; i < lead; i++) if (row[i] !== 0) return i;
  if (lead === row.length) return -1;
  const words = new Uint32Array(row.buffer, row.byteOffset + lead, (row.length - lead) >> 2);
  let word = 0;
  while (word < words.length && words[word] === 0) word++;
  for (let i = lead + 4 * word; i < row.length; i++) if (row[i] !== 0) return i;
  return -1;
}

/** Index of the last byte that is not 0, not looking before `least`. */
function lastMark(row: Uint8Array, least: number): number {
  let last = row.length - 1;
  while (last > least && row[last] === 0) last--;
  return last;
}

/** The voxels of a box, cut out of a grid. */
export function cutOut(array: Uint8Array, dims: Dims, box: VoxelBox): Uint8Array {
  const part = new Uint8Array(voxelCount(boxSize(box)));
  forEachRow(dims, box, (start, position, length) => part.set(array.subarray(start, start + length), position));
  return part;
}

/** Calls with the first voxel of each row of the box in the grid, its position in the box, and the row's length. */
export function forEachRow(
  dims: Dims,
  box: VoxelBox,
  visit: (start: number, position: number, length: number) => void
): void {
  const length = box.max[0] - box.min[0] + 1;
  let position = 0;
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    for (let j = box.min[1]; j <= box.max[1]; j++) {
      visit(box.min[0] + dims[0] * (j + dims[1] * k), position, length);
      position += length;
    }
  }
}
