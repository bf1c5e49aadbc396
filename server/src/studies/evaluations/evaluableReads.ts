import type { EvaluableReader, Person } from '@voxcord/schemas/api';
import { evaluationRights, type EvaluationRights } from '../../access/truthMatrix.js';
import type { ProjectAccess, SeenCase, SeenProject } from '../../projects/projectAccess.js';
import type { StoredRead } from '../../projects/records.js';
import { readerKind } from '../consensus/consensusReads.js';
import { ifThere } from '../ifThere.js';
import type { StoredRelease } from '../releases/releaseRecords.js';

/** The cases of a release as somebody may see them, and what they may do with evaluations against it. */
export interface SeenReleaseCases {
  readonly cases: readonly SeenCase[];
  readonly rights: EvaluationRights;
}

export async function seeReleaseCases(
  access: ProjectAccess,
  person: Person,
  { role }: SeenProject,
  { cases }: Pick<StoredRelease, 'cases'>
): Promise<SeenReleaseCases> {
  const seen = await Promise.all(cases.map(({ caseId }) => ifThere(access.case_(person, caseId))));
  const found = seen.filter(each => each !== null);
  return {
    cases: found,
    rights: evaluationRights(
      role,
      found.map(({ view }) => view.standing)
    )
  };
}

/**
 * The read of a case by this reader that is evaluated: the newest one that was submitted, under the latest version of the
 * protocol that there is one of, and no repeated one.
 */
export function evaluatedRead({ reads, view }: SeenCase, username: string): StoredRead | null {
  const submitted = reads.filter(
    read =>
      read.reader.username === username &&
      read.purpose !== 'adjudication' &&
      read.repeatOf === null &&
      read.revisions.length > 0 &&
      view.rightsTo(read).mayView
  );
  const version = Math.max(0, ...submitted.map(({ protocol }) => protocol?.version ?? 0));
  return submitted.findLast(({ protocol }) => (protocol?.version ?? 0) === version) ?? null;
}

/** Models first, then people; by how much of the release they have read. */
export function evaluableReaders({ cases }: SeenReleaseCases): EvaluableReader[] {
  const readers = new Map<string, EvaluableReader>();
  for (const seen of cases) {
    for (const username of new Set(seen.reads.map(({ reader }) => reader.username))) {
      const read = evaluatedRead(seen, username);
      if (read === null) continue;
      const known = readers.get(username)?.cases ?? 0;
      readers.set(username, { reader: read.reader, kind: readerKind(read.reader), cases: known + 1 });
    }
  }
  const rank = ({ kind }: EvaluableReader): number => (kind === 'model' ? 0 : 1);
  return [...readers.values()].sort(
    (a, b) => rank(a) - rank(b) || b.cases - a.cases || (a.reader.username < b.reader.username ? -1 : 1)
  );
}
