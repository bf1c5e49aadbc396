import type { Estimate } from '@voxcord/schemas/api';
import { FEWEST_PATIENTS, meanInterval, medianInterval } from '../agreement/index.js';

/** The same data give the same intervals. */
export const SEED = 20_260_101;
export const RESAMPLES = 2000;

export const NOTHING = 'No case has a value.';
export const TOO_FEW = `Intervals are over patients and need ${FEWEST_PATIENTS} of them at least.`;
export const NO_SPREAD = 'All patients have the same value: there is no spread to draw an interval from.';

/**
 * Mean with a 95 % interval (BCa): patients are drawn anew, with all that was measured in them; a case stands for a
 * patient. Refused below ten patients that have a value.
 *
 * @param weight each `patient` counts the same, or each `value` does (a share over all lesions)
 */
export function meanOf(perPatient: readonly (readonly number[])[], weight: 'patient' | 'value' = 'patient'): Estimate {
  const found = meanInterval(perPatient, { seed: SEED, resamples: RESAMPLES, weight });
  if (found.refused !== null) return refused(found.estimate, found.patients);
  return withInterval(found.estimate, [found.low, found.high], found.patients);
}

/** Median with an interval of at least 95 % between order statistics, exact for every distribution. */
export function medianOf(values: readonly number[]): Estimate {
  const found = medianInterval(values);
  if (found.refused !== null) return refused(found.estimate, found.patients);
  return withInterval(found.estimate, [found.low, found.high], found.patients);
}

export function refused(value: number | null, cases: number): Estimate {
  return { value, interval: null, cases, reason: cases === 0 ? NOTHING : TOO_FEW };
}

export function withInterval(value: number, [low, high]: readonly [number, number], cases: number): Estimate {
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) {
    return { value, interval: [low, high], cases, reason: null };
  }
  return { value, interval: null, cases, reason: NO_SPREAD };
}
