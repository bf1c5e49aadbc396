import type { ModelOutput } from '@voxcord/schemas/models';
import { connectedComponents } from '../morphology/connectedComponents.js';
import type { Triple } from './orientation.js';

/** Voxels that share a face, an edge or a corner belong together. */
const CONNECTIVITY = 26;

/**
 * Makes background, in place, of connected components that are smaller than `smallestMl`, and of all but the largest one
 * of the channels in `largestOnly` (of equal ones the first stays, i fastest). Memory: four bytes per voxel.
 *
 * @param labels channel of each voxel, i fastest
 * @param voxelMl of one voxel
 */
export function cleanUp(
  labels: Uint8Array,
  dims: Triple<number>,
  voxelMl: number,
  { smallestMl, largestOnly }: NonNullable<ModelOutput['cleanUp']>
): void {
  if (smallestMl <= 0 && largestOnly.length === 0) return;
  const components = connectedComponents(labels, dims, CONNECTIVITY);
  const channelOf = new Uint8Array(components.count + 1);
  for (let n = 0; n < labels.length; n++) channelOf[components.labels[n] ?? 0] = labels[n] ?? 0;
  const largest = new Map<number, number>();
  for (let component = 1; component <= components.count; component++) {
    const channel = channelOf[component] ?? 0;
    const known = largest.get(channel);
    if (known === undefined || (components.sizes[component] ?? 0) > (components.sizes[known] ?? 0)) {
      largest.set(channel, component);
    }
  }
  const stays = channelOf.map((channel, component) => {
    const isLarge = (components.sizes[component] ?? 0) * voxelMl >= smallestMl;
    return isLarge && (!largestOnly.includes(channel) || largest.get(channel) === component) ? 1 : 0;
  });
  for (let n = 0; n < labels.length; n++) {
    if (stays[components.labels[n] ?? 0] !== 1) labels[n] = 0;
  }
}
