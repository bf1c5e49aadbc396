export { agreementOfCase } from './agreementOfCase.js';
export type * from './caseAgreement.js';
export * from './definitions.js';
export * from './errors.js';
export * from './kappaRegion.js';
export type { GridGeometry } from './surfaces/mask.js';
export type { SurfaceFigures } from './surfaces/surfaceFigures.js';
export type { Conformity } from './overlap.js';
export * from './raters/fleissKappa.js';
