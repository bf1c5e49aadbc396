import type { VotePatterns } from './votePatterns.js';

/** Which labels of which readers are votes; see `participants`. */
export type NotRead = (reader: number, label: number) => boolean;

/**
 * Readers whose label in a pattern is a vote: not those who left background where others marked a segment that they were
 * not asked to read.
 */
export function participants(
  { table, readers }: Pick<VotePatterns, 'table' | 'readers'>,
  pattern: number,
  notRead: NotRead
): number[] {
  const start = pattern * readers;
  const voting: number[] = [];
  for (let r = 0; r < readers; r++) {
    const isSilent = (table[start + r] ?? 0) === 0 && someLabel(table, start, readers, label => notRead(r, label));
    if (!isSilent) voting.push(r);
  }
  return voting;
}

function someLabel(table: Uint8Array, start: number, readers: number, test: (label: number) => boolean): boolean {
  for (let n = start; n < start + readers; n++) {
    const label = table[n] ?? 0;
    if (label !== 0 && test(label)) return true;
  }
  return false;
}

/**
 * How far apart the readers are in each pattern, 0 to 255: the entropy of their labels in bits, cut at 1. All alike is 0;
 * two halves, or more than two opinions of any weight beyond that, are 255. A single reader among 16 who differs still
 * makes more than 0.
 *
 * @param counted readers whose labels count
 */
export function disagreementOfPatterns(
  patterns: Pick<VotePatterns, 'table' | 'readers' | 'counts'>,
  notRead: NotRead,
  counted: (reader: number) => boolean
): Uint8Array {
  return Uint8Array.from(patterns.counts, (_, pattern) => {
    const voting = participants(patterns, pattern, notRead).filter(counted);
    const labels = voting.map(r => patterns.table[pattern * patterns.readers + r] ?? 0);
    return Math.round(255 * Math.min(1, entropy(labels)));
  });
}

function entropy(labels: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / labels.length) * Math.log2(count / labels.length);
  return bits;
}
