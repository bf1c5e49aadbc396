import { Token } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';
import type { ModelJob } from '@voxcord/schemas/api';
import type { VoxcordService } from '../service/voxcordService.js';
import { ModelShelf } from './modelShelf.js';
import { ProjectJobs, isActive } from './projectJobs.js';

/** Jobs of one model that somebody asked for together, all over now. */
export interface EndedJobs {
  readonly projectId: string;
  readonly jobs: readonly ModelJob[];
}

/** What a page knows of models: which there are, and what they are doing. */
export class VoxcordModels {
  readonly shelf: ModelShelf;
  private readonly projects = new Map<string, Promise<ProjectJobs>>();
  /** Own jobs that are over, of models that still work on others. */
  private readonly over = new Map<string, ModelJob[]>();
  private readonly _ended = new Signal<this, EndedJobs>(this);

  constructor(private readonly service: Pick<VoxcordService, 'api' | 'me'>) {
    this.shelf = new ModelShelf(service.api);
  }

  /** A model has done, or could not do, all that this person had asked of it. */
  get ended(): ISignal<this, EndedJobs> {
    return this._ended;
  }

  /** Jobs of a project; one for all that show them. Throws `VoxcordError` if the service cannot be asked who asks. */
  jobsOf(projectId: string): Promise<ProjectJobs> {
    let jobs = this.projects.get(projectId);
    if (jobs === undefined) {
      jobs = this.service.me().then(({ person }) => this.follow(projectId, person.username));
      jobs.catch(() => this.projects.delete(projectId));
      this.projects.set(projectId, jobs);
    }
    return jobs;
  }

  private follow(projectId: string, username: string): ProjectJobs {
    const jobs = new ProjectJobs(this.service.api, projectId, username);
    jobs.ended.connect((_, ended) => {
      const own = ended.filter(({ requestedBy }) => requestedBy.username === username);
      for (const sha256 of new Set(own.map(({ model }) => model.sha256))) {
        const isOfModel = ({ model, requestedBy }: ModelJob): boolean =>
          model.sha256 === sha256 && requestedBy.username === username;
        const key = `${projectId} ${sha256}`;
        const over = [...(this.over.get(key) ?? []), ...own.filter(job => isOfModel(job) && job.state !== 'cancelled')];
        this.over.delete(key);
        if (jobs.jobs?.some(job => isOfModel(job) && isActive(job)) === true) this.over.set(key, over);
        else if (over.length > 0) this._ended.emit({ projectId, jobs: over });
      }
    });
    return jobs;
  }
}

export const VoxcordModelsToken = new Token<VoxcordModels>(
  '@voxcord/extension:VoxcordModels',
  'The models of Voxcord, and their jobs.'
);
