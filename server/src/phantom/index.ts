export type { Acquisition } from './acquisition.js';
export { PhantomError, type PhantomErrorCode } from './errors.js';
export {
  generatePhantom,
  generatePhase,
  planPhantom,
  type Phantom,
  type PhantomOptions,
  type PhantomPhase,
  type PhantomPlan,
  type PhaseNodule
} from './generatePhantom.js';
export { MIMIC_KINDS, SIZE_BINS, type LiradsFeatures, type Mimic, type MimicKind, type Nodule } from './lesions.js';
export type { PhantomGrid } from './phantomGrid.js';
export { coinReader, type CoinOptions } from './readers/coinReader.js';
export { measurePerformance, type MeasuredPerformance } from './readers/performance.js';
export {
  READER_PROFILE_NAMES,
  READER_PROFILES,
  type ReaderProfile,
  type ReaderProfileName
} from './readers/profiles.js';
export { SimulatedReaders, type SimulatedRead } from './readers/simulatedReader.js';
export { Random } from './random.js';
export { PHASES, REFERENCE_PHASE, type Phase } from './tissues.js';
export { eachNoduleVoxel, LIVER, NODULE, type NoduleMask } from './truth.js';
