import { isModel } from '@voxcord/schemas/models';
import type { ConsensusReader, ConsensusRules, Person, Warning } from '@voxcord/schemas/api';
import type { Catalogue } from '../../store/store.js';
import type { StoredRead } from '../../projects/records.js';
import { GroundTruthError } from '../groundTruthError.js';
import { readsOfModels } from './modelReads.js';
import { readRevision, type StoredProtocol, type StoredRevision } from '../records.js';

const FIRST_LETTER = 65;
const LETTERS = 26;

/** A reader's newest revision. */
export interface SubmittedRead {
  readonly read: StoredRead;
  readonly revision: StoredRevision;
}

/** A, B ... Z, AA, AB ... */
export function letterOf(index: number): string {
  const last = String.fromCharCode(FIRST_LETTER + (index % LETTERS));
  return index < LETTERS ? last : letterOf(Math.floor(index / LETTERS) - 1) + last;
}

export function readerKind({ username }: Person): ConsensusReader['kind'] {
  return isModel(username) ? 'model' : 'person';
}

/** The reads that the truth of a case is made of: those that the protocol asks for. A repeat is for comparison only. */
export function readsThatCount(reads: readonly StoredRead[]): StoredRead[] {
  return reads.filter(
    ({ purpose, protocol, repeatOf, withdrawn }) =>
      purpose === 'reading' && protocol !== null && repeatOf === null && !withdrawn
  );
}

/**
 * The newest revisions, in the order of their submission, first of people and then of models. Throws `GroundTruthError` (`consensus.reads-missing`) unless
 * everybody who was asked has submitted: it says how many are missing, never who.
 */
export async function submittedReads(
  catalogue: Catalogue,
  reads: readonly StoredRead[],
  { content }: StoredProtocol
): Promise<SubmittedRead[]> {
  const counting = readsThatCount(reads);
  const submitted = counting.filter(({ state }) => state === 'submitted');
  const asked = Math.max(counting.length, content.readers.perCase);
  if (submitted.length < asked) {
    throw new GroundTruthError(
      'consensus.reads-missing',
      `${asked - submitted.length} of ${asked} reads of this case are missing. Wait until they are submitted, or assign readers.`
    );
  }
  return [...(await inOrder(catalogue, submitted)), ...(await inOrder(catalogue, readsOfModels(reads)))];
}

async function inOrder(catalogue: Catalogue, reads: readonly StoredRead[]): Promise<SubmittedRead[]> {
  const found = await Promise.all(reads.map(read => newestRevision(catalogue, read)));
  return found.sort((a, b) => order(a.revision.manifest.submittedAt, b.revision.manifest.submittedAt));
}

export async function newestRevision(catalogue: Catalogue, read: StoredRead): Promise<SubmittedRead> {
  const hash = read.revisions.at(-1);
  const value = hash === undefined ? null : await catalogue.get('revision', hash);
  return { read, revision: readRevision(value) };
}

/** Who the readers of a consensus are. A model counts as the rules say, people all count the same. */
export function describeReaders(reads: readonly SubmittedRead[], rules: ConsensusRules): ConsensusReader[] {
  return reads.map(({ read, revision }, index) => {
    const kind = readerKind(read.reader);
    return {
      letter: letterOf(index),
      reader: read.reader,
      kind,
      revision: revision.hash,
      weight: kind === 'model' ? rules.modelWeight : 1,
      readSegments: segmentsRead(revision)
    };
  });
}

/** Null: all of them. */
function segmentsRead({ manifest: { segments, notRead } }: StoredRevision): number[] | null {
  if (notRead === undefined) return null;
  return segments.map(({ number }) => number).filter(number => !notRead.includes(number));
}

/** What has to be said of the reads before anything is computed. */
export function warningsOf(reads: readonly SubmittedRead[], protocol: StoredProtocol): Warning[] {
  const others = reads.filter(({ revision }) => revision.protocolVersion !== protocol.version).length;
  if (others === 0) return [];
  const text =
    `${others} of ${reads.length} reads follow another version of the protocol than version ${protocol.version}, ` +
    `by whose rules this consensus is computed.`;
  return [{ code: 'protocol.mixed', text, segment: null }];
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
