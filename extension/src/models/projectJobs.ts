import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { ModelJob, NewModelJobs } from '@voxcord/schemas/api';
import { VoxcordError, type VoxcordApi, isAbort } from '../client/index.js';

/** Milliseconds between two looks at jobs that run: at least, and at most. */
const SOONEST = 700;
const LATEST = 5000;
/** While nobody looks at the page. */
const IN_BACKGROUND = 15_000;

export function isActive({ state }: ModelJob): boolean {
  return state === 'waiting' || state === 'running';
}

/** The jobs of one project, followed while one of them is under way and somebody cares. */
export class ProjectJobs implements IDisposable {
  private _jobs: readonly ModelJob[] | null = null;
  private _error: unknown = null;
  private watchers = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private loading: Promise<void> | null = null;
  /** Counts what this page has changed: an answer from before is old. */
  private changes = 0;
  private readonly abort = new AbortController();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _ended = new Signal<this, readonly ModelJob[]>(this);

  constructor(
    private readonly api: Pick<VoxcordApi, 'call'>,
    readonly projectId: string,
    /** Who asks. */
    readonly username: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Jobs that this page has seen under way are over. */
  get ended(): ISignal<this, readonly ModelJob[]> {
    return this._ended;
  }

  /** The newest first; null: not known yet. */
  get jobs(): readonly ModelJob[] | null {
    return this._jobs;
  }

  get error(): unknown {
    return this._error;
  }

  /** The service does not tell this person of jobs: who reads blind learns nothing of models. */
  get isHidden(): boolean {
    return this._error instanceof VoxcordError && (this._error.status === 403 || this._error.status === 404);
  }

  ofCase(caseId: string): readonly ModelJob[] {
    return this._jobs?.filter(job => job.caseId === caseId) ?? [];
  }

  /** The last result of a model in this project; null: it has none. */
  lastResult(sha256: string): ModelJob | null {
    return this._jobs?.find(job => job.model.sha256 === sha256 && job.state === 'done') ?? null;
  }

  /** Looks at the jobs, and again for as long as it is held. */
  watch(): IDisposable {
    this.watchers++;
    void this.load();
    return new DisposableDelegate(() => {
      this.watchers--;
      this.plan();
    });
  }

  /** Asks for all jobs. Never rejects. */
  load(): Promise<void> {
    this.loading ??= this.look().finally(() => {
      this.loading = null;
      this.plan();
    });
    return this.loading;
  }

  /** Has a model run on cases. Throws `VoxcordError`. */
  async start(jobs: NewModelJobs): Promise<readonly ModelJob[]> {
    const started = await this.api.call(
      'startModelJobs',
      { params: { projectId: this.projectId }, body: jobs },
      this.abort.signal
    );
    this.changes++;
    const known = new Set(started.map(({ id }) => id));
    this.take([...started, ...(this._jobs ?? []).filter(({ id }) => !known.has(id))]);
    this.plan();
    return started;
  }

  /** Stops a job. Throws `VoxcordError`. */
  async cancel(jobId: string): Promise<void> {
    const cancelled = await this.api.call('cancelModelJob', { params: { jobId } }, this.abort.signal);
    this.changes++;
    this.take((this._jobs ?? []).map(job => (job.id === jobId ? cancelled : job)));
  }

  get isDisposed(): boolean {
    return this.abort.signal.aborted;
  }

  dispose(): void {
    if (this.isDisposed) return;
    clearTimeout(this.timer);
    this.abort.abort();
    Signal.clearData(this);
  }

  private async look(): Promise<void> {
    try {
      const params = { projectId: this.projectId };
      let jobs: readonly ModelJob[];
      let changes: number;
      do {
        changes = this.changes;
        jobs = await this.api.call('listModelJobs', { params }, this.abort.signal);
      } while (changes !== this.changes);
      this._error = null;
      this.take(jobs);
    } catch (error) {
      if (this.isDisposed || isAbort(error)) return;
      this._error = error;
      // What this person may not see any more is neither shown nor looked at again.
      if (this.isHidden) this._jobs = null;
      this._changed.emit();
    }
  }

  private take(jobs: readonly ModelJob[]): void {
    if (this.isDisposed) return;
    const before = new Map(this._jobs?.map(job => [job.id, job]));
    this._jobs = jobs;
    this._changed.emit();
    const over = jobs.filter(job => {
      const known = before.get(job.id);
      return known !== undefined && isActive(known) && !isActive(job);
    });
    if (over.length > 0) this._ended.emit(over);
  }

  /** Looks again in time, if there is something to see: for who watches, and for who waits for jobs of their own. */
  private plan(): void {
    clearTimeout(this.timer);
    if (this.isDisposed) return;
    const active = this._jobs?.filter(isActive) ?? [];
    const isMine = active.some(({ requestedBy }) => requestedBy.username === this.username);
    if (active.length === 0 || !(this.watchers > 0 || isMine)) return;
    this.timer = setTimeout(() => void this.load(), this.watchers > 0 ? pause(active) : LATEST);
  }
}

/** A job that ends soon is looked at more often. */
function pause(active: readonly ModelJob[]): number {
  if (typeof document !== 'undefined' && document.hidden) return IN_BACKGROUND;
  const remaining = active.map(({ remainingSeconds }) => remainingSeconds ?? 0);
  return Math.min(LATEST, Math.max(SOONEST, Math.min(...remaining) * 20));
}
