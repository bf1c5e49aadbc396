import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Case, Member, NewAssignment } from '@voxcord/schemas/api';
import type { VoxcordService } from '../service/voxcordService.js';

/** The cases of a project with who reads them. */
export class StudyReads implements IDisposable {
  private _cases: readonly Case[] | null = null;
  private _members: readonly Member[] = [];
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
  get cases(): readonly Case[] | null {
    return this._cases;
  }

  /** Whom a case can be given to. */
  get readers(): readonly Member[] {
    return this._members.filter(({ role }) => role !== 'viewer');
  }

  get error(): unknown {
    return this._error;
  }

  async load(): Promise<void> {
    const { api } = this.service;
    const params = { projectId: this.projectId };
    try {
      const [cases, members] = await Promise.all([
        api.call('listCases', { params }),
        api.call('listMembers', { params })
      ]);
      this._cases = cases;
      this._members = members;
      this._error = null;
    } catch (error) {
      this._error = error;
    }
    if (!this._isDisposed) this._changed.emit();
  }

  async assign(caseId: string, assignment: NewAssignment): Promise<void> {
    await this.service.api.call('assignReaders', { params: { caseId }, body: assignment });
    this.service.noteCasesChanged();
    await this.load();
  }

  async withdraw(readId: string): Promise<void> {
    await this.service.api.call('withdrawAssignment', { params: { readId } });
    this.service.noteCasesChanged();
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
