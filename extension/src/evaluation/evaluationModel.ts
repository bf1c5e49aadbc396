import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { EvaluableReader, Evaluation, MissingRule, Project, Release } from '@voxcord/schemas/api';
import { VoxcordError, type VoxcordApi, isAbort } from '../client/index.js';

/** Milliseconds between two looks at an evaluation that is being computed. */
const LOOK_AGAIN = 500;
/** The same while the service cannot be reached. */
const TRY_AGAIN = 3000;

/** What somebody comes for; null: not said. */
export interface Wanted {
  readonly release: string | null;
  readonly reader: string | null;
}

/** Evaluations of readers against the releases of one project, as their page shows them. Knows nothing of widgets. */
export class EvaluationModel implements IDisposable {
  project: Project | null = null;
  /** Those that are released, the newest first. */
  releases: readonly Release[] = [];
  readers: readonly EvaluableReader[] = [];
  /** The newest first, without results. */
  evaluations: readonly Evaluation[] = [];
  /** The one on show, with its result once there is one. */
  shown: Evaluation | null = null;
  release: string | null = null;
  reader: string | null = null;
  missing: MissingRule = 'leave-out';
  isLoading = true;
  error: unknown = null;
  /** The reader somebody came for, who has no read in the release. */
  absent: string | null = null;
  private wanted: Wanted;
  /** Counts what was shown: what somebody has turned away from is not followed any more. */
  private shows = 0;
  private readonly loading = new AbortController();
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    private readonly api: VoxcordApi,
    readonly projectId: string,
    wanted: Wanted
  ) {
    this.wanted = wanted;
    void this.load();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isRunning(): boolean {
    return this.shown?.progress.state === 'running';
  }

  /** Who only looks on sees what others have evaluated. */
  get mayEvaluate(): boolean {
    return this.project !== null && this.project.myRole !== 'viewer';
  }

  /** Shows what somebody came for. */
  async lookFor(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    await this.load();
  }

  async load(): Promise<void> {
    await this.attempt(async signal => {
      const params = { projectId: this.projectId };
      this.isLoading = true;
      this.emit();
      const [project, releases, evaluations] = await Promise.all([
        this.api.call('getProject', { params }, signal),
        this.api.call('listReleases', { params }, signal),
        this.api.call('listEvaluations', { params }, signal)
      ]);
      this.project = project;
      this.releases = releases.filter(({ state }) => state === 'released');
      this.evaluations = evaluations;
      const { release } = this.wanted;
      const chosen = this.releases.find(({ id }) => id === (release ?? this.release)) ?? this.releases[0] ?? null;
      await this.lookAtRelease(chosen?.id ?? null, signal);
    });
    this.isLoading = false;
    this.emit();
  }

  async chooseRelease(release: string): Promise<void> {
    await this.attempt(signal => this.lookAtRelease(release, signal));
    this.emit();
  }

  async chooseReader(reader: string): Promise<void> {
    this.reader = reader;
    this.absent = null;
    await this.attempt(signal => this.showKnown(signal));
  }

  async chooseMissing(missing: MissingRule): Promise<void> {
    this.missing = missing;
    await this.attempt(signal => this.showKnown(signal));
  }

  /** Starts the evaluation, or finds the one that there is, and follows it to its end. */
  async evaluate(): Promise<void> {
    const { release, reader, missing } = this;
    if (release === null || reader === null) return;
    await this.attempt(async signal => {
      const params = { projectId: this.projectId };
      const started = await this.api.call('startEvaluation', { params, body: { release, reader, missing } }, signal);
      await this.follow(started, signal);
      this.evaluations = await this.api.call('listEvaluations', { params }, signal);
    });
    this.emit();
  }

  async cancel(): Promise<void> {
    const { shown } = this;
    if (shown === null) return;
    await this.attempt(signal => this.api.call('cancelEvaluation', { params: { evaluationId: shown.id } }, signal));
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.loading.abort();
    Signal.clearData(this);
  }

  get isDisposed(): boolean {
    return this.loading.signal.aborted;
  }

  private async lookAtRelease(release: string | null, signal: AbortSignal): Promise<void> {
    this.release = release;
    const readers =
      release === null ? [] : await this.api.call('listEvaluableReaders', { params: { releaseId: release } }, signal);
    // Somebody has chosen another one meanwhile.
    if (this.release !== release) return;
    this.readers = readers;
    const wanted = this.wanted.reader ?? this.reader;
    const found = this.readers.find(({ reader }) => reader.username === wanted);
    this.absent = this.wanted.reader !== null && found === undefined ? this.wanted.reader : null;
    this.wanted = { release: null, reader: null };
    this.reader = (found ?? this.readers[0])?.reader.username ?? null;
    await this.showKnown(signal);
  }

  /** What was evaluated before is shown at once. */
  private async showKnown(signal: AbortSignal): Promise<void> {
    const { release, reader, missing } = this;
    const known = this.evaluations.find(
      one =>
        one.release.id === release &&
        one.reader.username === reader &&
        one.missing === missing &&
        (one.progress.state === 'done' || one.progress.state === 'running')
    );
    this.shows += 1;
    this.shown = null;
    if (known !== undefined) await this.follow(known, signal);
    this.emit();
  }

  /** Looks at it until it has ended, however long the service cannot be reached, or until something else is shown. */
  private async follow(evaluation: Evaluation, signal: AbortSignal): Promise<void> {
    const show = (this.shows += 1);
    this.shown = evaluation;
    this.emit();
    for (;;) {
      const looked = await this.look(evaluation.id, signal);
      if (this.shows !== show) return;
      if (looked instanceof VoxcordError) {
        if (!looked.isTransient) {
          this.shown = null;
          throw looked;
        }
        this.error = looked;
      } else {
        if (this.error instanceof VoxcordError && this.error.isTransient) this.error = null;
        this.shown = looked;
      }
      this.emit();
      if (!this.isRunning) return;
      const pause = looked instanceof VoxcordError ? TRY_AGAIN : LOOK_AGAIN;
      await new Promise(resolve => setTimeout(resolve, pause));
      signal.throwIfAborted();
      if (this.shows !== show) return;
    }
  }

  private async look(evaluationId: string, signal: AbortSignal): Promise<Evaluation | VoxcordError> {
    try {
      return await this.api.call('getEvaluation', { params: { evaluationId } }, signal);
    } catch (error) {
      if (error instanceof VoxcordError) return error;
      throw error;
    }
  }

  private async attempt(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const { signal } = this.loading;
    this.error = null;
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.error = error;
      this.emit();
    }
  }

  private emit(): void {
    if (!this.isDisposed) this._changed.emit();
  }
}
