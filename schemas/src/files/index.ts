export * from './caseFile.js';
