export type ModelJobErrorCode =
  | 'model-job.unknown'
  | 'model-job.no-model'
  | 'model-job.prompted'
  | 'model-job.too-many'
  | 'model-job.other-weights'
  | 'model-job.ended'
  | 'model-job.model-gone'
  | 'model-job.no-segment'
  | 'model-job.interrupted'
  | 'model-job.damaged-result'
  | 'copy.not-a-model'
  | 'copy.other-volume'
  | 'copy.segment'
  | 'copy.empty';

/** A model is not run, a run of it has ended without a result, or its result is not copied. The message says what to do. */
export class ModelJobError extends Error {
  override readonly name = 'ModelJobError';
  constructor(
    readonly code: ModelJobErrorCode,
    message: string
  ) {
    super(message);
  }
}
