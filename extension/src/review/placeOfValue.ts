import type { TranslationBundle } from '@jupyterlab/translation';
import { METRICS, valueOf } from './agreementMatrix.js';
import type { ReviewModel } from './reviewModel.js';

/**
 * Of which segment and which two readers a value is that decides about a criterion: a quantity stands for the worst of
 * its values, which is not always the one on show. `quantity`: as in the expression, `dice("Liver")`. Null: of no pair.
 */
export function placeOfValue(
  review: ReviewModel,
  quantity: string,
  value: number,
  trans: TranslationBundle
): string | null {
  const metric = METRICS.find(name => quantity === name || quantity.startsWith(`${name}(`));
  if (metric === undefined) return null;
  // Other segments and pairs may well have the same value.
  const named = [...quantity.matchAll(/"([^"]*)"/g)].map(([, name]) => name);
  for (const { number, pairs } of review.result?.agreement ?? []) {
    const segment = review.segmentOf(number)?.name ?? trans.__('Segment %1', number);
    const pair = pairs.find(
      candidate =>
        valueOf(candidate, metric) === value &&
        named.every(name => name === segment || name === candidate.a || name === candidate.b)
    );
    if (pair === undefined) continue;
    return trans.__('%1, readers %2 and %3', segment, pair.a, pair.b);
  }
  return null;
}
