import type { Member, MemberChange, Person, ReaderProfile } from '@voxcord/schemas/api';
import { ProjectPart } from '../service/projectPart.js';

/** The people of a project, and those who could become members. */
export class MembersModel extends ProjectPart {
  private _members: readonly Member[] | null = null;
  private _people: readonly Person[] = [];

  /** Null: not loaded yet. */
  get members(): readonly Member[] | null {
    return this._members;
  }

  /** People whom the service knows and who are no members yet. */
  get others(): readonly Person[] {
    const members = new Set(this._members?.map(({ username }) => username));
    return this._people.filter(({ username }) => !members.has(username));
  }

  async set(username: string, change: MemberChange): Promise<void> {
    const params = { projectId: this.projectId, username };
    const member = await this.service.api.call('setMember', { params, body: change });
    const others = this._members?.filter(other => other.username !== username) ?? [];
    const isNew = others.length === this._members?.length;
    this._members = isNew
      ? [...others, member]
      : (this._members?.map(other => (other.username === username ? member : other)) ?? null);
    this.emit();
  }

  /** Changes one entry of what releases tell of somebody; the others stay. */
  async setProfile(username: string, part: Partial<ReaderProfile>): Promise<void> {
    const member = this._members?.find(other => other.username === username);
    if (member === undefined) return;
    const profile = { qualification: '', yearsOfExperience: null, ...member.profile, ...part };
    await this.set(username, { role: member.role, profile });
  }

  async remove(username: string): Promise<void> {
    await this.service.api.call('removeMember', { params: { projectId: this.projectId, username } });
    await this.load();
  }

  protected override async fetch(): Promise<void> {
    const { api } = this.service;
    const [members, people] = await Promise.all([
      api.call('listMembers', { params: { projectId: this.projectId } }),
      api.call('listPeople', {})
    ]);
    this._members = members;
    this._people = people;
  }
}
