import { LARGEST_LESION, type EvaluatedCase, type EvaluationResult } from '@voxcord/schemas/api';
import { binText, isIn, SIZE_BINS } from './sizeBins.js';

/** A property with more values than these names cases, and does not group them. */
const MOST_VALUES = 12;

const NONE = 'no lesion';

export interface CasesOfStratum {
  readonly name: string;
  readonly value: string;
  readonly cases: readonly EvaluatedCase[];
}

/** Groups of cases by each property that parts them; what is known of all cases, and how large their lesions are. */
export function strataOf(names: EvaluationResult['names'], cases: readonly EvaluatedCase[]): CasesOfStratum[] {
  const hasLesions = names.some(({ kind }) => kind === 'lesion');
  const order = [NONE, ...SIZE_BINS.map(binText)];
  const properties = cases.map(
    ({ strata, lesions }) =>
      new Map([...Object.entries(strata), ...(hasLesions ? [[LARGEST_LESION, largestOf(lesions)] as const] : [])])
  );
  const known = [...new Set(properties.flatMap(each => [...each.keys()]))].sort();
  return known.flatMap(name => {
    const values = [...new Set(properties.flatMap(each => each.get(name) ?? []))];
    if (values.length < 2 || values.length > MOST_VALUES) return [];
    const sorted = name === LARGEST_LESION ? order.filter(value => values.includes(value)) : values.sort();
    return sorted.map(value => ({
      name,
      value,
      cases: cases.filter((_, index) => properties[index]?.get(name) === value)
    }));
  });
}

function largestOf(lesions: EvaluatedCase['lesions']): string {
  const diameters = lesions.flatMap(({ diameter }) => diameter ?? []);
  if (diameters.length === 0) return NONE;
  const largest = Math.max(...diameters);
  const bin = SIZE_BINS.find(each => isIn(each, largest));
  return bin === undefined ? NONE : binText(bin);
}
