export { checkCondition, evaluateCondition, type Evaluated } from './criteria.js';
export { CriterionError, type CriterionErrorCode } from './errors.js';
export type { EvaluatedQuantity, Figures } from './evaluateExpression.js';
export { EXPRESSION_LIMITS } from './expression.js';
export { isQuantity, QUANTITIES, UNITS, type QuantityDefinition, type QuantityName } from './quantities.js';
export type { Asked, Vocabulary } from './vocabulary.js';
export { figuresOfConsensus, type MeasuredConsensus } from './consensusFigures.js';
