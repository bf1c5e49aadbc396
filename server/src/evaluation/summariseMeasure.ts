import type { Measure, MeasureSummary } from '@voxcord/schemas/api';
import { meanOf, medianOf } from './estimates.js';

/** @param perPatient values of each patient, null where there is none */
export function summariseMeasure(
  measure: Measure,
  perPatient: readonly (readonly (number | null)[])[],
  weight: 'patient' | 'value' = 'patient'
): MeasureSummary {
  const values = perPatient.map(each => each.filter(value => value !== null));
  return {
    measure,
    mean: meanOf(values, weight),
    median: medianOf(values.flatMap(each => (each.length === 0 ? [] : [average(each)]))),
    withoutValue: perPatient.flat().filter(value => value === null).length
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
