import type { Change, Difference } from '@voxcord/schemas/api';
import type { Affine } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { differenceOf } from '../../difference/index.js';
import { bitmapOf, countLabels } from '../brickMaps.js';
import type { Bricks } from '../fixedLabelMaps.js';

/** Two label maps on one grid. */
export interface DifferenceTask {
  readonly kind: 'difference';
  readonly dims: Dims;
  /** Of the closest-canonical RAS grid. */
  readonly affine: Affine;
  readonly before: Bricks;
  readonly after: Bricks;
}

export type ComputedDifference = Pick<Difference, 'identical' | 'segments' | 'changes'>;

/** What changed between two label maps, in every segment that one of them has. Pure. */
export function computeDifference(task: DifferenceTask): ComputedDifference {
  const { dims, affine } = task;
  const before = bitmapOf(task.before, dims);
  const after = bitmapOf(task.after, dims);
  const counts = [countLabels(before), countLabels(after)];
  const present = Array.from({ length: 255 }, (_, index) => index + 1).filter(label =>
    counts.some(each => (each[label] ?? 0) > 0)
  );
  const { identical, segments, changes } = differenceOf(before, after, { dims, affine }, present);
  return {
    identical,
    segments: segments.map(segment => ({ ...segment })),
    changes: changes.map(({ centre, box, ...change }): Change => ({
      ...change,
      centre: [...centre],
      box: { min: [...box.min], max: [...box.max] }
    }))
  };
}
