import { randomUUID } from 'node:crypto';
import type { Case, NewCase, NewProject, NewRead, Person, Project, Read, ReadAccess, Role } from '@voxcord/schemas/api';
import type { RoomInitial } from '../rooms/roomTypes.js';
import type { Store } from '../store/store.js';
import { StudyError } from '../studies/errors.js';
import { labelSchema } from './labelSchema.js';
import { presentCase, presentProject, presentRead } from './presentation.js';
import { denied, ProjectAccess, type SeenCase } from './projectAccess.js';
import type { StoredCase, StoredProject, StoredRead, StoredVolume } from './records.js';
import { unknownVolume, Volumes } from './volumes.js';
import { VolumeUses } from './volumeUses.js';

/** What a project is made of that the caller does not say. */
export interface ProjectDefaults {
  /** Role in a new project of those who are not members, unless its creator says otherwise. */
  readonly everyone: Role | null;
  /** The wall clock; that of this computer if left out. */
  readonly now?: () => Date;
}

/**
 * Projects, cases and reads, always as somebody sees them: what they may not see does not exist for them. Throws
 * `ProjectError` and `StudyError`.
 */
export class Projects {
  readonly access: ProjectAccess;
  readonly volumes: Volumes;
  private readonly uses: VolumeUses;

  constructor(
    private readonly store: Store,
    private readonly defaults: ProjectDefaults
  ) {
    this.access = new ProjectAccess(store);
    this.volumes = new Volumes(store);
    this.uses = new VolumeUses(store);
  }

  async listProjects(person: Person): Promise<Project[]> {
    return (await this.access.projects(person)).map(seen => presentProject(seen, person.username));
  }

  async createProject(person: Person, wanted: NewProject): Promise<Project> {
    const project: StoredProject = {
      id: randomUUID(),
      title: wanted.title,
      description: wanted.description ?? '',
      segments: labelSchema(wanted.segments ?? []),
      members: [{ username: person.username, role: 'manager' }],
      everyone: wanted.everyone === undefined ? this.defaults.everyone : wanted.everyone,
      createdAt: this.time(),
      createdBy: person.username,
      profiles: {},
      untold: null
    };
    await this.store.catalogue.insert('project', project.id, null, project);
    return this.getProject(person, project.id);
  }

  async getProject(person: Person, projectId: string): Promise<Project> {
    return presentProject(await this.access.project(person, projectId), person.username);
  }

  async listCases(person: Person, projectId: string): Promise<Case[]> {
    const cases = await this.access.cases(person, projectId);
    return Promise.all(cases.map(seen => this.present(seen)));
  }

  async createCase(person: Person, projectId: string, wanted: NewCase): Promise<Case> {
    const seen = await this.access.project(person, projectId);
    if (!seen.rights.mayStartCase) throw denied('start a case');
    if (wanted.access !== undefined && seen.protocol !== null) throw readsAreAssigned();
    for (const hash of wanted.volumes) await this.getVolume(person, hash);
    const case_: StoredCase = {
      id: randomUUID(),
      projectId,
      title: wanted.title,
      volumes: [...new Set(wanted.volumes)],
      strata: {},
      createdAt: this.time(),
      untold: null
    };
    await this.uses.note(case_);
    await this.store.catalogue.insert('case', case_.id, projectId, case_);
    if (wanted.access !== undefined) await this.insertRead(person, seen.project, case_, wanted.access, undefined);
    return this.getCase(person, case_.id);
  }

  async getCase(person: Person, caseId: string): Promise<Case> {
    return this.present(await this.access.case_(person, caseId));
  }

  async createRead(person: Person, caseId: string, wanted: NewRead): Promise<Read> {
    const { project, case_, rights, protocol } = await this.access.case_(person, caseId);
    if (!rights.mayStartRead) throw protocol === null ? denied('begin a read') : readsAreAssigned();
    const { id } = await this.insertRead(person, project, case_, wanted.access, wanted.title);
    return this.getRead(person, id);
  }

  async getRead(person: Person, readId: string): Promise<Read> {
    const { read, readRights } = await this.access.read(person, readId);
    return presentRead(read, readRights);
  }

  /** A volume that the person has imported, or that belongs to a case that they may see. */
  async getVolume(person: Person, hash: string): Promise<StoredVolume> {
    const stored = await this.volumes.get(hash);
    if (stored.importers.includes(person.username)) return stored;
    for (const caseId of await this.uses.casesOf(hash)) {
      if (await this.access.maySeeCase(person, caseId)) return stored;
    }
    throw unknownVolume();
  }

  /** What the document of a read starts with. */
  async initialOf(read: StoredRead): Promise<RoomInitial> {
    const { volume } = await this.volumes.get(read.volume);
    const start = { volume: read.volume, dims: volume.grid.dims, segments: read.segments };
    const base = (read.adjudicates ?? read.labelled)?.snapshot;
    return base === undefined ? start : { ...start, base };
  }

  private time(): string {
    return (this.defaults.now?.() ?? new Date()).toISOString();
  }

  private async insertRead(
    person: Person,
    project: StoredProject,
    case_: StoredCase,
    access: ReadAccess,
    title: string | undefined
  ): Promise<StoredRead> {
    const createdAt = this.time();
    const read: StoredRead = {
      ...newRead(case_),
      title: title ?? (access === 'shared' ? 'Shared read' : 'Blind read'),
      access,
      reader: person,
      state: 'open',
      segments: project.segments,
      startedAt: createdAt,
      createdAt
    };
    await this.store.catalogue.insert('read', read.id, case_.id, read);
    return read;
  }

  private async present(seen: SeenCase): Promise<Case> {
    const volumes = await Promise.all(seen.case_.volumes.map(hash => this.volumes.get(hash)));
    return presentCase(seen, volumes);
  }
}

type Given = 'title' | 'access' | 'reader' | 'state' | 'segments' | 'startedAt' | 'createdAt';

/** A read outside any protocol, but for what its maker has to say. */
export function newRead(case_: StoredCase): Omit<StoredRead, Given> {
  const [volume] = case_.volumes;
  if (volume === undefined) throw unknownVolume();
  return {
    id: randomUUID(),
    caseId: case_.id,
    projectId: case_.projectId,
    purpose: 'reading',
    due: null,
    protocol: null,
    repeatOf: null,
    needsIndependence: false,
    adjudicates: null,
    labelled: null,
    origins: [],
    volume,
    revisions: [],
    reopenedFor: null,
    withdrawn: false,
    untold: null
  };
}

function readsAreAssigned(): StudyError {
  return new StudyError(
    'read.not-assigned',
    'Under the protocol of this project reads are given by its managers. Ask one of them for yours.'
  );
}
