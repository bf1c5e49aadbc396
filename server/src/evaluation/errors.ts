export type EvaluationErrorCode =
  /** Labels or scores do not fit the grid. */
  'evaluation.grid' | 'evaluation.scores' | 'evaluation.parameter';

/** What was given cannot be evaluated. The message says what to do. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  constructor(
    readonly code: EvaluationErrorCode,
    message: string
  ) {
    super(message);
  }
}
