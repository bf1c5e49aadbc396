import Type from 'typebox';
import { EvaluableReader, Evaluation, NewEvaluation } from './evaluations.js';
import type { Operation } from './operations.js';
import { Id } from './values.js';

const project = Type.Object({ projectId: Id });
const evaluation = Type.Object({ evaluationId: Id });

/** Readers, models before all, against releases. */
export const evaluationOperations = {
  listEvaluableReaders: {
    method: 'GET',
    path: '/releases/{releaseId}/readers',
    summary: 'Readers whose submitted reads can be evaluated against this release',
    params: Type.Object({ releaseId: Id }),
    response: Type.Array(EvaluableReader),
    status: 200
  },
  startEvaluation: {
    method: 'POST',
    path: '/projects/{projectId}/evaluations',
    summary: 'Evaluate a reader against a release; what was evaluated before is answered, not computed again',
    params: project,
    body: NewEvaluation,
    response: Evaluation,
    status: 202
  },
  listEvaluations: {
    method: 'GET',
    path: '/projects/{projectId}/evaluations',
    summary: 'Evaluations of a project, newest first, without their results',
    params: project,
    response: Type.Array(Evaluation),
    status: 200
  },
  getEvaluation: {
    method: 'GET',
    path: '/evaluations/{evaluationId}',
    summary: 'One evaluation, with progress or result',
    params: evaluation,
    response: Evaluation,
    status: 200
  },
  cancelEvaluation: {
    method: 'DELETE',
    path: '/evaluations/{evaluationId}',
    summary: 'Cancel the computation',
    params: evaluation,
    status: 204
  }
} as const satisfies Readonly<Record<string, Operation>>;
