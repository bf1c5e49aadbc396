import type { Member, MemberChange, Person } from '@voxcord/schemas/api';
import { ProjectError } from '../projects/errors.js';
import type { ProjectAccess } from '../projects/projectAccess.js';
import { readProject, type StoredProject } from '../projects/records.js';
import type { Blindness } from './blindness.js';
import { StudyError } from './errors.js';
import { actorOf, type Journal } from './journal.js';
import type { People } from './people.js';
import type { RightsRefresh } from './rightsRefresh.js';

/** Who belongs to a project, in which role. */
export class Members {
  constructor(
    private readonly access: ProjectAccess,
    private readonly people: People,
    private readonly journal: Journal,
    private readonly blindness: Blindness,
    private readonly refresh: RightsRefresh
  ) {}

  /**
   * People whom the service knows, for managers to choose from. All others see themselves, managers too while they are
   * blinded: the list tells who has come meanwhile.
   */
  async listPeople(person: Person): Promise<Person[]> {
    const manages = (await this.access.projects(person)).some(({ rights }) => rights.mayManage);
    return manages && !(await this.blindness.anywhere(person)) ? this.people.list() : [person];
  }

  async list(person: Person, projectId: string): Promise<Member[]> {
    const { project, rights } = await this.access.project(person, projectId);
    const seen = project.members.filter(({ username }) => rights.maySeeMembers || username === person.username);
    return Promise.all(seen.map(({ username }) => this.#present(project, username)));
  }

  /** Rejects with `StudyError` (`member.last-manager`). */
  async set(person: Person, projectId: string, username: string, change: MemberChange): Promise<Member> {
    await this.access.managed(person, projectId);
    const changed = await this.journal.update('project', projectId, readProject, projectId, project => {
      const before = project.members.find(member => member.username === username)?.role ?? null;
      if (before === 'manager' && change.role !== 'manager') checkNotLast(project, username);
      const member = { username, role: change.role };
      const members =
        before === null
          ? [...project.members, member]
          : project.members.map(other => (other.username === username ? member : other));
      const profiles = withProfile(project.profiles, username, change);
      return {
        value: { ...project, members, profiles },
        told: {
          actor: actorOf(person),
          action: before === null ? 'member.added' : 'member.changed',
          subject: { kind: 'member', id: username, sha256: null },
          details: { before, after: change.role, profile: profiles[username] ?? null }
        }
      };
    });
    if (changed === null) throw unknownProject();
    await this.refresh.project(projectId);
    return this.#present(changed, username);
  }

  /** Rejects with `StudyError` (`member.unknown`, `member.last-manager`). */
  async remove(person: Person, projectId: string, username: string): Promise<void> {
    await this.access.managed(person, projectId);
    await this.journal.update('project', projectId, readProject, projectId, project => {
      const before = project.members.find(member => member.username === username)?.role;
      if (before === undefined) throw new StudyError('member.unknown', `${username} is no member of this project.`);
      if (before === 'manager') checkNotLast(project, username);
      return {
        value: { ...project, members: project.members.filter(member => member.username !== username) },
        told: {
          actor: actorOf(person),
          action: 'member.removed',
          subject: { kind: 'member', id: username, sha256: null },
          details: { before, after: project.everyone }
        }
      };
    });
    await this.refresh.project(projectId);
  }

  async #present(project: StoredProject, username: string): Promise<Member> {
    const role = project.members.find(member => member.username === username)?.role;
    if (role === undefined) throw new StudyError('member.unknown', `${username} is no member of this project.`);
    const { displayName } = await this.people.named(username);
    return { username, displayName, role, profile: project.profiles[username] ?? null };
  }
}

function withProfile(
  profiles: StoredProject['profiles'],
  username: string,
  { profile }: MemberChange
): StoredProject['profiles'] {
  if (profile === undefined) return profiles;
  const others = Object.entries(profiles).filter(([name]) => name !== username);
  return Object.fromEntries(profile === null ? others : [...others, [username, profile]]);
}

function checkNotLast({ members }: StoredProject, username: string): void {
  if (members.some(({ username: other, role }) => role === 'manager' && other !== username)) return;
  throw new StudyError('member.last-manager', 'A project needs a manager: make somebody else one first.');
}

function unknownProject(): ProjectError {
  return new ProjectError('project.unknown', 'There is no such project, or you may not see it.');
}
