import { type ISignal, Signal } from '@lumino/signaling';
import type { Case, MyRead, Project } from '@voxcord/schemas/api';
import type { CaseMemory, RecentCase } from '../case/caseMemory.js';
import { isAbort } from '../client/index.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { UnsavedWork } from './unsavedWork.js';

export interface ProjectWithCases {
  readonly project: Project;
  readonly cases: readonly Case[];
}

/** The projects and cases that this person may see, and those opened last. */
export class HomeModel {
  projects: readonly ProjectWithCases[] | null = null;
  /** Reads that this person has been given: those due first, submitted ones last. */
  myReads: readonly MyRead[] = [];
  recent: readonly RecentCase[] = [];
  readonly unsaved: UnsavedWork;
  error: unknown = null;
  isLoading = false;
  private loading: AbortController | null = null;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    private readonly service: VoxcordService,
    private readonly memory: CaseMemory
  ) {
    this.unsaved = new UnsavedWork(service);
    this.unsaved.changed.connect(() => this._changed.emit());
    service.casesChanged.connect(() => void this.load());
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A case was opened or closed in this page. */
  async noteOpenCases(): Promise<void> {
    this.recent = await this.recentOf(this.projects ?? []);
    await this.unsaved.look();
  }

  async load(): Promise<void> {
    this.loading?.abort();
    const { signal } = (this.loading = new AbortController());
    this.isLoading = true;
    this._changed.emit();
    void this.unsaved.look();
    try {
      const [projects, myReads] = await Promise.all([
        this.service.api.call('listProjects', {}, signal),
        this.service.api.call('listMyReads', {}, signal)
      ]);
      const withCases = await Promise.all(
        projects.map(async project => ({
          project,
          cases: await this.service.api.call('listCases', { params: { projectId: project.id } }, signal)
        }))
      );
      const recent = await this.recentOf(withCases);
      if (signal.aborted) return;
      this.error = null;
      this.projects = withCases;
      this.myReads = myReads;
      this.recent = recent;
    } catch (reason) {
      if (signal.aborted || isAbort(reason)) return;
      this.error = reason;
    }
    this.isLoading = false;
    this._changed.emit();
  }

  /** Without cases that this person may not see any more. */
  private async recentOf(projects: readonly ProjectWithCases[]): Promise<RecentCase[]> {
    const known = new Set(projects.flatMap(({ cases }) => cases.map(({ id }) => id)));
    const recent = await this.memory.recent().catch(() => []);
    return recent.filter(({ case: id }) => known.has(id));
  }
}
