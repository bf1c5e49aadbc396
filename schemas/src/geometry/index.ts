export * from './vectors.js';
export * from './affine.js';
export * from './orientation.js';
export * from './resampling.js';
