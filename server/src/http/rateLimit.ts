import { RequestError } from './errors.js';

export interface RateLimit {
  /** Requests per second in the long run. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

/** Lets each person make so many requests per second (a leaky bucket by username). */
export class RateLimiter {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly limit: RateLimit,
    private readonly now: () => number = Date.now
  ) {}

  /** Counts a request. Throws `RequestError` (`request.too-many`). */
  take(username: string): void {
    const now = this.now();
    this.forgetFull(now);
    const bucket = this.buckets.get(username) ?? { left: this.limit.burst, at: now };
    const left = Math.min(this.limit.burst, bucket.left + ((now - bucket.at) / 1000) * this.limit.rate);
    if (left < 1) {
      const seconds = Math.max(1, Math.ceil((1 - left) / this.limit.rate));
      throw new RequestError('request.too-many', `Too many requests: try again in ${seconds} s.`, seconds);
    }
    this.buckets.set(username, { left: left - 1, at: now });
  }

  /** A bucket that has filled up again says nothing. */
  private forgetFull(now: number): void {
    if (this.buckets.size < 1000) return;
    for (const [username, { left, at }] of this.buckets) {
      if (left + ((now - at) / 1000) * this.limit.rate >= this.limit.burst) this.buckets.delete(username);
    }
  }
}
