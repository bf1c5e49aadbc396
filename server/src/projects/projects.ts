import { randomUUID } from 'node:crypto';
import type {
  Dims,
  Segment,
  Case,
  NewCase,
  NewProject,
  NewRead,
  Person,
  Project,
  Read,
  ReadAccess,
  Role
} from '@voxcord/schemas/api';
import { projectRights, readRights, roleIn } from '../access/matrix.js';
import type { Store } from '../store/store.js';
import { ProjectError } from './errors.js';
import { labelSchema } from './labelSchema.js';
import {
  readCase,
  readProject,
  readRead,
  type StoredCase,
  type StoredProject,
  type StoredRead,
  type StoredVolume
} from './records.js';
import { unknownVolume, Volumes } from './volumes.js';
import { VolumeUses } from './volumeUses.js';

/** What a project is made of that the caller does not say. */
export interface ProjectDefaults {
  /** Role in a new project of those who are not members, unless its creator says otherwise. */
  readonly everyone: Role | null;
}

/** A case as somebody may see it, and their role there. */
interface CaseInProject {
  readonly project: StoredProject;
  readonly case_: StoredCase;
  readonly role: Role;
}

/**
 * Projects, cases and reads, always as somebody sees them: what they may not see does not exist for them. Throws
 * `ProjectError`.
 */
export class Projects {
  readonly volumes: Volumes;
  private readonly uses: VolumeUses;

  constructor(
    private readonly store: Store,
    private readonly defaults: ProjectDefaults
  ) {
    this.volumes = new Volumes(store);
    this.uses = new VolumeUses(store);
  }

  async listProjects(person: Person): Promise<Project[]> {
    const stored = (await this.store.catalogue.list('project', null)).map(readProject);
    return stored.flatMap(project => {
      const role = roleIn(project, person.username);
      return role === null ? [] : [present(project, role)];
    });
  }

  async createProject(person: Person, wanted: NewProject): Promise<Project> {
    const project: StoredProject = {
      id: randomUUID(),
      title: wanted.title,
      description: wanted.description ?? '',
      segments: labelSchema(wanted.segments ?? []),
      members: [{ username: person.username, role: 'manager' }],
      everyone: wanted.everyone === undefined ? this.defaults.everyone : wanted.everyone,
      createdAt: new Date().toISOString(),
      createdBy: person.username
    };
    await this.store.catalogue.insert('project', project.id, null, project);
    return present(project, 'manager');
  }

  async getProject(person: Person, projectId: string): Promise<Project> {
    const { project, role } = await this.projectFor(person, projectId);
    return present(project, role);
  }

  async listCases(person: Person, projectId: string): Promise<Case[]> {
    const { role } = await this.projectFor(person, projectId);
    const cases = (await this.store.catalogue.list('case', projectId)).map(readCase);
    return Promise.all(cases.map(case_ => this.presentCase(person, role, case_)));
  }

  async createCase(person: Person, projectId: string, wanted: NewCase): Promise<Case> {
    const { project, role } = await this.projectFor(person, projectId);
    if (!projectRights(role).mayStartCase) throw denied('start a case');
    for (const hash of wanted.volumes) await this.getVolume(person, hash);
    const case_: StoredCase = {
      id: randomUUID(),
      projectId,
      title: wanted.title,
      volumes: [...new Set(wanted.volumes)],
      createdAt: new Date().toISOString()
    };
    await this.uses.note(case_);
    await this.store.catalogue.insert('case', case_.id, projectId, case_);
    if (wanted.access !== undefined) await this.insertRead(person, project, case_, wanted.access, undefined);
    return this.presentCase(person, role, case_);
  }

  async getCase(person: Person, caseId: string): Promise<Case> {
    const { case_, role } = await this.caseFor(person, caseId);
    return this.presentCase(person, role, case_);
  }

  async createRead(person: Person, caseId: string, wanted: NewRead): Promise<Read> {
    const { project, case_, role } = await this.caseFor(person, caseId);
    if (!projectRights(role).mayStartRead) throw denied('begin a read');
    const read = await this.insertRead(person, project, case_, wanted.access, wanted.title);
    return presentRead(read, role, person.username);
  }

  async getRead(person: Person, readId: string): Promise<Read> {
    const { read, role } = await this.readFor(person, readId);
    return presentRead(read, role, person.username);
  }

  /** The read, if the person may write in it. */
  async getWritableRead(person: Person, readId: string): Promise<Read> {
    const read = await this.getRead(person, readId);
    if (!read.mayWrite) throw denied('change this read');
    return read;
  }

