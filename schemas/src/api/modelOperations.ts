import Type from 'typebox';
import { Version } from '../files/truthValues.js';
import { ModelName } from '../models/modelFile.js';
import { Model, ModelList, NewModel } from './models.js';
import type { Operation } from './operations.js';

/** Models that can be run. */
export const modelOperations = {
  listModels: {
    method: 'GET',
    path: '/models',
    summary: 'Models that can be run, and folders that cannot, with the reason',
    response: ModelList,
    status: 200
  },
  addModel: {
    method: 'POST',
    path: '/models',
    summary: 'Take an uploaded ZIP archive of a model folder in; it is checked before anybody can run it',
    body: NewModel,
    response: Model,
    status: 201
  },
  removeModel: {
    method: 'DELETE',
    path: '/models/{name}/{version}',
    summary: 'Offer a model no longer; what it has made stays',
    params: Type.Object({ name: ModelName, version: Version }),
    status: 204
  }
} as const satisfies Readonly<Record<string, Operation>>;
