import type { CaseInput } from './caseConsensus.js';
import { ConsensusError } from './warnings.js';

/** Who counts for which segment. */
export interface CaseReaders {
  readonly ids: readonly string[];
  readonly weights: readonly number[];
  /** Indices of the readers who read the segment and have a weight. */
  readonly counted: (segment: number) => number[];
  readonly notRead: (reader: number, segment: number) => boolean;
}

/** Throws `ConsensusError` (`consensus.weight`, `consensus.segment`). */
export function readersOf({ reads, rules }: CaseInput): CaseReaders {
  for (const { id, weight = 1 } of reads) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    throw new ConsensusError(
      'consensus.weight',
      `The weight of ${id} is ${weight}: it must be 0 or a positive number.`
    );
  }
  const segments = new Set<number>();
  for (const { segment } of rules) {
    if (!Number.isInteger(segment) || segment < 1 || segment > 255) {
      throw new ConsensusError('consensus.segment', `There is no segment ${segment}: numbers go from 1 to 255.`);
    }
    if (segments.has(segment)) {
      throw new ConsensusError('consensus.segment', `Segment ${segment} has two rules. Leave one of them out.`);
    }
    segments.add(segment);
  }
  const unread = reads.map(({ notRead }) => new Set(notRead));
  const weights = reads.map(({ weight = 1 }) => weight);
  const all = reads.map((_, reader) => reader);
  const notRead = (reader: number, segment: number): boolean => unread[reader]?.has(segment) === true;
  return {
    ids: reads.map(({ id }) => id),
    weights,
    notRead,
    counted: segment => all.filter(reader => !notRead(reader, segment) && (weights[reader] ?? 0) > 0)
  };
}
