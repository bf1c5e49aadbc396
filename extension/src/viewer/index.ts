export * from './contracts.js';
export { CaseViewer } from './caseViewer.js';
export { FixedVoxels } from './fixedVoxels.js';
export type * from './overlays.js';
export type { PaintOver } from './paintRule.js';
export { ViewerError, type ViewerErrorCode } from './viewerError.js';
export { type WindowPreset } from './windowPresets.js';
