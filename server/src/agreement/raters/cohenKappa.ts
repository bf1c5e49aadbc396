import { normalQuantile } from '../statistics/normal.js';
import type { NoKappa, Statistic } from './fleissKappa.js';

/** How much a disagreement between categories counts that are so many apart. */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

export interface CohenKappa {
  readonly kappa: number;
  /** Asymptotic standard error of kappa (Fleiss, Cohen and Everitt, Psychol Bull 72, 1969). */
  readonly standardError: number;
  /** kappa ± z · standard error. */
  readonly interval: readonly [number, number];
  readonly subjects: number;
}

/**
 * Cohen's kappa of two raters, weighted if categories are ordered.
 *
 * @param table how many subjects the first rater put in category r (row) and the second in category c (column)
 * @param level of the interval, 0.95 if left out
 */
export function cohenKappa(
  table: readonly (readonly number[])[],
  weights: KappaWeights = 'none',
  level = 0.95
): CohenKappa | Extract<Statistic<NoKappa>, { value: null }> {
  const size = table.length;
  if (table.some(row => row.length !== size)) throw new RangeError('Both raters need the same categories.');
  const subjects = sumOf(table.flat());
  if (subjects === 0) return { value: null, reason: 'no-subjects' };
  const rows = table.map(row => sumOf(row) / subjects);
  const columns = table.map((_, column) => sumOf(table.map(row => row[column] ?? 0)) / subjects);
  const weight = (a: number, b: number): number => agreementWeight(a, b, size, weights);
  const over = (term: (row: number, column: number) => number): number =>
    sumOf(table.flatMap((line, row) => line.map((_, column) => term(row, column))));
  const share = (row: number, column: number): number => (table[row]?.[column] ?? 0) / subjects;

  const observed = over((row, column) => weight(row, column) * share(row, column));
  const chance = over((row, column) => weight(row, column) * (rows[row] ?? 0) * (columns[column] ?? 0));
  if (chance >= 1) return { value: null, reason: 'one-category' };
  const kappa = (observed - chance) / (1 - chance);

  const ofRow = table.map((_, row) => sumOf(columns.map((part, column) => part * weight(row, column))));
  const ofColumn = table.map((_, column) => sumOf(rows.map((part, row) => part * weight(row, column))));
  const spread = over(
    (row, column) =>
      share(row, column) * (weight(row, column) - ((ofRow[row] ?? 0) + (ofColumn[column] ?? 0)) * (1 - kappa)) ** 2
  );
  const variance = (spread - (kappa - chance * (1 - kappa)) ** 2) / (subjects * (1 - chance) ** 2);
  const standardError = Math.sqrt(Math.max(0, variance));
  const margin = normalQuantile((1 + level) / 2) * standardError;
  return { kappa, standardError, interval: [kappa - margin, kappa + margin], subjects };
}

/** 1 for the same category. */
function agreementWeight(a: number, b: number, categories: number, weights: KappaWeights): number {
  if (weights === 'none' || a === b) return a === b ? 1 : 0;
  const apart = Math.abs(a - b) / (categories - 1);
  return 1 - (weights === 'linear' ? apart : apart * apart);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
