import { type ISignal, Signal } from '@lumino/signaling';
import type { Case, JobPriority, Model, ModelJob } from '@voxcord/schemas/api';
import { VoxcordError } from '../client/index.js';
import type { ProjectJobs } from './projectJobs.js';

/** Why a model should not be run on a case; null: nothing speaks against it. */
export type ObstacleOf = (model: Model, on: Case) => string | null;

/** What somebody is about to run: one model, on cases of one project. */
export class RunPlan {
  private _model: Model | null = null;
  private _cases: readonly Case[] = [];
  private _priority: JobPriority = 'now';
  private readonly chosen = new Set<string>();
  private _isStarting = false;
  private readonly _changed = new Signal<this, void>(this);

  constructor(private readonly obstacleOf: ObstacleOf) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get model(): Model | null {
    return this._model;
  }
  set model(model: Model | null) {
    this._model = model;
    this._changed.emit();
  }

  get priority(): JobPriority {
    return this._priority;
  }
  set priority(priority: JobPriority) {
    this._priority = priority;
    this._changed.emit();
  }

  get isStarting(): boolean {
    return this._isStarting;
  }

  /** Cases that it could be run on. */
  get cases(): readonly Case[] {
    return this._cases;
  }
  set cases(cases: readonly Case[]) {
    this._cases = cases;
    const known = new Set(cases.map(({ id }) => id));
    for (const id of this.chosen) if (!known.has(id)) this.chosen.delete(id);
    this._changed.emit();
  }

  /** Why the model should not be run on a case; null: nothing speaks against it, or no model is chosen. */
  obstacle(on: Case): string | null {
    return this._model === null ? null : this.obstacleOf(this._model, on);
  }

  isChosen(caseId: string): boolean {
    return this.chosen.has(caseId);
  }

  choose(caseId: string, isChosen: boolean): void {
    if (isChosen) this.chosen.add(caseId);
    else this.chosen.delete(caseId);
    this._changed.emit();
  }

  /** Every case that nothing speaks against, or none. */
  chooseAll(isChosen: boolean): void {
    this.chosen.clear();
    if (isChosen) for (const one of this._cases) if (this.obstacle(one) === null) this.chosen.add(one.id);
    this._changed.emit();
  }

  /** This case alone. */
  chooseOnly(caseId: string): void {
    this.chosen.clear();
    this.choose(caseId, true);
  }

  /** The chosen cases that nothing speaks against, in the order of the list. */
  get runnable(): readonly Case[] {
    return this._cases.filter(one => this.chosen.has(one.id) && this.obstacle(one) === null);
  }

  get mayStart(): boolean {
    return this._model !== null && this.runnable.length > 0 && !this._isStarting;
  }

  /** Has the model run on the chosen cases; they are not chosen any more then. Throws `VoxcordError`. */
  async start(jobs: ProjectJobs): Promise<readonly ModelJob[]> {
    const { _model: model, runnable } = this;
    if (model === null || runnable.length === 0) {
      throw new VoxcordError('model-job.nothing-chosen', 'Choose a model and at least one case that it can be run on.');
    }
    this._isStarting = true;
    this._changed.emit();
    try {
      const { name, version } = model.file;
      const started = await jobs.start({
        model: { name, version },
        cases: runnable.map(({ id }) => id),
        priority: this._priority
      });
      this.chosen.clear();
      return started;
    } finally {
      this._isStarting = false;
      this._changed.emit();
    }
  }
}
