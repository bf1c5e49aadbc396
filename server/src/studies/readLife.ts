import type { Person, Read, Reopening, Revision, Submission } from '@voxcord/schemas/api';
import type { SealedLabels } from '../labelmap/readLabelMap.js';
import { presentRead } from '../projects/presentation.js';
import { denied, type ProjectAccess, type SeenRead } from '../projects/projectAccess.js';
import { readRead, type StoredRead } from '../projects/records.js';
import type { Catalogue } from '../store/store.js';
import { StudyError } from './errors.js';
import type { FixedLabelMaps } from './fixedLabelMaps.js';
import { aboutRead, actorOf, type Journal } from './journal.js';
import { checkNotRead } from './notRead.js';
import type { OneAtATime } from './oneAtATime.js';
import { protocolVersion } from './protocolVersions.js';
import type { StoredRevision } from './records.js';
import { presentRevision, type Revisions } from './revisions.js';
import type { RightsRefresh } from './rightsRefresh.js';
import type { Signing } from './signing.js';

const DAY = 24 * 60 * 60 * 1000;

/** What is asked of the room of a read while it is submitted. */
export interface SealPort {
  whileSealed<Result>(readId: string, work: (painted: SealedLabels) => Promise<Result>): Promise<Result>;
}

/** What else has to hold for a submission, and what follows from it. */
export interface SubmissionRule {
  /** Rejects if the read cannot be submitted yet. */
  checkComplete(read: StoredRead): Promise<void>;
  /** Told of a revision that is stored. */
  noteOutcome(read: StoredRead, revision: StoredRevision): Promise<void>;
}

