export type * from './caseConsensus.js';
export { dawidSkene, type Answer, type DawidSkeneEstimate, type DawidSkeneOptions } from './dawidSkene.js';
export { consensusOfCase } from './consensusOfCase.js';
export {
  consensusOfLabels,
  type LabelConsensus,
  type LabelConsensusInput,
  type LabelMethod,
  type LabelSegment
} from './labelConsensus.js';
export { describeFlip, findFlippedReads, type FlippedReads } from './flippedReads.js';
export { greatestDistance } from './extent.js';
export { findInstances, surfaceOf, type Instance, type Instances } from './lesionInstances.js';
export { matchLesions, type LesionGroup, type MatchedLesions } from './matchLesions.js';
export { LiveConsensus, type LiveChange, type LiveSegment } from './liveConsensus.js';
export { softIndexIn, softValuesIn, type SoftMap } from './softMap.js';
export type { VotePatterns } from './votePatterns.js';
export * from './warnings.js';
