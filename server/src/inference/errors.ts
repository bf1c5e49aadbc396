export type InferenceErrorCode =
  | 'inference.cancelled'
  | 'inference.crashed'
  | 'inference.disk-full'
  | 'inference.no-memory'
  | 'inference.no-provider'
  | 'inference.not-an-onnx'
  | 'inference.not-finite'
  | 'inference.timed-out'
  | 'inference.unreadable'
  | 'inference.unwritable'
  | 'inference.weights-changed'
  | 'inference.wrong-modality'
  | 'inference.wrong-shape'
  | 'inference.wrong-spacing';

/** A model cannot be run, or not on this volume. The text says what happened and what to do. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError';

  constructor(
    readonly code: InferenceErrorCode,
    text: string,
    options?: ErrorOptions
  ) {
    super(text, options);
  }
}
