import type { TranslationBundle } from '@jupyterlab/translation';
import type { Case, Model } from '@voxcord/schemas/api';
import { threeDigits } from '../ui/numbers.js';

/**
 * Why a model should not be run on a case, as far as this can be told from what the page knows of the image; null:
 * nothing speaks against it. The service has the last word.
 */
export function obstacle({ file }: Model, { volumes }: Case, trans: TranslationBundle): string | null {
  if (file.kind === 'prompted')
    return trans.__('This model answers clicks in the picture; it is not run on whole cases.');
  const [volume] = volumes;
  if (volume === undefined) return trans.__('The case has no image.');
  const { modalities, acceptedSpacing } = file.input;
  if (volume.modality !== 'unknown' && !modalities.includes(volume.modality)) {
    return trans.__('The image is %1, the model needs %2.', volume.modality, modalities.join(trans.__(' or ')));
  }
  // Headers of files hold 32 bits.
  const sizes = volume.spacing.map(size => Number(size.toPrecision(6)));
  const misfit = sizes.find(size => size < acceptedSpacing.smallest || size > acceptedSpacing.largest);
  if (misfit !== undefined) {
    return trans.__(
      'The image has voxels of %1 mm, the model takes %2 to %3 mm.',
      threeDigits(misfit),
      threeDigits(acceptedSpacing.smallest),
      threeDigits(acceptedSpacing.largest)
    );
  }
  return null;
}
