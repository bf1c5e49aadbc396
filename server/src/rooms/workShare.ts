/** Milliseconds of the service's thread that somebody may take at once, and per second in the long run. */
export interface WorkLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** How much of the service's time one person has taken lately, on all connections together. */
export class WorkShare {
  #left: number;
  #filledAt: number;

  constructor(
    private readonly limit: WorkLimit,
    private readonly now: () => number = () => performance.now()
  ) {
    this.#left = limit.burst;
    this.#filledAt = now();
  }

  /** Whether nothing is owed any more. */
  get isFull(): boolean {
    this.#fill();
    return this.#left >= this.limit.burst;
  }

  /** Milliseconds to wait before more is done for this person, so that others have their turn; 0: none. */
  get debt(): number {
    this.#fill();
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left / this.limit.perSecond) * 1000);
  }

  spend(milliseconds: number): void {
    this.#fill();
    this.#left -= milliseconds;
  }

  #fill(): void {
    const now = this.now();
    this.#left = Math.min(this.limit.burst, this.#left + ((now - this.#filledAt) / 1000) * this.limit.perSecond);
    this.#filledAt = now;
  }
}
