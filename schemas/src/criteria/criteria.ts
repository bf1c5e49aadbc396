import { CriterionError } from './errors.js';
import { Evaluation, type EvaluatedQuantity, type Figures } from './evaluateExpression.js';
import { parseExpression } from './parseExpression.js';
import { QUANTITIES } from './quantities.js';
import type { Vocabulary } from './vocabulary.js';

/** What became of a condition in one case. */
export interface Evaluated {
  /** Null: it could not be evaluated; `reason` says why. */
  readonly met: boolean | null;
  readonly values: readonly EvaluatedQuantity[];
  readonly reason: string | null;
}

/**
 * Checks a condition against the names of a protocol, before there are figures. Throws `CriterionError`: syntax, unknown
 * names, wrong arguments, units that do not fit, a figure in place of a condition.
 */
export function checkCondition(text: string, vocabulary: Vocabulary): void {
  new Evaluation(anyFigures(vocabulary)).condition(parseExpression(text));
}

/** Evaluates a condition. Never throws: what is wrong with it is the reason that it has no answer. */
export function evaluateCondition(text: string, figures: Figures): Evaluated {
  const evaluation = new Evaluation(figures);
  try {
    const met = evaluation.condition(parseExpression(text));
    return { met, values: [...evaluation.quantities.values()], reason: null };
  } catch (error) {
    if (!(error instanceof CriterionError)) throw error;
    return { met: null, values: [...evaluation.quantities.values()], reason: error.message };
  }
}

/** Figures that are all there and never zero, to try out what an expression does with names and units. */
function anyFigures({ segments, readers }: Vocabulary): Figures {
  // Irrational steps: differences between figures of a trial are not zero by chance.
  let step = 0;
  return {
    segments,
    readers,
    valuesOf: ({ name }) => [(QUANTITIES[name].power + 1) * (1 + (step++ * Math.SQRT2) / 1000)]
  };
}
