/** A bucket of tokens: `perSecond` on average, ten seconds' worth in a burst. */
export class MessageRate {
  #tokens: number;
  #filledAt = performance.now();

  constructor(private readonly perSecond: number) {
    this.#tokens = perSecond * 10;
  }

  /** Whether one more message is within the rate. */
  take(): boolean {
    const now = performance.now();
    this.#tokens = Math.min(this.perSecond * 10, this.#tokens + ((now - this.#filledAt) / 1000) * this.perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
