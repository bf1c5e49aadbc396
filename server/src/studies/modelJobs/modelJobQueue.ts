import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '@voxcord/schemas/api';
import type { Catalogue } from '../../store/store.js';
import type { Journal, Told } from '../journal.js';
import { actorOf } from '../journal.js';
import { chooseNext } from './fairChoice.js';
import { ATTEMPTS, failureOf, INTERRUPTED, SERVICE_FAILED, type JobFailure } from './jobFailure.js';
import { readModelJob, type StoredModelJob } from './modelJobRecords.js';
import type { ModelJobWork } from './modelJobWork.js';
import { remainingSeconds } from './remainingTime.js';

export interface QueueParts {
  readonly catalogue: Catalogue;
  readonly journal: Journal;
  readonly work: Pick<ModelJobWork, 'prepare' | 'perform' | 'published'>;
  readonly now: () => Date;
  /** Told of work that failed for a reason that is not its input's, and of ends that could not be stored. */
  readonly reportFailure: (error: unknown) => void;
  /** Jobs that run at a time. */
  readonly atATime: number;
}

/** How far a job is. */
export interface ModelJobProgress {
  readonly fraction: number;
  readonly step: string;
  readonly remainingSeconds: number | null;
}

interface ActiveJob {
  readonly job: StoredModelJob;
  readonly abort: AbortController;
  /** Who has cancelled it. */
  cancelledBy: Person | null;
  /** `performance.now()` when its turn came. */
  begunAt: number | null;
  done: number;
  step: string;
  /** Resolves with how. */
  ended: Promise<StoredModelJob['state']>;
}

type Ending = Pick<StoredModelJob, 'state'> & Partial<Pick<StoredModelJob, 'provenance' | 'problem' | 'attempts'>>;

const WAITING: ModelJobProgress = { fraction: 0, step: 'Waiting for its turn', remainingSeconds: null };
/** Milliseconds between attempts to store how a job has ended, while the disk refuses. */
const PATIENCE = 1000;

/**
 * Runs jobs, a few at a time, fairly. What they are is in the catalogue, so that whatever ends the service, each job waits,
 * is begun again, or has ended.
 */
export class ModelJobQueue {
  /** Those that wait or run, in the order of asking. */
  readonly #active = new Map<string, ActiveJob>();
  /** When the last job of somebody began, counted. */
  readonly #lastTurns = new Map<string, number>();
  #turn = 0;
  #running = 0;
  #isClosed = false;

  constructor(private readonly parts: QueueParts) {}

  /** Takes up what was not finished when the service ended. Before anybody is served. */
  async resume(): Promise<void> {
    const { catalogue, journal, work } = this.parts;
    await journal.recover('model-job', readModelJob, value => readModelJob(value).id);
    for await (const values of catalogue.all('model-job')) {
      for (const job of values.map(readModelJob)) {
        if (job.state !== 'waiting' && job.state !== 'running') continue;
        const provenance = await work.published(job);
        if (provenance !== null) await this.#end(job, { state: 'done', provenance });
        else if (job.attempts >= ATTEMPTS) await this.#end(job, { state: 'failed', problem: INTERRUPTED });
        else if (job.state === 'waiting') this.#note(job);
        else this.#note((await this.#end(job, { state: 'waiting' })) ?? job);
      }
    }
    this.#fill();
  }

  /** A job that is stored as waiting. */
  add(job: StoredModelJob): void {
    this.#note(job);
    this.#fill();
  }

  /** Null: it neither waits nor runs. */
  progress(id: string): ModelJobProgress | null {
    const active = this.#active.get(id);
    if (active === undefined) return null;
    const { begunAt, done, step } = active;
    if (begunAt === null) return WAITING;
    return { fraction: done, step, remainingSeconds: remainingSeconds(done, (performance.now() - begunAt) / 1000) };
  }

  /** How many jobs of somebody wait. */
  waitingOf(username: string): number {
    return [...this.#active.values()].filter(
      ({ job, begunAt }) => begunAt === null && job.requestedBy.username === username
    ).length;
  }

