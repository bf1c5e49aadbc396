import type { Change, Difference } from '@voxcord/schemas/api';
import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { bitmapOf } from '../brickMaps.js';
import type { Bricks } from '../fixedLabelMaps.js';

/** Two label maps on one grid. */
export interface DifferenceTask {
  readonly kind: 'difference';
  readonly dims: Dims;
  /** Upper three rows of the voxel-to-world matrix, row-major. */
  readonly affine: readonly number[];
  /** mm along i, j, k. */
  readonly spacing: Vector;
  readonly before: Bricks;
  readonly after: Bricks;
}

export type ComputedDifference = Pick<Difference, 'identical' | 'segments' | 'changes'>;

/** What changed between two label maps. Pure. */
export function computeDifference(task: DifferenceTask): ComputedDifference {
  const { dims } = task;
  const before = bitmapOf(task.before, dims);
  const after = bitmapOf(task.after, dims);
  const identical = Buffer.compare(before, after) === 0;
  const changes: Change[] = [];
  return { identical, segments: [], changes };
}
