import type { Dims } from '@voxcord/schemas/labelmap';
import { connectedComponents } from '../../morphology/connectedComponents.js';
import { bitmapOf, countLabels } from '../brickMaps.js';
import type { Bricks } from '../fixedLabelMaps.js';

export interface MeasureTask {
  readonly kind: 'measure';
  readonly dims: Dims;
  readonly truth: Bricks;
  /** Segments of which there can be several in a case: their separate objects are counted. */
  readonly lesionSegments: readonly number[];
}

export interface MeasuredTruth {
  /** Voxels by label; index 0 is the background. */
  readonly voxels: readonly number[];
  /** Separate objects (26-connected) by lesion segment. */
  readonly lesions: ReadonlyMap<number, number>;
}

/** Counts what a truth holds. Pure. */
export function measureTruth({ dims, truth, lesionSegments }: MeasureTask): MeasuredTruth {
  const labels = bitmapOf(truth, dims);
  const voxels = [...countLabels(labels)];
  const lesions = new Map<number, number>();
  for (const segment of lesionSegments) {
    if ((voxels[segment] ?? 0) === 0) {
      lesions.set(segment, 0);
      continue;
    }
    const mask = Uint8Array.from(labels, label => (label === segment ? 1 : 0));
    lesions.set(segment, connectedComponents(mask, dims, 26).count);
  }
  return { voxels, lesions };
}