  /** Jobs that wait or run on a case. */
  activeOn(caseId: string): StoredModelJob[] {
    return [...this.#active.values()].map(({ job }) => job).filter(job => job.caseId === caseId);
  }

  /**
   * Resolves when the job has ended. Answers whether it ended by this: not if it had ended before, or if its result was
   * being kept already.
   */
  async cancel(id: string, by: Person): Promise<boolean> {
    const active = this.#active.get(id);
    if (active === undefined) return false;
    active.cancelledBy ??= by;
    active.abort.abort();
    // One that waits needs no turn to end.
    if (active.begunAt === null) this.#begin(active);
    return (await active.ended) === 'cancelled';
  }

  /** Stops what runs: it begins again when the service starts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#active.values()].filter(({ begunAt }) => begunAt !== null);
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  #note(job: StoredModelJob): void {
    this.#active.set(job.id, {
      job,
      abort: new AbortController(),
      cancelledBy: null,
      begunAt: null,
      done: 0,
      step: 'Preparing',
      ended: Promise.resolve('waiting')
    });
  }

  #fill(): void {
    while (!this.#isClosed && this.#running < this.parts.atATime) {
      const waiting = [...this.#active.values()]
        .filter(({ begunAt }) => begunAt === null)
        .map(({ job: { id, priority, requestedBy } }) => ({ id, priority, person: requestedBy.username }));
      const next = chooseNext(waiting, this.#lastTurns);
      const active = next === undefined ? undefined : this.#active.get(next.id);
      if (next === undefined || active === undefined) return;
      this.#lastTurns.set(next.person, (this.#turn += 1));
      this.#running += 1;
      this.#begin(active);
      void active.ended.finally(() => {
        this.#running -= 1;
        this.#fill();
      });
    }
  }

  #begin(active: ActiveJob): void {
    active.begunAt = performance.now();
    active.ended = this.#run(active)
      .then(ending => this.#endForSure(active, ending))
      .finally(() => this.#active.delete(active.job.id));
  }

  async #run(active: ActiveJob): Promise<Ending> {
    const { job, abort } = active;
    const { signal } = abort;
    const { work } = this.parts;
    try {
      signal.throwIfAborted();
      const prepared = await work.prepare(job);
      signal.throwIfAborted();
      const begun = await this.#change(job, 'model-job.begun', {}, current => ({
        ...current,
        state: 'running',
        attempts: current.attempts + 1,
        warnings: [...prepared.warnings],
        startedAt: this.parts.now().toISOString()
      }));
      if (begun === null) return { state: 'cancelled' };
      signal.throwIfAborted();
      const report = (done: number, step: string): void => {
        active.done = Math.min(1, Math.max(active.done, done));
        active.step = step;
      };
      return { state: 'done', provenance: await work.perform(begun, prepared, report, signal) };
    } catch (error) {
      if (active.cancelledBy !== null) return { state: 'cancelled' };
      // Stopped in order: this attempt does not count.
      if (this.#isClosed && signal.aborted) return { state: 'waiting', attempts: job.attempts };
      return { state: 'failed', problem: this.#problemOf(error) };
    }
  }

  #problemOf(error: unknown): JobFailure {
    const failure = failureOf(error);
    if (failure !== null) return failure;
    this.parts.reportFailure(error);
    return SERVICE_FAILED;
  }

  /** Answers how it has ended. While the disk takes nothing, a job does not end, and no other one begins. */
  async #endForSure({ job, cancelledBy }: ActiveJob, ending: Ending): Promise<StoredModelJob['state']> {
    for (;;) {
      try {
        const actual = await this.#actual(job, ending);
        await this.#end(job, actual, actual.state === 'cancelled' ? cancelledBy : null);
        return actual.state;
      } catch (error) {
        this.parts.reportFailure(error);
        // What is stored is a job that runs: it is begun again when the service starts.
        if (this.#isClosed) return ending.state;
        await sleep(PATIENCE);
      }
    }
  }

  /** What went wrong after the read was stored changes nothing: asked for again, the job would leave a second one. */
  async #actual(job: StoredModelJob, ending: Ending): Promise<Ending> {
    if (ending.state === 'done') return ending;
    const provenance = await this.parts.work.published(job);
    return provenance === null ? ending : { state: 'done', provenance };
  }

  #end(job: StoredModelJob, ending: Ending, by: Person | null = null): Promise<StoredModelJob | null> {
    const { state, problem = null } = ending;
    const isOver = state !== 'waiting';
    const details = problem === null ? {} : { code: problem.code };
    const told = `model-job.${isOver ? state : 'put-back'}`;
    return this.#change(
      job,
      told,
      details,
      current => ({
        ...current,
        ...ending,
        startedAt: isOver ? current.startedAt : null,
        endedAt: isOver ? this.parts.now().toISOString() : null
      }),
      by
    );
  }

  #change(
    { id, projectId, caseId }: StoredModelJob,
    action: string,
    details: Record<string, unknown>,
    change: (current: StoredModelJob) => StoredModelJob,
    by: Person | null = null
  ): Promise<StoredModelJob | null> {
    const told: Told = {
      actor: by === null ? { kind: 'service' } : actorOf(by),
      action,
      subject: { kind: 'model-job', id, sha256: null },
      details: { case: caseId, ...details }
    };
    return this.parts.journal.update('model-job', id, readModelJob, projectId, current => ({
      value: change(current),
      told
    }));
  }
}
