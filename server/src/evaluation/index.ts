export { evaluateCase, type CaseFigures } from './evaluateCase.js';
export * from './errors.js';
export { frocOf, FROC_RATES, type MarkedCase } from './froc.js';
export { lesionMeasures, segmentMeasures } from './measures.js';
export * from './settings.js';
export * from './sizeBins.js';
export { summariseEvaluation, type EvaluationSubject } from './summarise.js';
