/** What is known of a job that waits or runs. */
export interface JobProgress {
  /** 0 to 1. */
  readonly done: number;
  readonly step: string;
}

export type JobWork = (report: (done: number, step: string) => void, signal: AbortSignal) => Promise<void>;

interface Job {
  readonly abort: AbortController;
  progress: JobProgress;
  ended: Promise<void>;
}

const WAITING: JobProgress = { done: 0, step: 'Waiting for other computations' };

/** Long computations, a few at a time, in the order of their start. What they are about is stored elsewhere. */
export class JobQueue {
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #isClosed = false;

  constructor(
    private readonly atATime: number,
    /** Told of work that rejects: it should have stored what went wrong. */
    private readonly reportFailure: (error: unknown) => void
  ) {}

  /** Runs `work` when its turn comes; `id` must not be in the queue. */
  start(id: string, work: JobWork): void {
    if (this.#isClosed || this.#jobs.has(id)) return;
    const job: Job = { abort: new AbortController(), progress: WAITING, ended: Promise.resolve() };
    this.#jobs.set(id, job);
    job.ended = this.#run(job, work)
      .catch((error: unknown) => this.reportFailure(error))
      .finally(() => this.#jobs.delete(id));
  }

  /** Null: it neither waits nor runs. */
  progress(id: string): JobProgress | null {
    return this.#jobs.get(id)?.progress ?? null;
  }

  /** Resolves when the job has ended. Answers whether there was one. */
  async cancel(id: string): Promise<boolean> {
    const job = this.#jobs.get(id);
    job?.abort.abort();
    await job?.ended;
    return job !== undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Stops everything and waits until nothing runs: what was not finished can be begun anew. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const jobs = [...this.#jobs.values()];
    for (const { abort } of jobs) abort.abort();
    await Promise.all(jobs.map(({ ended }) => ended));
  }

  async #run(job: Job, work: JobWork): Promise<void> {
    await this.#takeTurn();
    try {
      await work((done, step) => (job.progress = { done, step }), job.abort.signal);
    } finally {
      this.#endTurn();
    }
  }

  async #takeTurn(): Promise<void> {
    if (this.#running >= this.atATime) await new Promise<void>(resolve => this.#waiting.push(resolve));
    else this.#running += 1;
  }

  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
