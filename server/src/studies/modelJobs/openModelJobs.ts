import { availableParallelism } from 'node:os';
import type { Projects } from '../../projects/projects.js';
import type { Store } from '../../store/store.js';
import type { Reading } from '../reading.js';
import { ModelCopies, type PaintPort } from './modelCopies.js';
import { ModelJobQueue } from './modelJobQueue.js';
import { ModelJobs } from './modelJobs.js';
import { ModelJobWork } from './modelJobWork.js';
import type { ModelsPort, RunModel, RunParts } from './runModelJob.js';

/** How models are run here. */
export interface ModelJobLimits {
  /** Jobs at a time: each takes memory for a volume, and time of all cores but one. */
  readonly atATime: number;
  /** Jobs that one person may have waiting. */
  readonly waitingPerPerson: number;
  /** Seconds that one run may take. */
  readonly timeLimit: number;
  /** Execution providers of ONNX Runtime, the preferred one first. */
  readonly providers: readonly string[];
  /** Threads of a network; 0: one core less than there are, so that strokes find one. */
  readonly threads: number;
}

export const DEFAULT_MODEL_JOB_LIMITS: ModelJobLimits = {
  atATime: 1,
  waitingPerPerson: 200,
  timeLimit: 2 * 60 * 60,
  providers: ['cpu'],
  threads: 0
};

/** Runs of models, and what people copy from them. */
export interface ModelJobsOfService {
  readonly jobs: ModelJobs;
  readonly copies: ModelCopies;
  /** Stops what runs; it begins again when the service starts. */
  close(): Promise<void>;
}

export interface ModelJobsOptions {
  readonly store: Store;
  readonly projects: Projects;
  readonly reading: Reading;
  readonly rooms: PaintPort;
  readonly models: ModelsPort;
  readonly run: RunModel;
  readonly disk: RunParts['disk'];
  readonly limits: ModelJobLimits;
  readonly now: () => Date;
  /** Told of failures that are the service's own. */
  readonly reportFailure: (error: unknown) => void;
}

/** Puts the parts together, and goes on with what was not finished when the service ended. */
export async function openModelJobs(options: ModelJobsOptions): Promise<ModelJobsOfService> {
  const { store, projects, reading, models, limits, now, reportFailure } = options;
  const { access, volumes } = projects;
  const { journal, turns, signing, revisions, refresh } = reading;
  const work = new ModelJobWork({
    store,
    access,
    volumes,
    models,
    revisions,
    journal,
    refresh,
    now,
    serviceKey: signing.serviceKey,
    disk: options.disk,
    run: options.run,
    providers: limits.providers,
    threads: limits.threads === 0 ? Math.max(1, availableParallelism() - 1) : limits.threads,
    timeLimit: limits.timeLimit
  });
  const { catalogue } = store;
  const queue = new ModelJobQueue({ catalogue, journal, work, now, reportFailure, atATime: limits.atATime });
  await queue.resume();
  return {
    jobs: new ModelJobs({
      catalogue,
      access,
      models,
      queue,
      journal,
      turns,
      now,
      waitingPerPerson: limits.waitingPerPerson
    }),
    copies: new ModelCopies({ store, access, rooms: options.rooms, journal, now }),
    close: () => queue.close()
  };
}
