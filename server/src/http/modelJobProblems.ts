import type { InferenceErrorCode } from '../inference/errors.js';
import type { ModelJobErrorCode } from '../studies/modelJobs/modelJobError.js';

/** Problems of runs of models, and of what is copied from them: their status and what they are called. */
export const MODEL_JOB_PROBLEMS: Readonly<
  Record<ModelJobErrorCode | InferenceErrorCode, { readonly status: number; readonly title: string }>
> = {
  'model-job.unknown': { status: 404, title: 'There is no such run of a model' },
  'model-job.no-model': { status: 404, title: 'There is no such model' },
  'model-job.prompted': { status: 422, title: 'The model answers clicks' },
  'model-job.too-many': { status: 429, title: 'Too many runs of models are waiting' },
  'model-job.other-weights': { status: 409, title: 'The case was read by another model of this name' },
  'model-job.ended': { status: 409, title: 'The run has ended' },
  'model-job.model-gone': { status: 409, title: 'The model is not there any more' },
  'model-job.no-segment': { status: 422, title: 'The model labels nothing that the protocol asks for' },
  'model-job.interrupted': { status: 500, title: 'The service ended while the model ran' },
  'model-job.damaged-result': { status: 500, title: 'The result of the model is damaged' },
  'copy.not-a-model': { status: 422, title: 'The read is not that of a model' },
  'copy.other-volume': { status: 422, title: 'The reads are of different images' },
  'copy.segment': { status: 422, title: 'The segment cannot be copied' },
  'copy.empty': { status: 422, title: 'There is nothing to copy' },
  'inference.cancelled': { status: 409, title: 'The run was cancelled' },
  'inference.crashed': { status: 500, title: 'The model ended without a result' },
  'inference.disk-full': { status: 507, title: 'The disk has no room for the result' },
  'inference.no-memory': { status: 507, title: 'The model needs more memory' },
  'inference.no-provider': { status: 500, title: 'The model cannot be computed on this machine' },
  'inference.not-an-onnx': { status: 422, title: 'The network of the model cannot be opened' },
  'inference.not-finite': { status: 422, title: 'The model has answered what are no numbers' },
  'inference.timed-out': { status: 504, title: 'The model took too long' },
  'inference.unreadable': { status: 422, title: 'The image cannot be read by the model' },
  'inference.unwritable': { status: 500, title: 'The result of the model cannot be written' },
  'inference.weights-changed': { status: 409, title: 'The weights of the model were changed' },
  'inference.wrong-modality': { status: 422, title: 'The model is for another modality' },
  'inference.wrong-shape': { status: 422, title: 'The network of the model has another shape than it says' },
  'inference.wrong-spacing': { status: 422, title: 'The model is for another voxel size' }
};
