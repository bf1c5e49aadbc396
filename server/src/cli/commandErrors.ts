/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The input is refused: exit code 1. The message says what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}

/** The command has done its work and printed a result that says no: exit code 1, and nothing more to print. */
export class NegativeResult extends Error {
  override readonly name = 'NegativeResult';
}
