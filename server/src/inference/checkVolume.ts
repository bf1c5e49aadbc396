import { spacing, type Affine } from '@voxcord/schemas/geometry';
import type { ModelInput } from '@voxcord/schemas/models';
import { InferenceError } from './errors.js';
import { cleanSpacing } from './resampling.js';

/** What decides whether a model takes a volume. */
export interface CandidateVolume {
  readonly affine: Affine;
  /** `unknown` is never refused. */
  readonly modality: 'CT' | 'MR' | 'unknown';
}

/** Throws `InferenceError` if a model does not take a volume: `inference.wrong-modality`, `inference.wrong-spacing`. */
export function checkVolume(
  { modalities, acceptedSpacing }: Pick<ModelInput, 'modalities' | 'acceptedSpacing'>,
  { affine, modality }: CandidateVolume
): void {
  checkModality(modalities, modality);
  const sizes = spacing(affine).map(cleanSpacing);
  const { smallest, largest } = acceptedSpacing;
  if (sizes.every(size => size >= smallest && size <= largest)) return;
  throw new InferenceError(
    'inference.wrong-spacing',
    `The voxels of the volume are ${sizes.join(' x ')} mm; the model takes ${smallest} to ${largest} mm. Resample the ` +
      'volume, or choose another model.'
  );
}

/** Throws `InferenceError` (`inference.wrong-modality`). */
export function checkModality(modalities: ModelInput['modalities'], modality: CandidateVolume['modality']): void {
  if (modality === 'unknown' || modalities.includes(modality)) return;
  throw new InferenceError(
    'inference.wrong-modality',
    `The volume is ${modality}; the model was trained on ${modalities.join(' and ')}. Choose another model or volume.`
  );
}
