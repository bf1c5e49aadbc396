export { ImagingError, type ImagingErrorCode } from './errors.js';
export { DEFAULT_LIMITS, type ImagingLimits } from './limits.js';
export type { ImportedVolume } from './importFile.js';
export { ImportCancelled, runImport } from './importThread.js';
export { exportLabelMap } from './exportLabelMap.js';
