import { readFileSync } from 'node:fs';
import type { BinaryVotes } from '../../src/consensus/binaryVotes.js';

interface BinaryRecord {
  readonly fixture: string;
  readonly alg: string;
  readonly confidenceWeight: number;
  readonly elapsedIterations: number;
  readonly p: readonly (number | null)[];
  readonly q: readonly (number | null)[];
  readonly sumW: number | null;
  readonly nGt05: number;
  readonly W: Readonly<Record<string, readonly [count: number, posterior: number | null]>>;
}

interface MultiLabelRecord {
  readonly fixture: string;
  readonly alg: string;
  readonly undecided: number;
  readonly prior: readonly number[];
  readonly labelCounts: Readonly<Record<string, number>>;
  readonly cm: readonly (readonly (readonly number[])[])[];
}

const file = new URL('./fixtures/staple.json', import.meta.url);
const { results } = JSON.parse(readFileSync(file, 'utf8')) as {
  results: (Partial<BinaryRecord & MultiLabelRecord> & { fixture: string; alg: string })[];
};

/** Results of ITK's STAPLEImageFilter. */
export const binaryRecords = results.filter(({ alg }) => alg === 'itk::STAPLEImageFilter') as BinaryRecord[];

/** Results of ITK's MultiLabelSTAPLEImageFilter with double precision. */
export const multiLabelRecords = results.filter(({ alg }) => alg.includes('MultiLabel')) as MultiLabelRecord[];

/** Counts of the labels of ITK's LabelVotingImageFilter. */
export const votingRecords = results.filter(({ alg }) => alg.includes('LabelVoting')) as MultiLabelRecord[];

/** Votes with the pattern counts of a record. */
export function votesOf(record: BinaryRecord): BinaryVotes & { readonly keys: readonly string[] } {
  const readers = record.p.length;
  const none = '0'.repeat(readers);
  const keys = [none, ...Object.keys(record.W).filter(key => key !== none)];
  return {
    keys,
    readers,
    marks: Uint32Array.from(keys, key => Array.from(key, Number).reduce((bits, bit, r) => bits | (bit << r), 0)),
    counts: Float64Array.from(keys, key => record.W[key]?.[0] ?? 0)
  };
}
