export type * from './change.js';
export { differenceOf } from './differenceOf.js';
