import type { ModelFileErrorCode } from '@voxcord/schemas/models';
import type { ModelErrorCode } from '../models/errors.js';

/** Problems of models that are to be added or run: their status and what they are called. */
export const MODEL_PROBLEMS: Readonly<
  Record<ModelErrorCode | ModelFileErrorCode, { readonly status: number; readonly title: string }>
> = {
  'model.not-json': { status: 422, title: 'The description of the model is not JSON' },
  'model.not-described': { status: 422, title: 'The description of the model is incomplete or has another form' },
  'model.contradiction': { status: 422, title: 'The description of the model contradicts itself' },
  'model.no-description': { status: 422, title: 'The model has no description' },
  'model.file-missing': { status: 422, title: 'A file of the model is missing' },
  'model.not-a-file': { status: 422, title: 'A file of the model is a link' },
  'model.too-large': { status: 422, title: 'A file of the model is too large' },
  'model.unreadable': { status: 422, title: 'A file of the model cannot be read' },
  'model.wrong-hash': { status: 422, title: 'The weights are not those that the model names' },
  'model.not-onnx': { status: 422, title: 'The network of the model cannot be opened' },
  'model.opset': { status: 422, title: 'The opset of the network does not fit' },
  'model.external-data': { status: 422, title: 'The network keeps weights in another file' },
  'model.operators': { status: 422, title: 'The network needs operators that are not part of ONNX' },
  'model.tensors': { status: 422, title: 'The network takes or gives something else than the model says' },
  'model.shape': { status: 422, title: 'The network answers in another shape than the model says' },
  'model.not-finite': { status: 422, title: 'The network answers what are no numbers' },
  'model.not-probabilities': { status: 422, title: 'The network answers what are no probabilities' },
  'model.timed-out': { status: 422, title: 'The network does not answer' },
  'model.no-memory': { status: 422, title: 'The network needs more memory' },
  'model.crashed': { status: 422, title: 'The network does not run here' },
  'model.twice': { status: 409, title: 'The model is there twice' },
  'model.exists': { status: 409, title: 'There is a model of this name and version' },
  'model.too-many': { status: 409, title: 'There are too many models' },
  'model.unknown': { status: 404, title: 'There is no such model' },
  'model.not-allowed': { status: 403, title: 'You may not change which models there are' },
  'model.not-uploaded': { status: 409, title: 'The model was not uploaded' },
  'archive.unreadable': { status: 422, title: 'The archive cannot be read' },
  'archive.encrypted': { status: 422, title: 'The archive is encrypted' },
  'archive.paths': { status: 422, title: 'The archive holds what is no plain file of one folder' },
  'archive.too-large': { status: 422, title: 'The archive holds too much' }
};
