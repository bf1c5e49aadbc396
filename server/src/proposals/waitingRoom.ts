import { ProposalError, superseded } from './errors.js';

/** Lets so many work at once; others wait in the order in which they came. */
export class WaitingRoom {
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(
    private readonly places: number,
    private readonly mostWaiting: number
  ) {}

  /**
   * Does the work when it is its turn. Rejects with `ProposalError`: `proposal.too-many` if too many wait already,
   * `proposal.superseded` if `signal` is aborted before the turn came.
   */
  async take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (this.#working >= this.places) await this.#wait(signal);
    else this.#working += 1;
    try {
      if (signal.aborted) throw superseded();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#working -= 1;
      else next();
    }
  }

  /** Whoever leaves hands the place on. */
  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.mostWaiting) {
      throw new ProposalError('proposal.too-many', 'Too many people are waiting for proposals. Try again in a moment.');
    }
    return new Promise((resolve, reject) => {
      const turn = (): void => resolve();
      this.#waiting.push(turn);
      signal.addEventListener(
        'abort',
        () => {
          const at = this.#waiting.indexOf(turn);
          if (at < 0) return;
          this.#waiting.splice(at, 1);
          reject(superseded());
        },
        { once: true }
      );
    });
  }
}