  /** A volume that the person has imported, or that belongs to a case that they may see. */
  async getVolume(person: Person, hash: string): Promise<StoredVolume> {
    const stored = await this.volumes.get(hash);
    if (stored.importers.includes(person.username)) return stored;
    for (const caseId of await this.uses.casesOf(hash)) {
      if ((await this.findCaseFor(person, caseId)) !== null) return stored;
    }
    throw unknownVolume();
  }

  /** The stored case and the person's role in its project. */
  async caseFor(person: Person, caseId: string): Promise<CaseInProject> {
    const found = await this.findCaseFor(person, caseId);
    if (found === null) throw unknownCase();
    return found;
  }

  /** The stored read and the person's role in its project. */
  async readFor(person: Person, readId: string): Promise<{ read: StoredRead; role: Role }> {
    const read = await this.findRead(readId);
    if (read === null) throw unknownRead();
    const project = await this.findProject(read.projectId);
    const role = project === null ? null : roleIn(project, person.username);
    if (role === null || !readRights(role, read, person.username).mayView) throw unknownRead();
    return { read, role };
  }

  /** The stored read, whoever asks; null if there is none. */
  async findRead(readId: string): Promise<StoredRead | null> {
    const value = await this.store.catalogue.get('read', readId);
    return value === null ? null : readRead(value);
  }

  /** What the document of a read starts with. */
  async initialOf(read: StoredRead): Promise<{ volume: string; dims: Dims; segments: readonly Segment[] }> {
    const { volume } = await this.volumes.get(read.volume);
    return { volume: read.volume, dims: volume.grid.dims, segments: read.segments };
  }

  private async findCaseFor(person: Person, caseId: string): Promise<CaseInProject | null> {
    const value = await this.store.catalogue.get('case', caseId);
    if (value === null) return null;
    const case_ = readCase(value);
    const project = await this.findProject(case_.projectId);
    const role = project === null ? null : roleIn(project, person.username);
    return project === null || role === null ? null : { project, case_, role };
  }

  private async findProject(projectId: string): Promise<StoredProject | null> {
    const value = await this.store.catalogue.get('project', projectId);
    return value === null ? null : readProject(value);
  }

  private async projectFor(person: Person, projectId: string): Promise<{ project: StoredProject; role: Role }> {
    const project = await this.findProject(projectId);
    const role = project === null ? null : roleIn(project, person.username);
    if (project === null || role === null) {
      throw new ProjectError('project.unknown', 'There is no such project, or you may not see it.');
    }
    return { project, role };
  }

  private async insertRead(
    person: Person,
    project: StoredProject,
    case_: StoredCase,
    access: ReadAccess,
    title: string | undefined
  ): Promise<StoredRead> {
    const [volume] = case_.volumes;
    if (volume === undefined) throw unknownVolume();
    const read: StoredRead = {
      id: randomUUID(),
      caseId: case_.id,
      projectId: project.id,
      title: title ?? (access === 'shared' ? 'Shared read' : 'Blind read'),
      access,
      reader: person,
      state: 'open',
      volume,
      segments: project.segments,
      createdAt: new Date().toISOString()
    };
    await this.store.catalogue.insert('read', read.id, case_.id, read);
    return read;
  }

  private async presentCase(person: Person, role: Role, case_: StoredCase): Promise<Case> {
    const volumes = await Promise.all(case_.volumes.map(hash => this.volumes.get(hash)));
    const reads = (await this.store.catalogue.list('read', case_.id)).map(readRead);
    return {
      id: case_.id,
      projectId: case_.projectId,
      title: case_.title,
      volumes: volumes.map(({ volume }) => volume),
      reads: reads
        .filter(read => readRights(role, read, person.username).mayView)
        .map(read => presentRead(read, role, person.username)),
      createdAt: case_.createdAt
    };
  }
}

function present(project: StoredProject, myRole: Role): Project {
  return { ...project, myRole };
}

function presentRead(read: StoredRead, role: Role, username: string): Read {
  return {
    id: read.id,
    caseId: read.caseId,
    title: read.title,
    access: read.access,
    reader: read.reader,
    state: read.state,
    volume: read.volume,
    ...readRights(role, read, username),
    purpose: 'reading',
    due: null,
    protocolVersion: null,
    revisions: 0,
    createdAt: read.createdAt
  };
}

function denied(what: string): ProjectError {
  return new ProjectError('access.denied', `Your role does not allow you to ${what}. Ask a manager of the project.`);
}

function unknownCase(): ProjectError {
  return new ProjectError('case.unknown', 'There is no such case, or you may not see it.');
}

function unknownRead(): ProjectError {
  return new ProjectError('read.unknown', 'There is no such read, or you may not see it.');
}
