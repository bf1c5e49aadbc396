import type { ModelJob, modelJobOperations, Problem } from '@voxcord/schemas/api';
import type { ModelJobsOfService } from '../studies/modelJobs/openModelJobs.js';
import type { SeenModelJob } from '../studies/modelJobs/modelJobs.js';
import type { HandlersOf } from './handlers.js';
import { isProblemCode, makeProblem } from './problems.js';

/** What the operations of runs of models do. */
export function makeModelJobHandlers({ jobs, copies }: ModelJobsOfService): HandlersOf<typeof modelJobOperations> {
  return {
    startModelJobs: async ({ person, params, body }) =>
      (await jobs.start(person, params.projectId, body)).map(presentModelJob),
    listModelJobs: async ({ person, params }) => (await jobs.list(person, params.projectId)).map(presentModelJob),
    getModelJob: async ({ person, params }) => presentModelJob(await jobs.get(person, params.jobId)),
    cancelModelJob: async ({ person, params }) => presentModelJob(await jobs.cancel(person, params.jobId)),
    copyIntoRead: ({ person, params, body }) => copies.copy(person, params.readId, body)
  };
}

function presentModelJob({ job, progress }: SeenModelJob): ModelJob {
  const { state, provenance, problem } = job;
  return {
    id: job.id,
    model: job.model,
    title: job.title,
    projectId: job.projectId,
    caseId: job.caseId,
    requestedBy: job.requestedBy,
    priority: job.priority,
    state,
    fraction: state === 'done' ? 1 : (progress?.fraction ?? 0),
    step: progress?.step ?? ENDED[state],
    remainingSeconds: progress?.remainingSeconds ?? null,
    attempts: job.attempts,
    warnings: job.warnings,
    read: state === 'done' ? job.readId : null,
    provenance,
    problem: problem === null ? null : problemOf(problem),
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt
  };
}

const ENDED: Readonly<Record<ModelJob['state'], string>> = {
  waiting: 'Waiting for its turn',
  running: 'Ending',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled'
};

function problemOf({ code, detail }: NonNullable<SeenModelJob['job']['problem']>): Problem {
  return makeProblem(isProblemCode(code) ? code : 'service.failed', detail);
}
