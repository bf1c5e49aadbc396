import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Member, MemberChange, Person, ReaderProfile } from '@voxcord/schemas/api';
import type { VoxcordService } from '../service/voxcordService.js';

/** The people of a project, and those who could become members. */
export class MembersModel implements IDisposable {
  private _members: readonly Member[] | null = null;
  private _people: readonly Person[] = [];
  private _error: unknown = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    private readonly service: VoxcordService,
    private readonly projectId: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null: not loaded yet. */
  get members(): readonly Member[] | null {
    return this._members;
  }

  /** People whom the service knows and who are no members yet. */
  get others(): readonly Person[] {
    const members = new Set(this._members?.map(({ username }) => username));
    return this._people.filter(({ username }) => !members.has(username));
  }

  get error(): unknown {
    return this._error;
  }

  async load(): Promise<void> {
    const { api } = this.service;
    try {
      const [members, people] = await Promise.all([
        api.call('listMembers', { params: { projectId: this.projectId } }),
        api.call('listPeople', {})
      ]);
      this._members = members;
      this._people = people;
      this._error = null;
    } catch (error) {
      this._error = error;
    }
    if (!this._isDisposed) this._changed.emit();
  }

  async set(username: string, change: MemberChange): Promise<void> {
    const params = { projectId: this.projectId, username };
    const member = await this.service.api.call('setMember', { params, body: change });
    const others = this._members?.filter(other => other.username !== username) ?? [];
    const isNew = others.length === this._members?.length;
    this._members = isNew
      ? [...others, member]
      : (this._members?.map(other => (other.username === username ? member : other)) ?? null);
    if (!this._isDisposed) this._changed.emit();
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

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    Signal.clearData(this);
  }
}
