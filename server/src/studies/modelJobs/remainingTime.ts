/** Before so much is done, or so much time has passed, nothing is said. */
const SMALLEST_SHARE = 0.03;
const FIRST_SECONDS = 2;

/**
 * Seconds until all is done, if it goes on as fast as so far; null while that cannot be told.
 *
 * @param done share of the work, 0 to 1
 * @param seconds since the work began
 */
export function remainingSeconds(done: number, seconds: number): number | null {
  if (done < SMALLEST_SHARE || seconds < FIRST_SECONDS) return null;
  return Math.max(0, Math.round((seconds * (1 - done)) / done));
}
