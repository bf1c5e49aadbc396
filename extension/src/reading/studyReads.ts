import type { Case, Member, NewAssignment } from '@voxcord/schemas/api';
import { ProjectPart } from '../service/projectPart.js';

/** The cases of a project with who reads them. */
export class StudyReads extends ProjectPart {
  private _cases: readonly Case[] | null = null;
  private _members: readonly Member[] = [];

  /** Null: not loaded yet. */
  get cases(): readonly Case[] | null {
    return this._cases;
  }

  /** Whom a case can be given to. */
  get readers(): readonly Member[] {
    return this._members.filter(({ role }) => role !== 'viewer');
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

  protected override async fetch(): Promise<void> {
    const { api } = this.service;
    const params = { projectId: this.projectId };
    const [cases, members] = await Promise.all([
      api.call('listCases', { params }),
      api.call('listMembers', { params })
    ]);
    this._cases = cases;
    this._members = members;
  }
}
