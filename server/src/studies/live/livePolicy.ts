/** Limits of live consensus. Times in milliseconds, sizes in bytes. */
export interface LivePolicy {
  /** Cases at a time: each has a thread of its own. */
  readonly maxCases: number;
  /** Most memory for all of them together, by `liveBytes`. A case that needs more alone is refused for good. */
  readonly maxBytes: number;
  /** Most watchers of one person. */
  readonly maxWatchersPerPerson: number;
  /** How long a case stays that nobody watches any more: a page that is loaded again finds it. */
  readonly idleMilliseconds: number;
  /** How often a socket is asked whether its peer is still there; one that is silent for two of them is gone. */
  readonly pingMilliseconds: number;
  /** Above so much that waits to be sent, changes are left out; a whole state follows when all has been sent. */
  readonly maxUnsentBytes: number;
}

export const DEFAULT_LIVE_POLICY: LivePolicy = {
  maxCases: 4,
  maxBytes: 2 * 1024 * 1024 * 1024,
  maxWatchersPerPerson: 16,
  idleMilliseconds: 10_000,
  pingMilliseconds: 10_000,
  maxUnsentBytes: 4 * 1024 * 1024
};
