export type * from './caseConsensus.js';
export { consensusOfCase } from './consensusOfCase.js';
export { describeFlip, findFlippedReads, type FlippedReads } from './flippedReads.js';
export { softValuesIn, type SoftMap } from './softMap.js';
export type { VotePatterns } from './votePatterns.js';
export * from './warnings.js';
