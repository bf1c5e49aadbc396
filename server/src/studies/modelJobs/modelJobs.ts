import { createHash, randomUUID } from 'node:crypto';
import type { NewModelJobs, Person } from '@voxcord/schemas/api';
import { canonicalJson } from '@voxcord/schemas/files';
import { modelJobRights, type ModelJobRights } from '../../access/truthMatrix.js';
import { ProjectError } from '../../projects/errors.js';
import { denied, type ProjectAccess, type SeenCase } from '../../projects/projectAccess.js';
import type { Catalogue } from '../../store/store.js';
import { StudyError } from '../errors.js';
import { ifThere } from '../ifThere.js';
import { actorOf, type Journal } from '../journal.js';
import type { OneAtATime } from '../oneAtATime.js';
import { ModelJobError } from './modelJobError.js';
import type { ModelJobProgress, ModelJobQueue } from './modelJobQueue.js';
import { readModelJob, type StoredModelJob } from './modelJobRecords.js';
import type { ModelsPort, RunnableModel } from './runModelJob.js';

export interface ModelJobsParts {
  readonly catalogue: Catalogue;
  readonly access: ProjectAccess;
  readonly models: ModelsPort;
  readonly queue: ModelJobQueue;
  readonly journal: Journal;
  readonly turns: OneAtATime;
  readonly now: () => Date;
  /** Jobs that one person may have waiting. */
  readonly waitingPerPerson: number;
}

/** A job as somebody may see it; `progress` while it waits or runs. */
export interface SeenModelJob {
  readonly job: StoredModelJob;
  readonly progress: ModelJobProgress | null;
}

/** Newest jobs of a project that are listed. */
const MOST_LISTED = 500;

/** Runs of models on cases: asked for, looked at, cancelled. Throws `ModelJobError`, `ProjectError`, `StudyError`. */
export class ModelJobs {
  constructor(private readonly parts: ModelJobsParts) {}

  /**
   * One job for each case, in the order of the cases: the one that is there already if it waits, runs or has left its read,
   * else a new one. Checked for all of them before anything begins. Rejects with `ModelJobError`: `model-job.no-model`, `model-job.prompted`,
   * `model-job.other-weights`, `model-job.too-many`.
   */
  async start(person: Person, projectId: string, { model, cases, priority }: NewModelJobs): Promise<SeenModelJob[]> {
    await this.#checkMayAsk(person, projectId);
    const found = await this.#runnable(model.name, model.version);
    return this.parts.turns.take(`model-jobs/${projectId}`, async () => {
      const stored = await this.#jobsOf(projectId);
      const wanted: StoredModelJob[] = [];
      for (const caseId of cases) {
        const seen = await this.#caseToRun(person, projectId, caseId);
        const made = this.#newJob(person, seen, found, priority);
        this.#checkWeights(seen, made);
        wanted.push(stored.findLast(job => job.key === made.key && isOfUse(job)) ?? made);
      }
      const added = wanted.filter(job => !stored.includes(job));
      this.#checkLimit(person, added.length);
      for (const job of added) {
        await this.#insert(person, job);
        this.parts.queue.add(job);
      }
      return wanted.map(job => this.#seen(job));
    });
  }

  /** The newest first. */
  async list(person: Person, projectId: string): Promise<SeenModelJob[]> {
    await this.#checkMayAsk(person, projectId);
    const jobs = await this.#jobsOf(projectId);
    const rights = new Map<string, ModelJobRights>();
    for (const caseId of new Set(jobs.map(job => job.caseId))) rights.set(caseId, await this.#rightsOn(person, caseId));
    // Of those that the person may see: how many others there are must not show.
    const visible = jobs.filter(({ caseId }) => rights.get(caseId)?.mayView === true);
    return visible
      .slice(-MOST_LISTED)
      .reverse()
      .map(job => this.#seen(job));
  }

  /** Rejects with `ModelJobError` (`model-job.unknown`). */
  async get(person: Person, id: string): Promise<SeenModelJob> {
    return this.#seen((await this.#find(person, id)).job);
  }

  /** Answers the job once it has ended. Rejects with `ModelJobError` (`model-job.unknown`, `model-job.ended`). */
  async cancel(person: Person, id: string): Promise<SeenModelJob> {
    const { rights } = await this.#find(person, id);
    if (!rights.mayRun) throw denied('cancel runs of models');
    if (!(await this.parts.queue.cancel(id, person))) {
      throw new ModelJobError('model-job.ended', 'This run has ended: there is nothing to cancel.');
    }
    return this.get(person, id);
  }

  /** The project knows no runs for whoever could see none. */
  async #checkMayAsk(person: Person, projectId: string): Promise<void> {
    const { role } = await this.parts.access.project(person, projectId);
    if (!modelJobRights(role, 'free').mayView) throw denied('run models');
  }

  async #runnable(name: string, version: string): Promise<RunnableModel> {
    const found = await this.parts.models.find(name, version);
    if (found === null) {
      throw new ModelJobError(
        'model-job.no-model',
        `There is no model ${name} ${version} that could be run. Look at the list of models.`
      );
    }
    if (found.file.kind === 'automatic') return found;
    throw new ModelJobError(
      'model-job.prompted',
      `${found.file.title} answers clicks: open a case and click with it, rather than run it on a whole case.`
    );
  }

  async #caseToRun(person: Person, projectId: string, caseId: string): Promise<SeenCase> {
    const seen = await this.parts.access.case_(person, caseId);
    if (seen.project.id !== projectId) {
      throw new ProjectError('case.unknown', 'There is no such case in this project, or you may not see it.');
    }
    if (modelJobRights(seen.role, seen.view.standing).mayRun) return seen;
    throw new StudyError(
      'access.blinded',
      'You have still to read this case on your own: a model would tell you what it sees. Submit your read first.'
    );
  }

