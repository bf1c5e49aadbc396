export * from './caseFile.js';
export * from './canonicalJson.js';
export * from './truthValues.js';
export * from './revisionManifest.js';
export * from './signatures.js';
export * from './auditEntry.js';
export * from './releaseParts.js';
export * from './releaseManifest.js';
