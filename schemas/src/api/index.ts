export * from './values.js';
export * from './problems.js';
export * from './people.js';
export * from './segments.js';
export * from './volumes.js';
export * from './cases.js';
export * from './labelMaps.js';
export * from './operations.js';
