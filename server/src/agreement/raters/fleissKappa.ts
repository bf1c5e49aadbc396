/** A number, or why there is none. */
export type Statistic<Reason extends string> =
  { readonly value: number; readonly reason: null } | { readonly value: null; readonly reason: Reason };

export type NoKappa =
  /** Agreement by chance needs two raters. */
  | 'fewer-than-two-raters'
  | 'no-subjects'
  /** Everybody said the same of everything: there is nothing to agree on. */
  | 'one-category';

/** What the kappas of several raters need; may be added up over parts. */
export interface RatingTotals {
  readonly raters: number;
  subjects: number;
  /** Pairs of raters that agree, over all subjects. */
  agreeingPairs: number;
  /** Ratings of each category. */
  readonly categories: Float64Array;
}

export function ratingTotals(raters: number, categories: number): RatingTotals {
  return { raters, subjects: 0, agreeingPairs: 0, categories: new Float64Array(categories) };
}

/** @param table for each subject, how many raters chose each category; each row has as many ratings */
export function totalsOfTable(table: readonly (readonly number[])[]): RatingTotals {
  const [first = []] = table;
  const raters = first.reduce((sum, count) => sum + count, 0);
  const totals = ratingTotals(raters, first.length);
  for (const row of table) {
    if (row.reduce((sum, count) => sum + count, 0) !== raters || row.length !== first.length) {
      throw new RangeError('Each subject needs the same number of ratings and of categories.');
    }
    addSubjects(totals, row, 1);
  }
  return totals;
}

/** Adds subjects that were all rated alike: `counts` raters chose each category. */
export function addSubjects(totals: RatingTotals, counts: readonly number[], subjects: number): void {
  totals.subjects += subjects;
  counts.forEach((count, category) => {
    totals.agreeingPairs += (subjects * count * (count - 1)) / 2;
    totals.categories[category] = (totals.categories[category] ?? 0) + subjects * count;
  });
}

/** Fleiss' kappa (Psychol Bull 76, 1971): chance agreement from the raters' own share of each category. */
export function fleissKappa(totals: RatingTotals): Statistic<NoKappa> {
  const ratings = totals.subjects * totals.raters;
  return kappaOf(
    totals,
    totals.categories.reduce((sum, count) => sum + (count / ratings) ** 2, 0)
  );
}

/** Randolph's free-marginal kappa: chance agreement as if each category were as likely. */
export function randolphKappa(totals: RatingTotals): Statistic<NoKappa> {
  return kappaOf(totals, 1 / totals.categories.length);
}

function kappaOf({ raters, subjects, agreeingPairs }: RatingTotals, byChance: number): Statistic<NoKappa> {
  if (raters < 2) return { value: null, reason: 'fewer-than-two-raters' };
  if (subjects === 0) return { value: null, reason: 'no-subjects' };
  if (byChance >= 1) return { value: null, reason: 'one-category' };
  const observed = agreeingPairs / ((subjects * raters * (raters - 1)) / 2);
  return { value: (observed - byChance) / (1 - byChance), reason: null };
}
