export * from './contracts.js';
export { CaseViewer } from './caseViewer.js';
export { ViewerError, type ViewerErrorCode } from './viewerError.js';
export { type WindowPreset, windowPresetsFor } from './windowPresets.js';
