import Type from 'typebox';
import { Read } from './cases.js';
import { ModelJob, NewModelJobs } from './modelJobs.js';
import type { Operation } from './operations.js';
import { Id } from './values.js';

const project = Type.Object({ projectId: Id });
const job = Type.Object({ jobId: Id });
const read = Type.Object({ readId: Id });

/** Runs of models on cases, and what becomes of their results. */
export const modelJobOperations = {
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
  }
} as const satisfies Readonly<Record<string, Operation>>;
