import Type from 'typebox';
import { Version } from '../files/truthValues.js';
import { ModelName } from '../models/modelFile.js';
import { Read } from './cases.js';
import { Model, ModelJob, ModelList, NewModelJobs } from './models.js';
import type { Operation } from './operations.js';
import { NewProposal, Proposal } from './proposals.js';
import { Id } from './values.js';

const project = Type.Object({ projectId: Id });
const job = Type.Object({ jobId: Id });
const read = Type.Object({ readId: Id });

/** Models, their jobs and what they propose. */
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
    body: Type.Object({ upload: Id }, { additionalProperties: false }),
    response: Model,
    status: 201
  },
  removeModel: {
    method: 'DELETE',
    path: '/models/{name}/{version}',
    summary: 'Offer a model no longer; what it has made stays',
    params: Type.Object({ name: ModelName, version: Version }),
    status: 204
  },
  startModelJobs: {
    method: 'POST',
    path: '/projects/{projectId}/model-jobs',
    summary: 'Run a model on cases: one job each, beside the request',
    params: project,
    body: NewModelJobs,
    response: Type.Array(ModelJob),
    status: 202
  },
  listModelJobs: {
    method: 'GET',
    path: '/projects/{projectId}/model-jobs',
    summary: 'Jobs of the project, the newest first',
    params: project,
    response: Type.Array(ModelJob),
    status: 200
  },
  getModelJob: {
    method: 'GET',
    path: '/model-jobs/{jobId}',
    summary: 'One job, with its progress',
    params: job,
    response: ModelJob,
    status: 200
  },
  cancelModelJob: {
    method: 'POST',
    path: '/model-jobs/{jobId}/cancel',
    summary: 'Stop a job that waits or runs; it leaves nothing behind',
    params: job,
    response: ModelJob,
    status: 200
  },
  copyIntoRead: {
    method: 'POST',
    path: '/reads/{readId}/copy',
    summary: 'Paint what a model has labelled into an own read, as one stroke per segment with its origin',
    params: read,
    body: Type.Object(
      { from: Id, segments: Type.Array(Type.Integer({ minimum: 1, maximum: 255 }), { minItems: 1, maxItems: 255 }) },
      { additionalProperties: false }
    ),
    response: Read,
    status: 200
  },
  propose: {
    method: 'POST',
    path: '/reads/{readId}/proposals',
    summary: 'A 3D proposal from places on a thing and beside it; nothing is stored',
    params: read,
    body: NewProposal,
    response: Proposal,
    status: 200
  }
} as const satisfies Readonly<Record<string, Operation>>;
