import type { PromptPlace } from '@voxcord/schemas/api';
import { invert, spacing, transformPoint, type Affine, type Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import { ProposalError } from './errors.js';
import type { Place } from './prompts.js';

/** Voxels along an axis that are looked at, at most. */
export const LONGEST_EDGE = 256;
/** mm around the places on the thing that are looked at. */
const MARGIN = 64;

export interface ProposalGrid {
  readonly dims: Dims;
  readonly affine: Affine;
}

/**
 * Places of the world as (not rounded) indices of a volume, the first one on the thing first. Throws `ProposalError`:
 * `proposal.no-place`, `proposal.outside`.
 */
export function placesInVolume(places: readonly PromptPlace[], { dims, affine }: ProposalGrid): Place[] {
  const toVoxel = invert(affine);
  const found = places.map(({ world, on }) => ({ at: transformPoint(toVoxel, world), on }));
  for (const { at } of found) {
    const isInside = ([0, 1, 2] as const).every(axis => at[axis] >= -0.5 && at[axis] <= dims[axis] - 0.5);
    if (isInside) continue;
    throw new ProposalError('proposal.outside', 'A place lies outside the image. Point at something in the image.');
  }
  if (found.some(({ on }) => on)) return found;
  throw new ProposalError(
    'proposal.no-place',
    'All places lie beside the thing that is meant. Point at the thing itself at least once.'
  );
}

/**
 * The part of a volume in which the thing is sought: by the places alone, so that the same places give the same proposal.
 * Throws `ProposalError` (`proposal.too-spread`).
 */
export function cropAbout(places: readonly Place[], { dims, affine }: ProposalGrid): VoxelBox {
  const sizes = spacing(affine);
  const ends = ([0, 1, 2] as const).map(axis => {
    const along = places.map(({ at }) => Math.min(dims[axis] - 1, Math.max(0, Math.round(at[axis]))));
    const low = along.reduce((a, b) => Math.min(a, b));
    const high = along.reduce((a, b) => Math.max(a, b));
    const room = LONGEST_EDGE - (high - low + 1);
    if (room < 0) {
      throw new ProposalError(
        'proposal.too-spread',
        `The places lie more than ${LONGEST_EDGE} voxels apart. Propose one part of the thing after the other.`
      );
    }
    const margin = Math.min(Math.ceil(MARGIN / sizes[axis]), Math.floor(room / 2));
    return { low: Math.max(0, low - margin), high: Math.min(dims[axis] - 1, high + margin) };
  });
  const along = (axis: 0 | 1 | 2, end: 'low' | 'high'): number => ends[axis]?.[end] ?? 0;
  return {
    min: [along(0, 'low'), along(1, 'low'), along(2, 'low')],
    max: [along(0, 'high'), along(1, 'high'), along(2, 'high')]
  };
}

/** Places of a volume as places of a part of it. */
export function placesInBox(places: readonly Place[], { min }: VoxelBox): Place[] {
  const move = (at: Vector): Vector => [at[0] - min[0], at[1] - min[1], at[2] - min[2]];
  return places.map(({ at, on }) => ({ at: move(at), on }));
}
