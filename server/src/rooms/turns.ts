import { setImmediate as giveWay, setTimeout as sleep } from 'node:timers/promises';
import type { WorkShare } from './workShare.js';

/** How long one turn takes before others have theirs, milliseconds. */
const TURN = 8;

/** The work for one connection: a little at a time, and counted in the share of its person. */
export class Turns {
  constructor(
    private readonly share: WorkShare,
    /** Whether nobody wants it any more. */
    private readonly isOver: () => boolean
  ) {}

  /** Whether the person has taken so much time that others come first. */
  get mustWait(): boolean {
    return this.share.debt > 0;
  }

  /** Resolves when all others have had their turn. */
  next(): Promise<void> {
    const { debt } = this.share;
    return debt > 0 ? sleep(debt, undefined, { ref: false }) : giveWay();
  }

  /** Does one piece of work and counts it. */
  take<Result>(work: () => Result): Result {
    const started = performance.now();
    try {
      return work();
    } finally {
      this.share.spend(performance.now() - started);
    }
  }

  /**
   * Does the steps of work that takes long. Undefined if one turn was enough, which is to be counted by the caller; else
   * resolves when all is done, or is over.
   */
  doAll(steps: Iterator<void, void>): Promise<void> | undefined {
    return doSome(steps) ? undefined : this.#doRest(steps);
  }

  async #doRest(steps: Iterator<void, void>): Promise<void> {
    for (let isDone = false; !isDone && !this.isOver();) {
      await this.next();
      isDone = this.isOver() || this.take(() => doSome(steps));
    }
  }
}

/** Answers whether all steps are done. */
function doSome(steps: Iterator<void, void>): boolean {
  const end = performance.now() + TURN;
  do if (steps.next().done === true) return true;
  while (performance.now() < end);
  return false;
}
