/** So many wrong passphrases in a row lock signing. */
export const WRONG_PASSPHRASES = 5;
export const LOCKED_MILLISECONDS = 15 * 60_000;

/** Wrong passphrases of one person since the last right one. */
export interface SigningAttempts {
  readonly wrong: number;
  /** Milliseconds since 1970; null: signing is open. */
  readonly lockedUntil: number | null;
}

export const NO_ATTEMPTS: SigningAttempts = { wrong: 0, lockedUntil: null };

/** How an attempt changes the count; `event` is what the audit log must tell, null if nothing. */
export interface AttemptOutcome {
  readonly attempts: SigningAttempts;
  readonly event: 'signing.wrong-passphrase' | 'signing.locked' | null;
}

/** Milliseconds until one may try again; 0: now. */
export function lockedFor(attempts: SigningAttempts, now: number): number {
  return attempts.lockedUntil === null ? 0 : Math.max(0, attempts.lockedUntil - now);
}

/**
 * Counts one attempt that was allowed (see `lockedFor`). The fifth wrong passphrase in a row locks signing for 15
 * minutes; after that every further wrong one locks it again, until a right one resets the count.
 */
export function countAttempt(attempts: SigningAttempts, wasRight: boolean, now: number): AttemptOutcome {
  if (wasRight) return { attempts: NO_ATTEMPTS, event: null };
  const wrong = attempts.wrong + 1;
  if (wrong < WRONG_PASSPHRASES) return { attempts: { wrong, lockedUntil: null }, event: 'signing.wrong-passphrase' };
  return { attempts: { wrong, lockedUntil: now + LOCKED_MILLISECONDS }, event: 'signing.locked' };
}
