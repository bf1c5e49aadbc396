import type { MyRead, NewAssignment, Person, Read } from '@voxcord/schemas/api';
import { roleIn } from '../access/matrix.js';
import { ProjectError } from '../projects/errors.js';
import { presentRead, segmentsOf } from '../projects/presentation.js';
import { denied, type ProjectAccess, type SeenCase } from '../projects/projectAccess.js';
import { newRead } from '../projects/projects.js';
import { readRead, type StoredRead } from '../projects/records.js';
import type { Catalogue } from '../store/store.js';
import { protocolHash } from '../truth/index.js';
import type { Blindness } from './blindness.js';
import { StudyError } from './errors.js';
import { aboutRead, actorOf, type Journal } from './journal.js';
import type { OneAtATime } from './oneAtATime.js';
import type { People } from './people.js';
import type { StoredAssignment, StoredProtocol } from './records.js';
import type { RightsRefresh } from './rightsRefresh.js';

/** Gives cases to readers: one read for each, under the locked protocol. */
export class Assignments {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProjectAccess,
    private readonly people: People,
    private readonly journal: Journal,
    private readonly turns: OneAtATime,
    private readonly blindness: Blindness,
    private readonly refresh: RightsRefresh,
    private readonly now: () => Date
  ) {}

  /**
   * All or none. Rejects with `StudyError`: `protocol.none`, `access.blinded`, `member.unknown`, `assignment.role`,
   * `assignment.twice`, `assignment.no-repeat`.
   */
  async assign(person: Person, caseId: string, wanted: NewAssignment): Promise<Read[]> {
    const made = await this.turns.take(`assign/${caseId}`, async () => {
      const seen = await this.access.case_(person, caseId);
      if (!seen.rights.mayManage) throw denied('assign reads');
      if (seen.view.standing === 'blinded') throw blinded();
      const { protocol } = seen;
      if (protocol === null) {
        throw new StudyError('protocol.none', 'This project has no locked protocol: lock one, then assign reads.');
      }
      const reads: StoredRead[] = [];
      for (const username of wanted.readers) reads.push(await this.#readFor(seen, protocol, username, wanted));
      for (const read of reads) await this.#insert(person, read);
      return reads.map(({ id }) => id);
    });
    await this.refresh.case_(caseId);
    const after = await this.access.case_(person, caseId);
    // One's own assignment blinds at once: what was given to others is then not told any more.
    return after.reads.flatMap(read => {
      const rights = after.view.rightsTo(read);
      return made.includes(read.id) && rights.mayKnow ? [presentRead(read, rights)] : [];
    });
  }

  /** Takes back a read that has not begun. Rejects with `StudyError` (`assignment.begun`). */
  async withdraw(person: Person, readId: string): Promise<void> {
    const { read, rights } = await this.access.read(person, readId);
    if (!rights.mayManage) throw denied('take back reads');
    if (read.protocol === null) throw notAssigned();
    await this.journal.update('read', readId, readRead, read.projectId, current => {
      if (current.state !== 'assigned') {
        throw new StudyError('assignment.begun', 'This read has begun: it cannot be taken back any more.');
      }
      return {
        value: { ...current, withdrawn: true },
        told: { actor: actorOf(person), action: 'read.withdrawn', subject: aboutRead(readId), details: about(current) }
      };
    });
    await this.refresh.case_(read.caseId);
  }

  /** Over all projects: those to do first, by when they are due; submitted ones last. */
  async listOf(person: Person): Promise<MyRead[]> {
    const given = await this.blindness.readsGivenTo(person.username);
    const mine = await Promise.all(given.map(({ id }) => this.#mine(person, id)));
    return mine.filter(read => read !== null).sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
  }

  async #mine(person: Person, readId: string): Promise<MyRead | null> {
    try {
      const { read, readRights, case_, project } = await this.access.read(person, readId);
      return {
        read: presentRead(read, readRights),
        caseTitle: case_.title,
        projectId: project.id,
        projectTitle: project.title
      };
    } catch (error) {
      // They have no role there any more, or must not see it while they repeat it.
      if (error instanceof ProjectError) return null;
      throw error;
    }
  }

  async #readFor(
    seen: SeenCase,
    protocol: StoredProtocol,
    username: string,
    { due, repeat }: NewAssignment
  ): Promise<StoredRead> {
    await this.#checkReader(seen, username);
    const own = seen.reads.filter(
      read => read.purpose === 'reading' && read.protocol !== null && read.reader.username === username
    );
    const earlier = repeat ? repeatedBy(username, own, protocol) : null;
    if (!repeat && own.some(read => read.protocol?.version === protocol.version)) {
      throw new StudyError('assignment.twice', `${username} has this case already. To have it read again, repeat it.`);
    }
    const createdAt = this.now().toISOString();
    const { blind } = protocol.content.readers;
    return {
      ...newRead(seen.case_),
      title: repeat ? 'Repeated read' : blind ? 'Blind read' : 'Read',
      access: blind ? 'blind' : 'visible',
      reader: await this.people.named(username),
      state: 'assigned',
      due,
      protocol: { version: protocol.version, sha256: protocolHash(protocol.content) },
      repeatOf: earlier,
      segments: segmentsOf(protocol),
      startedAt: null,
      createdAt
    };
  }

  async #checkReader({ project, reads }: SeenCase, username: string): Promise<void> {
    const role = roleIn(project, username);
    const isMember = project.members.some(member => member.username === username);
    if (role === null || (!isMember && (await this.people.find(username)) === null)) {
      throw new StudyError('member.unknown', `${username} is no member of this project: add them first.`);
    }
    if (role === 'viewer')
      throw new StudyError('assignment.role', `${username} may only look: make them a reader first.`);
    const decides = reads.some(
      read => read.purpose === 'adjudication' && read.needsIndependence && read.reader.username === username
    );
    if (decides) throw new StudyError('assignment.role', `${username} adjudicates this case and cannot read it too.`);
  }

  /** The index first, so that no read is without its entry. */
  async #insert(person: Person, read: StoredRead): Promise<void> {
    const { id: readId, caseId, projectId } = read;
    const { username } = read.reader;
    const assignment: StoredAssignment = { readId, caseId, projectId, username };
    await this.catalogue.insert('assignment', `${username}/${readId}`, username, assignment);
    await this.journal.insert('read', readId, caseId, read, projectId, {
      actor: actorOf(person),
      action: 'read.assigned',
      subject: aboutRead(readId),
      details: about(read)
    });
  }
}

