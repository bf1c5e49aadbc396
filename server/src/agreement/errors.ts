export type AgreementErrorCode =
  /** Label arrays do not fit the grid. */
  | 'agreement.grid'
  /** Agreement needs two reads or more. */
  | 'agreement.one-read'
  | 'agreement.parameter';

/** What was given cannot be measured. The message says what to do. */
export class AgreementError extends Error {
  override readonly name = 'AgreementError';
  constructor(
    readonly code: AgreementErrorCode,
    message: string
  ) {
    super(message);
  }
}
