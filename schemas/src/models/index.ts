export * from './modelFile.js';
export * from './parseModelFile.js';
export * from './modelReader.js';