/** The newest read that is repeated. */
function repeatedBy(username: string, own: readonly StoredRead[], protocol: StoredProtocol): string {
  if (protocol.content.readers.repeat === null) {
    throw new StudyError('assignment.no-repeat', 'The protocol does not ask anybody to read a case twice.');
  }
  const newest = own.at(-1);
  if (newest === undefined) {
    throw new StudyError('assignment.no-repeat', `${username} has not read this case: there is nothing to repeat.`);
  }
  if (newest.state !== 'submitted') {
    throw new StudyError(
      'assignment.twice',
      `${username} has still to submit this case: it can be repeated after that.`
    );
  }
  return newest.id;
}

function about(read: StoredRead): Record<string, unknown> {
  const { caseId, reader, due, protocol, repeatOf, access } = read;
  return { case: caseId, reader: reader.username, due, protocol, repeatOf, access };
}

function orderOf({ read }: MyRead): string {
  const group = read.state === 'submitted' ? 2 : read.due === null ? 1 : 0;
  return `${group} ${read.due ?? ''} ${read.createdAt}`;
}

function blinded(): StudyError {
  return new StudyError(
    'access.blinded',
    'You have to read this case yourself, blind to the others: ask another manager, or submit your read first.'
  );
}

function notAssigned(): StudyError {
  return new StudyError('read.not-assigned', 'Nobody has assigned this read: it was begun freely.');
}