/** A read's life: begun by its reader, submitted and signed, reopened as the next revision. */
export class ReadLife {
  readonly #rules: SubmissionRule[] = [];

  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProjectAccess,
    private readonly journal: Journal,
    private readonly turns: OneAtATime,
    private readonly signing: Signing,
    private readonly revisions: Revisions,
    private readonly maps: FixedLabelMaps,
    private readonly rooms: SealPort,
    private readonly refresh: RightsRefresh,
    private readonly now: () => Date
  ) {}

  addRule(rule: SubmissionRule): void {
    this.#rules.push(rule);
  }

  /** Rejects with `StudyError` (`read.not-assigned`, `read.too-early`). */
  async begin(person: Person, readId: string): Promise<Read> {
    const { read, role } = await this.#own(person, readId);
    if (role === 'viewer') throw denied('read cases');
    await this.#checkWashOut(read);
    await this.#change(person, readId, 'read.begun', {}, current => {
      if (current.state !== 'assigned') {
        throw new StudyError('read.not-assigned', 'This read has begun already: go on with it.');
      }
      return { ...current, state: 'open', startedAt: this.now().toISOString() };
    });
    return this.#presented(person, readId);
  }

  /**
   * Submits and signs. Whenever the service dies, the read is either open, with all its paint, or submitted, with its
   * revision: the moment in between is one change of one document. Rejects with `StudyError` (`read.not-begun`,
   * `read.not-open`, `read.outside-protocol`, `read.not-read`, `signing.no-key`) and `TruthError` (`signing.passphrase`,
   * `signing.locked`).
   */
  async submit(person: Person, readId: string, { signing, remark = '', notRead = [] }: Submission): Promise<Revision> {
    return this.turns.take(`submit/${readId}`, async () => {
      const seen = await this.#own(person, readId);
      checkSubmittable(seen);
      for (const rule of this.#rules) await rule.checkComplete(seen.read);
      const key = await this.signing.unlock(person, signing.passphrase, seen.read.projectId);
      const revision = await this.rooms.whileSealed(readId, async painted => {
        const { read } = await this.#own(person, readId);
        await checkNotRead(read, notRead, painted.snapshot, this.maps);
        const time = this.now();
        const made = await this.revisions.make(read, painted, time, notRead);
        const { username, displayName } = person;
        const signed = this.signing.sign(
          key,
          { kind: 'revision', sha256: made.sha256 },
          { signer: { username, name: displayName }, meaning: signing.meaning, time, comment: remark }
        );
        const stored = await this.revisions.store(read, made, painted, remark, signed);
        const details = {
          case: read.caseId,
          revision: made.sha256,
          root: painted.content.root,
          meaning: signing.meaning
        };
        await this.#change(person, readId, 'read.submitted', details, current => {
          if (current.state !== 'open') throw notOpen(current);
          return { ...current, state: 'submitted', revisions: [...current.revisions, made.sha256], reopenedFor: null };
        });
        return stored;
      });
      for (const rule of this.#rules) await rule.noteOutcome(seen.read, revision);
      await this.refresh.case_(seen.read.caseId);
      return presentRevision(revision);
    });
  }

  /** By its reader or a manager; the same room opens again. Rejects with `StudyError` (`read.not-submitted`). */
  async reopen(person: Person, readId: string, { reason }: Reopening): Promise<Read> {
    const { read, readRights, rights } = await this.access.read(person, readId);
    const isOwn = read.reader.username === person.username;
    if (!readRights.mayView || (!isOwn && !rights.mayManage)) throw denied('reopen this read');
    if (read.purpose === 'model') throw byModel();
    if (read.protocol === null || read.state !== 'submitted') throw notSubmitted();
    await this.#change(person, readId, 'read.reopened', { reason }, current => {
      if (current.state !== 'submitted') throw notSubmitted();
      return { ...current, state: 'open', startedAt: this.now().toISOString(), reopenedFor: reason };
    });
    await this.refresh.case_(read.caseId);
    return this.#presented(person, readId);
  }

  async #own(person: Person, readId: string): Promise<SeenRead> {
    const seen = await this.access.read(person, readId);
    if (seen.read.reader.username === person.username) return seen;
    throw denied("take somebody else's read further: only its reader can");
  }

  async #checkWashOut({ repeatOf, protocol, projectId }: StoredRead): Promise<void> {
    if (repeatOf === null || protocol === null) return;
    const version = await protocolVersion(this.catalogue, projectId, protocol.version);
    const earlier = await this.access.findRead(repeatOf);
    const hash = earlier?.revisions.at(-1);
    if (hash === undefined || version === null) return;
    const { manifest } = await this.revisions.get(hash);
    const days = version.content.readers.repeat?.afterDays ?? 0;
    const from = new Date(Date.parse(manifest.submittedAt) + days * DAY);
    if (this.now() >= from) return;
    const day = from.toISOString().slice(0, 10);
    throw new StudyError(
      'read.too-early',
      `This case can be read again from ${day} on, ${days} days after the first time.`
    );
  }

  async #change(
    person: Person,
    readId: string,
    action: string,
    details: Record<string, unknown>,
    change: (current: StoredRead) => StoredRead
  ): Promise<void> {
    const { projectId } = await this.#stored(readId);
    await this.journal.update('read', readId, readRead, projectId, current => ({
      value: change(current),
      told: { actor: actorOf(person), action, subject: aboutRead(readId), details }
    }));
  }

  async #stored(readId: string): Promise<StoredRead> {
    return readRead(await this.catalogue.get('read', readId));
  }

  async #presented(person: Person, readId: string): Promise<Read> {
    const { read, readRights } = await this.access.read(person, readId);
    return presentRead(read, readRights);
  }
}

function checkSubmittable({ read, readRights }: SeenRead): void {
  if (read.protocol === null) {
    throw new StudyError('read.outside-protocol', 'This read was begun outside a protocol: it cannot be submitted.');
  }
  if (read.state === 'assigned') throw new StudyError('read.not-begun', 'This read has not begun: begin it first.');
  if (read.state !== 'open') throw notOpen(read);
  if (!readRights.mayWrite) throw denied('submit this read');
}

function notOpen({ state }: StoredRead): StudyError {
  return new StudyError('read.not-open', `This read is ${state}, not open: reopen it to submit it again.`);
}

function byModel(): StudyError {
  return new StudyError(
    'read.by-model',
    'A model has labelled this read, and nobody changes it. Copy what you want of it into a read of your own.'
  );
}

function notSubmitted(): StudyError {
  return new StudyError('read.not-submitted', 'Only a submitted read can be reopened.');
}
