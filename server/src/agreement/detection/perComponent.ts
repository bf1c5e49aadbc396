import { squaredDistanceTransform } from '../../morphology/distanceTransform.js';
import type { SurfaceDefinition } from '../definitions.js';
import { countOverlap, mean, overlap } from '../overlap.js';
import type { Mask, MaskGrid } from '../surfaces/mask.js';
import { surfacesOfPairs, type PairSurfaces } from '../surfaces/surfacesOfPairs.js';
import type { Instances } from './instances.js';

/** One lesion of the reference, with what of the other mask is nearer to it than to any other lesion. */
export interface ComponentAgreement {
  /** Number of the lesion in the reference. */
  readonly component: number;
  readonly dice: number | null;
  readonly iou: number | null;
  /** A: the reference. */
  readonly surfaces: PairSurfaces;
}

/**
 * Agreement lesion by lesion, each counting the same however large it is (CC-Metrics: Jaus et al., arXiv 2410.18684). Each
 * voxel belongs to the nearest lesion of the reference; equally near ones to the lower number.
 *
 * @param reference on the same grid as `measured` (see `maskGrid` and `cropMask`)
 */
export function agreementPerComponent(
  reference: Instances,
  measured: Mask,
  grid: MaskGrid,
  settings: { readonly tau: number; readonly percentile: number; readonly definitions: readonly SurfaceDefinition[] }
): { readonly components: readonly ComponentAgreement[]; readonly meanDice: number | null } {
  const region = nearestComponent(reference, grid);
  const components = Array.from({ length: reference.count }, (_, at): ComponentAgreement => {
    const component = at + 1;
    const a = Uint8Array.from(reference.labels, label => (label === component ? 1 : 0));
    const b = measured.map((value, index) => (region[index] === component ? value : 0));
    const { dice, iou } = overlap(countOverlap(a, b));
    return { component, dice, iou, surfaces: surfacesOfPairs([a, b], grid, settings)(0, 1) };
  });
  return { components, meanDice: mean(components.flatMap(({ dice }) => dice ?? [])) };
}

function nearestComponent({ labels, count }: Instances, { dims, spacing }: MaskGrid): Int32Array {
  const nearest = new Int32Array(labels.length);
  const smallest = new Float64Array(labels.length).fill(Infinity);
  const squared = new Float64Array(labels.length);
  for (let component = 1; component <= count; component++) {
    squaredDistanceTransform(
      Uint8Array.from(labels, label => (label === component ? 1 : 0)),
      dims,
      spacing,
      squared
    );
    for (let index = 0; index < squared.length; index++) {
      if ((squared[index] ?? 0) >= (smallest[index] ?? 0)) continue;
      smallest[index] = squared[index] ?? 0;
      nearest[index] = component;
    }
  }
  return nearest;
}
