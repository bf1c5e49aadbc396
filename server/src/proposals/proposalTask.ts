import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { foundThing, type FoundThing } from './foundThing.js';
import { geodesicProposal, type Checkpoint } from './geodesicProposal.js';
import type { Place } from './prompts.js';
import { valuesOf, type StoredCrop } from './storedCrop.js';

/** All that a method without weights needs. */
export interface ProposalTask {
  readonly crop: StoredCrop;
  /** mm along i, j, k. */
  readonly spacing: Vector;
  /** Of the volume that the crop is of. */
  readonly dims: Dims;
  /** Indices of the crop. */
  readonly places: readonly Place[];
}

/** Finds what is meant. Pure; takes a second for the largest crops. */
export function performProposal({ crop, spacing, dims, places }: ProposalTask, checkpoint: Checkpoint): FoundThing {
  const { min, max } = crop.box;
  const size: Dims = [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
  const mask = geodesicProposal({ values: valuesOf(crop), dims: size, spacing }, places, checkpoint);
  return foundThing(mask, crop.box, dims);
}
