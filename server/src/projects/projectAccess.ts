import type { Person, Role } from '@voxcord/schemas/api';
import { CaseReads } from '../access/caseReads.js';
import { projectRights, roleIn, type ProjectRights, type ReadRights, type WayOfWork } from '../access/matrix.js';
import type { Store } from '../store/store.js';
import { StudyError } from '../studies/errors.js';
import { lockedProtocol } from '../studies/protocolVersions.js';
import type { StoredProtocol } from '../studies/records.js';
import { ReleasedCases } from '../studies/releasedCases.js';
import { ProjectError } from './errors.js';
import { readCase, readProject, readRead, type StoredCase, type StoredProject, type StoredRead } from './records.js';

/** A project as somebody may see it. */
export interface SeenProject {
  readonly project: StoredProject;
  readonly role: Role;
  readonly rights: ProjectRights;
  /** The newest locked version. */
  readonly protocol: StoredProtocol | null;
}

/** A case as somebody may see it. `reads` are all that there are; `view` says which of them exist for the person. */
export interface SeenCase extends SeenProject {
  readonly case_: StoredCase;
  readonly reads: readonly StoredRead[];
  readonly view: CaseReads;
}

/** A read that somebody may know of. */
export interface SeenRead extends SeenCase {
  readonly read: StoredRead;
  readonly readRights: ReadRights;
}

/** What is there for somebody: everything else is answered for as if it were not. Throws `ProjectError`, `StudyError`. */
export class ProjectAccess {
  private readonly released: ReleasedCases;

  constructor(private readonly store: Pick<Store, 'catalogue'>) {
    this.released = new ReleasedCases(store);
  }

  async project(person: Person, projectId: string): Promise<SeenProject> {
    const seen = await this.findProjectFor(person, projectId);
    if (seen !== null) return seen;
    throw new ProjectError('project.unknown', 'There is no such project, or you may not see it.');
  }

  /** All that there are for the person, in order of creation. */
  async projects(person: Person): Promise<SeenProject[]> {
    const stored = (await this.store.catalogue.list('project', null)).map(readProject);
    const seen = await Promise.all(stored.map(project => this.seenProject(person, project)));
    return seen.filter(project => project !== null);
  }

  /** The project, if the person may manage it. */
  async managed(person: Person, projectId: string): Promise<SeenProject> {
    const seen = await this.project(person, projectId);
    if (!seen.rights.mayManage) throw denied('manage this project');
    return seen;
  }

  async case_(person: Person, caseId: string): Promise<SeenCase> {
    const value = await this.store.catalogue.get('case', caseId);
    const case_ = value === null ? null : readCase(value);
    const seen = case_ === null ? null : await this.findProjectFor(person, case_.projectId);
    if (case_ === null || seen === null) throw unknownCase();
    return this.seenCase(person, seen, case_);
  }

  async cases(person: Person, projectId: string): Promise<SeenCase[]> {
    const seen = await this.project(person, projectId);
    return Promise.all((await this.casesOf(projectId)).map(case_ => this.seenCase(person, seen, case_)));
  }

  /** Whether the person may see the project that the case is in. */
  async maySeeCase(person: Person, caseId: string): Promise<boolean> {
    const value = await this.store.catalogue.get('case', caseId);
    const project = value === null ? null : await this.findProject(readCase(value).projectId);
    return project !== null && roleIn(project, person.username) !== null;
  }

  /** A read that the person may know of. */
  async read(person: Person, readId: string): Promise<SeenRead> {
    const read = await this.findRead(readId);
    const value = read === null ? null : await this.store.catalogue.get('case', read.caseId);
    const seen = read === null ? null : await this.findProjectFor(person, read.projectId);
    if (read === null || value === null || seen === null) throw unknownRead();
    const inCase = await this.seenCase(person, seen, readCase(value));
    const readRights = inCase.view.rightsTo(read);
    if (!readRights.mayKnow) throw unknownRead();
    return { ...inCase, read, readRights };
  }

  /** A read in which the person may see what is painted. */
  async viewableRead(person: Person, readId: string): Promise<SeenRead> {
    const seen = await this.read(person, readId);
    if (seen.readRights.mayView) return seen;
    if (seen.read.state === 'assigned') {
      throw new StudyError('read.not-begun', 'This read has not begun: there is nothing to see yet.');
    }
    throw new StudyError('access.blinded', 'This read is blind: it can be seen once its reader has submitted it.');
  }

  /** A read in which the person may paint. */
  async writableRead(person: Person, readId: string): Promise<SeenRead> {
    const seen = await this.viewableRead(person, readId);
    if (!seen.readRights.mayWrite) throw denied('change this read');
    return seen;
  }

  /** A read whose segments the person may change: under a protocol they are the protocol's. */
  async readWithOwnSegments(person: Person, readId: string): Promise<SeenRead> {
    const seen = await this.writableRead(person, readId);
    if (seen.read.protocol === null) return seen;
    throw new StudyError('segments.fixed', 'The protocol of this read fixes its segments: make a new version of it.');
  }

  /** Whoever asks; null if there is none. */
  async findRead(readId: string): Promise<StoredRead | null> {
    const value = await this.store.catalogue.get('read', readId);
    const read = value === null ? null : readRead(value);
    return read?.withdrawn === true ? null : read;
  }

  /** Whoever asks; null if there is none. */
  async findProject(projectId: string): Promise<StoredProject | null> {
    const value = await this.store.catalogue.get('project', projectId);
    return value === null ? null : readProject(value);
  }

  /** All cases of a project, whoever asks, in order of creation. */
  async casesOf(projectId: string): Promise<StoredCase[]> {
    return (await this.store.catalogue.list('case', projectId)).map(readCase);
  }

  /** All reads of a case, whoever asks, in order of creation. */
  async readsOf(caseId: string): Promise<StoredRead[]> {
    const reads = (await this.store.catalogue.list('read', caseId)).map(readRead);
    return reads.filter(({ withdrawn }) => !withdrawn);
  }

  private async findProjectFor(person: Person, projectId: string): Promise<SeenProject | null> {
    const project = await this.findProject(projectId);
    return project === null ? null : this.seenProject(person, project);
  }

  private async seenProject(person: Person, project: StoredProject): Promise<SeenProject | null> {
    const role = roleIn(project, person.username);
    if (role === null) return null;
    const protocol = await lockedProtocol(this.store.catalogue, project.id);
    return { project, role, protocol, rights: projectRights(role, wayOfWork(protocol)) };
  }

  private async seenCase(person: Person, seen: SeenProject, case_: StoredCase): Promise<SeenCase> {
    const reads = await this.readsOf(case_.id);
    const isReleased = await this.released.has(case_.id);
    const view = new CaseReads(reads, seen.role, wayOfWork(seen.protocol), person.username, isReleased);
    return { ...seen, case_, reads, view };
  }
}

function wayOfWork(protocol: StoredProtocol | null): WayOfWork {
  if (protocol === null) return 'free';
  return protocol.content.readers.blind ? 'blind' : 'visible';
}

export function denied(what: string): ProjectError {
  return new ProjectError('access.denied', `Your role does not allow you to ${what}. Ask a manager of the project.`);
}

export function unknownCase(): ProjectError {
  return new ProjectError('case.unknown', 'There is no such case, or you may not see it.');
}

function unknownRead(): ProjectError {
  return new ProjectError('read.unknown', 'There is no such read, or you may not see it.');
}
