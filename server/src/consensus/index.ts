export type * from './caseConsensus.js';
export type { SoftMap } from './softMap.js';
export type { VotePatterns } from './votePatterns.js';
export * from './warnings.js';