  #newJob(
    person: Person,
    { case_, protocol }: SeenCase,
    { file, sha256 }: RunnableModel,
    priority: StoredModelJob['priority']
  ): StoredModelJob {
    const [volume = ''] = case_.volumes;
    const protocolVersion = protocol?.version ?? null;
    const decides = { case: case_.id, volume, model: sha256, protocol: protocolVersion };
    return {
      id: randomUUID(),
      key: createHash('sha256').update(canonicalJson(decides)).digest('hex'),
      projectId: case_.projectId,
      caseId: case_.id,
      volume,
      model: { name: file.name, version: file.version, sha256 },
      title: file.title,
      protocolVersion,
      requestedBy: person,
      priority,
      state: 'waiting',
      attempts: 0,
      warnings: [],
      readId: randomUUID(),
      provenance: null,
      problem: null,
      createdAt: this.parts.now().toISOString(),
      startedAt: null,
      endedAt: null,
      untold: null
    };
  }

  /** A reader's name stands for one model: what has other weights needs another version. */
  #checkWeights({ reads, case_ }: SeenCase, { model }: StoredModelJob): void {
    const known = [
      ...reads.flatMap(({ labelled }) => (labelled === null ? [] : [labelled.provenance.model])),
      ...this.parts.queue.activeOn(case_.id).map(job => job.model)
    ];
    if (
      !known.some(each => each.name === model.name && each.version === model.version && each.sha256 !== model.sha256)
    ) {
      return;
    }
    throw new ModelJobError(
      'model-job.other-weights',
      `${case_.title} was read by ${model.name} ${model.version} with other weights or another model.json. Give the changed ` +
        'model a new version: then both reads stand beside each other.'
    );
  }

  #checkLimit({ username }: Person, added: number): void {
    const most = this.parts.waitingPerPerson;
    const waiting = this.parts.queue.waitingOf(username);
    if (added === 0 || waiting + added <= most) return;
    throw new ModelJobError(
      'model-job.too-many',
      `${waiting} of your runs wait, and ${most} may: ask for fewer cases, or wait until some are done.`
    );
  }

  async #insert(person: Person, job: StoredModelJob): Promise<void> {
    try {
      await this.parts.journal.insert('model-job', job.id, job.projectId, job, job.projectId, {
        actor: actorOf(person),
        action: 'model-job.asked',
        subject: { kind: 'model-job', id: job.id, sha256: null },
        details: { case: job.caseId, volume: job.volume, model: { ...job.model } }
      });
    } catch (error) {
      // Once it is stored it waits, and has to have its turn: the audit log is told with its next change.
      if ((await this.parts.catalogue.get('model-job', job.id)) === null) throw error;
    }
  }

  async #find(person: Person, id: string): Promise<{ job: StoredModelJob; rights: ModelJobRights }> {
    const value = await this.parts.catalogue.get('model-job', id);
    const job = value === null ? null : readModelJob(value);
    const rights = job === null ? null : await ifThere(this.#rightsOn(person, job.caseId));
    if (job !== null && rights?.mayView === true) return { job, rights };
    throw new ModelJobError('model-job.unknown', 'There is no such run of a model, or you may not see it.');
  }

  async #rightsOn(person: Person, caseId: string): Promise<ModelJobRights> {
    const { role, view } = await this.parts.access.case_(person, caseId);
    return modelJobRights(role, view.standing);
  }

  async #jobsOf(projectId: string): Promise<StoredModelJob[]> {
    return (await this.parts.catalogue.list('model-job', projectId)).map(readModelJob);
  }

  #seen(job: StoredModelJob): SeenModelJob {
    return { job, progress: this.parts.queue.progress(job.id) };
  }
}

/** Asking for it again would change nothing. */
function isOfUse({ state }: StoredModelJob): boolean {
  return state === 'waiting' || state === 'running' || state === 'done';
}
