import type { Volume } from '@voxcord/schemas/api';

/** Values, not stored numbers. */
export interface ValueSummary {
  readonly lowest: number;
  readonly highest: number;
  readonly percentile2: number;
  readonly percentile98: number;
}

/**
 * A guess, since NIfTI does not say: CT if there is something like air (at or below -500) and something like tissue
 * (above -300), and nearly all values lie between the usual padding (-3100) and metal-free bone (3100). MR phase maps
 * go below that. Nothing else is guessed.
 */
export function guessModality(values: ValueSummary): Pick<Volume, 'modality' | 'unit'> {
  const isCt =
    values.lowest <= -500 &&
    values.highest >= 100 &&
    values.percentile98 > -300 &&
    values.percentile2 >= -3100 &&
    values.percentile98 <= 3100;
  return isCt ? { modality: 'CT', unit: 'HU' } : { modality: 'unknown', unit: '' };
}
