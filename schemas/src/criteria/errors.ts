export type CriterionErrorCode =
  /** Not an expression at all. */
  | 'criterion.syntax'
  /** An expression that does more than compare figures. */
  | 'criterion.not-allowed'
  | 'criterion.too-complex'
  | 'criterion.unknown-name'
  /** Wrong number or kind of arguments. */
  | 'criterion.arguments'
  /** Lengths compared with volumes, or the like. */
  | 'criterion.units'
  /** It is a figure, where a condition is needed, or the other way. */
  | 'criterion.not-a-condition'
  /** It cannot be evaluated here: a figure has no value. */
  | 'criterion.no-value';

/** Why an expression cannot be used. The message is for the person who wrote it and says what to do. */
export class CriterionError extends Error {
  override readonly name = 'CriterionError';
  constructor(
    readonly code: CriterionErrorCode,
    message: string
  ) {
    super(message);
  }
}
