/** Bytes of a message that count as one. */
const MESSAGE_BYTES = 4096;

/** A bucket of tokens: `perSecond` messages on average, ten seconds' worth in a burst. A large message counts more. */
export class MessageRate {
  #tokens: number;
  #filledAt = performance.now();

  constructor(private readonly perSecond: number) {
    this.#tokens = perSecond * 10;
  }

  /** Whether one more message of so many bytes is within the rate. */
  take(bytes: number): boolean {
    const now = performance.now();
    this.#tokens = Math.min(this.perSecond * 10, this.#tokens + ((now - this.#filledAt) / 1000) * this.perSecond);
    this.#filledAt = now;
    const cost = 1 + Math.floor(bytes / MESSAGE_BYTES);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
