import { boxSize, voxelCount, type VoxelBox } from '@voxcord/schemas/labelmap';
import { forEachRow } from '../morphology/boxes.js';
import type { Claims } from './claims.js';
import type { VotePatterns } from './votePatterns.js';

/** Calls with the positions, in the patterns' box and in another box, of the voxels of both. */
export function forEachShared(
  { box: inner }: VotePatterns,
  box: VoxelBox,
  visit: (at: number, position: number) => void
): void {
  if (inner === null) return;
  const [ni, nj] = boxSize(inner);
  const [width, height] = boxSize(box);
  for (let k = Math.max(box.min[2], inner.min[2]); k <= Math.min(box.max[2], inner.max[2]); k++) {
    for (let j = Math.max(box.min[1], inner.min[1]); j <= Math.min(box.max[1], inner.max[1]); j++) {
      const first = Math.max(box.min[0], inner.min[0]);
      const last = Math.min(box.max[0], inner.max[0]);
      let at = first - inner.min[0] + ni * (j - inner.min[1] + nj * (k - inner.min[2]));
      let position = first - box.min[0] + width * (j - box.min[1] + height * (k - box.min[2]));
      for (let i = first; i <= last; i++) visit(at++, position++);
    }
  }
}

/** A label map of the grid, and what is undecided. */
export interface SettledLabels {
  /** 0 where undecided. */
  readonly labels: Uint8Array;
  /** Start, length, start, length ... in linear order. */
  readonly undecided: Uint32Array;
  readonly undecidedVoxels: number;
}

/** What is claimed in the patterns' box, on the grid. */
export function settle({ dims, box }: VotePatterns, claims: Claims): SettledLabels {
  const labels = new Uint8Array(voxelCount(dims));
  const runs: number[] = [];
  let undecidedVoxels = 0;
  if (box !== null) {
    forEachRow(dims, box, (start, position, length) => {
      labels.set(claims.labels.subarray(position, position + length), start);
      let run = 0;
      for (let x = 0; x <= length; x++) {
        if (x < length && claims.isUndecided(position + x)) run++;
        else if (run > 0) {
          runs.push(start + x - run, run);
          undecidedVoxels += run;
          run = 0;
        }
      }
    });
  }
  return { labels, undecided: Uint32Array.from(runs), undecidedVoxels };
}

/** A value per pattern as a value per voxel of the grid. */
export function spread({ dims, box, index }: VotePatterns, byPattern: Uint8Array): Uint8Array {
  const values = new Uint8Array(voxelCount(dims));
  if (box !== null) {
    forEachRow(dims, box, (start, position, length) => {
      for (let x = 0; x < length; x++) values[start + x] = byPattern[index[position + x] ?? 0] ?? 0;
    });
  }
  return values;
}
