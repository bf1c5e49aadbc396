import { boxSize, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/** A proposed thing on the grid of its volume. */
export interface FoundThing {
  /** Start and length of runs of voxels, i fastest, ascending. */
  readonly runs: readonly number[];
  readonly voxels: number;
  /** It reaches a border of what was looked at that is none of the volume. */
  readonly isCut: boolean;
}

/** @param mask voxels of `box`, a part of a grid of `dims`; 0 is outside */
export function foundThing(mask: Uint8Array, box: VoxelBox, dims: Dims): FoundThing {
  const [ni, nj, nk] = boxSize(box);
  const { min, max } = box;
  const cutLow = [min[0] > 0, min[1] > 0, min[2] > 0] as const;
  const cutHigh = [max[0] < dims[0] - 1, max[1] < dims[1] - 1, max[2] < dims[2] - 1] as const;
  const runs: number[] = [];
  let voxels = 0;
  let isCut = false;
  for (let k = 0; k < nk; k++) {
    const isEndSlice = (k === 0 && cutLow[2]) || (k === nk - 1 && cutHigh[2]);
    for (let j = 0; j < nj; j++) {
      const isEndRow = isEndSlice || (j === 0 && cutLow[1]) || (j === nj - 1 && cutHigh[1]);
      const row = ni * (j + nj * k);
      const target = min[0] + dims[0] * (min[1] + j + dims[1] * (min[2] + k));
      for (let i = 0; i < ni; i++) {
        if (mask[row + i] === 0) continue;
        const start = i;
        while (i < ni && mask[row + i] !== 0) i += 1;
        addRun(runs, target + start, i - start);
        voxels += i - start;
        if (isEndRow || (start === 0 && cutLow[0]) || (i === ni && cutHigh[0])) isCut = true;
      }
    }
  }
  return { runs, voxels, isCut };
}

/** A run that begins where the last one ends is part of it. */
function addRun(runs: number[], start: number, length: number): void {
  const last = runs.length - 2;
  if (last >= 0 && (runs[last] ?? 0) + (runs[last + 1] ?? 0) === start) runs[last + 1] = (runs[last + 1] ?? 0) + length;
  else runs.push(start, length);
}
