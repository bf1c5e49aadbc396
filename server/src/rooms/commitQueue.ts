import type { UpdateLog } from '../store/store.js';

interface Commit {
  readonly apply: (sequence: number) => void;
  sequence: number | null;
}

/**
 * Writes a room's updates to the log, many at a time, and hands them over in order once they are on disk: log before
 * memory. After the first failure nothing is handed over any more.
 */
export class CommitQueue {
  readonly #commits: Commit[] = [];
  #unsettled = 0;
  #failure: unknown = null;
  #settled: (() => void)[] = [];

  constructor(
    private readonly log: UpdateLog,
    private readonly room: string,
    private readonly onFailure: (error: unknown) => void
  ) {}

  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Whether something is being written. */
  get isBusy(): boolean {
    return this.#unsettled > 0;
  }

  /** `apply` is called when the update is durable, in the order of these calls; never after a failure. */
  commit(author: string | null, update: Uint8Array, apply: (sequence: number) => void): void {
    if (this.#failure !== null) return;
    const commit: Commit = { apply, sequence: null };
    this.#commits.push(commit);
    this.#unsettled += 1;
    this.log.append(this.room, author, update).then(
      sequence => {
        commit.sequence = sequence;
        this.#handOver();
        this.#settle();
      },
      (error: unknown) => {
        this.fail(error);
        this.#settle();
      }
    );
  }

  /** Resolves when nothing is being written any more. */
  settled(): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve();
    return new Promise(resolve => this.#settled.push(resolve));
  }

  /** Nothing is written or handed over any more. */
  fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = error ?? new Error('The log could not be written.');
    this.#commits.length = 0;
    this.onFailure(error);
  }

  #handOver(): void {
    try {
      for (;;) {
        const [next] = this.#commits;
        if (this.#failure !== null || next === undefined || next.sequence === null) return;
        this.#commits.shift();
        next.apply(next.sequence);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  #settle(): void {
    this.#unsettled -= 1;
    if (this.#unsettled > 0) return;
    for (const resolve of this.#settled.splice(0)) resolve();
  }
}
