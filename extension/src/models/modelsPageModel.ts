import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Project } from '@voxcord/schemas/api';
import { type VoxcordApi, isAbort } from '../client/index.js';
import { mayRunIn } from './mayRunModels.js';
import type { ModelShelf } from './modelShelf.js';
import type { ProjectJobs } from './projectJobs.js';
import { type ObstacleOf, RunPlan } from './runPlan.js';
import type { VoxcordModels } from './voxcordModels.js';

/** Between two looks at a folder that is being checked; ms. */
const LOOK_AGAIN = 1000;

/** What somebody came to run. */
export interface Wanted {
  readonly projectId: string | null;
  readonly caseId: string | null;
  readonly model: { readonly name: string; readonly version: string } | null;
}

/** Models, the project that they are run in, and the jobs there. */
export class ModelsPageModel implements IDisposable {
  readonly plan: RunPlan;
  private _projects: readonly Project[] | null = null;
  private _project: Project | null = null;
  private _jobs: ProjectJobs | null = null;
  private _error: unknown = null;
  private watching: IDisposable | null = null;
  private wanted: Wanted | null = null;
  /** Id of the project to show; null: the first one. */
  private projectId: string | null = null;
  private loads = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly abort = new AbortController();
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    private readonly api: Pick<VoxcordApi, 'call'>,
    private readonly models: VoxcordModels,
    obstacleOf: ObstacleOf
  ) {
    this.plan = new RunPlan(obstacleOf);
    this.plan.changed.connect(this.emit);
    this.shelf.changed.connect(this.onShelf);
  }

  /** Anything that the page shows changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get shelf(): ModelShelf {
    return this.models.shelf;
  }

  /** Projects that this person takes part in; null: not known yet. */
  get projects(): readonly Project[] | null {
    return this._projects;
  }

  /** The project that models are run in; null: there is none, or it is not known yet. */
  get project(): Project | null {
    return this._project;
  }

  /** Jobs of the project; null: they are not for this person, or not known yet. */
  get jobs(): ProjectJobs | null {
    return this._jobs;
  }

  get error(): unknown {
    return this._error;
  }

  /** Title of a case of the project. */
  caseTitle(caseId: string): string | null {
    return this.plan.cases.find(({ id }) => id === caseId)?.title ?? null;
  }

  /** Shows a project, or the one that is on show, with a model and a case chosen to be run. Never rejects. */
  async open(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    if (wanted.projectId !== null) this.projectId = wanted.projectId;
    await Promise.all([this.shelf.load(), this.load()]);
    this.take();
  }

  /** Looks again at models, projects and cases. Never rejects. */
  async look(): Promise<void> {
    await Promise.all([this.shelf.load(), this.load(), this._jobs?.load()]);
  }

  async chooseProject(projectId: string): Promise<void> {
    this.projectId = projectId;
    await this.load();
  }

  get isDisposed(): boolean {
    return this.abort.signal.aborted;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.abort.abort();
    clearTimeout(this.timer);
    this.watching?.dispose();
    this._jobs?.changed.disconnect(this.emit);
    this.shelf.changed.disconnect(this.onShelf);
    Signal.clearData(this);
  }

  /** Of several loads at a time the last one counts. */
  private async load(): Promise<void> {
    const { signal } = this.abort;
    const load = ++this.loads;
    try {
      const projects = await this.api.call('listProjects', {}, signal);
      const project = projects.find(({ id }) => id === this.projectId) ?? projects[0] ?? null;
      const cases =
        project === null ? [] : await this.api.call('listCases', { params: { projectId: project.id } }, signal);
      const jobs = project !== null && mayRunIn(project) ? await this.models.jobsOf(project.id) : null;
      if (this.isDisposed || load !== this.loads) return;
      this._projects = projects;
      this._project = project;
      this.plan.cases = cases;
      this.follow(jobs);
      this._error = null;
    } catch (error) {
      if (signal.aborted || isAbort(error) || load !== this.loads) return;
      this._error = error;
    }
    this.emit();
  }

  private follow(jobs: ProjectJobs | null): void {
    if (jobs === this._jobs) return;
    this.watching?.dispose();
    this._jobs?.changed.disconnect(this.emit);
    this._jobs = jobs;
    jobs?.changed.connect(this.emit);
    this.watching = jobs?.watch() ?? null;
  }

  /** What somebody came for, as soon as it is there. */
  private take(): void {
    const { wanted, shelf } = this;
    if (wanted === null || shelf.models === null) return;
    this.wanted = null;
    if (wanted.caseId !== null) this.plan.chooseOnly(wanted.caseId);
    const runnable = shelf.models.filter(({ file }) => file.kind === 'automatic');
    const named = wanted.model === null ? null : shelf.find(wanted.model.name, wanted.model.version);
    if (named !== null) this.plan.model = named;
    else if (this.plan.model === null && runnable.length === 1) this.plan.model = runnable[0] ?? null;
  }

  private readonly onShelf = (): void => {
    clearTimeout(this.timer);
    // What is being looked at is soon there.
    if (this.shelf.checking.length > 0) this.timer = setTimeout(() => void this.shelf.load(), LOOK_AGAIN);
    const { model } = this.plan;
    // A folder may have been taken away, or changed.
    if (model !== null && this.shelf.models !== null) {
      this.plan.model = this.shelf.find(model.file.name, model.file.version);
    }
    this.emit();
  };

  private readonly emit = (): void => {
    if (!this.isDisposed) this._changed.emit();
  };
}
