export type ModelErrorCode =
  | 'model.no-description'
  | 'model.file-missing'
  | 'model.not-a-file'
  | 'model.too-large'
  | 'model.unreadable'
  | 'model.wrong-hash'
  | 'model.not-onnx'
  | 'model.opset'
  | 'model.external-data'
  | 'model.operators'
  | 'model.tensors'
  | 'model.shape'
  | 'model.not-finite'
  | 'model.not-probabilities'
  | 'model.timed-out'
  | 'model.no-memory'
  | 'model.crashed'
  | 'model.twice'
  | 'model.exists'
  | 'model.too-many'
  | 'model.unknown'
  | 'model.not-allowed'
  | 'model.not-uploaded'
  | 'archive.unreadable'
  | 'archive.encrypted'
  | 'archive.paths'
  | 'archive.too-large';

/** A model that cannot be run, added or removed. The text says what happened and what to do. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(
    readonly code: ModelErrorCode,
    text: string,
    options?: ErrorOptions
  ) {
    super(text, options);
  }
}
