import type { ModelProvenance } from '@voxcord/schemas/api';
import type { AutomaticModelFile } from '@voxcord/schemas/models';
import { segmentsOf } from '../../projects/presentation.js';
import type { ProjectAccess } from '../../projects/projectAccess.js';
import { StoreError } from '../../store/store.js';
import { protocolVersion } from '../protocolVersions.js';
import type { StoredProtocol } from '../records.js';
import type { RightsRefresh } from '../rightsRefresh.js';
import { scoredChannels } from './markScores.js';
import { matchSegments, type MatchedSegments } from './matchSegments.js';
import { ModelJobError } from './modelJobError.js';
import type { StoredModelJob } from './modelJobRecords.js';
import { findPublished, publishModelRead, type PublishParts } from './publishModelRead.js';
import { modelOf, runModelJob, type ModelsPort, type RunnableModel, type RunParts } from './runModelJob.js';

/** What a job needs, found before it begins. */
export interface PreparedJob {
  readonly model: RunnableModel & { readonly file: AutomaticModelFile };
  readonly protocol: StoredProtocol | null;
  readonly matched: MatchedSegments;
  /** What is to be known of the result. */
  readonly warnings: readonly string[];
}

export interface WorkParts extends RunParts, PublishParts {
  readonly access: ProjectAccess;
  readonly models: ModelsPort;
  readonly refresh: RightsRefresh;
}

/** What a job does when its turn has come. */
export class ModelJobWork {
  constructor(private readonly parts: WorkParts) {}

  /** Rejects with `ModelJobError` (`model-job.model-gone`, `model-job.no-segment`). */
  async prepare(job: StoredModelJob): Promise<PreparedJob> {
    const model = await modelOf(this.parts.models, job);
    const protocol = await this.#protocolOf(job);
    const project = await this.parts.access.findProject(job.projectId);
    const schema = protocol === null ? (project?.segments ?? []) : segmentsOf(protocol);
    const channels = model.file.output.segments;
    const matched = matchSegments(channels, schema, protocol !== null);
    if (matched.channels.length === 0) {
      const [names, wanted] = [channels, schema].map(all => all.map(({ name }) => name).join(', '));
      throw new ModelJobError(
        'model-job.no-segment',
        `The model labels ${names}; the protocol asks for ${wanted}. Neither a code nor a name is the same: choose another ` +
          'model, or give the segments of the protocol the codes of the model.'
      );
    }
    const dropped = matched.dropped.map(({ name }) => name).join(', ');
    return {
      model,
      protocol,
      matched,
      warnings: dropped === '' ? [] : [`Left out, since the project has no such segment: ${dropped}.`]
    };
  }

  /** Runs the model and leaves its read. What `signal` says counts until there is a result. */
  async perform(
    job: StoredModelJob,
    { model, matched, protocol }: PreparedJob,
    report: (done: number, step: string) => void,
    signal: AbortSignal
  ): Promise<ModelProvenance> {
    const { channels } = matched;
    const scored = scoredChannels(channels, model.file.output.segments, protocol?.content.segments ?? null);
    const result = await runModelJob(this.parts, job, model, { channels, scored }, report, signal);
    signal.throwIfAborted();
    await publishModelRead(this.parts, job, result, matched, protocol);
    await this.parts.refresh.case_(job.caseId);
    return result.provenance;
  }

  /** What made the read that the job has left already; null: there is none. */
  published({ readId }: StoredModelJob): Promise<ModelProvenance | null> {
    return findPublished(this.parts.store, readId);
  }

  async #protocolOf({ projectId, protocolVersion: version }: StoredModelJob): Promise<StoredProtocol | null> {
    if (version === null) return null;
    const protocol = await protocolVersion(this.parts.store.catalogue, projectId, version);
    if (protocol === null) throw new StoreError('corrupt', 'The protocol of a run is missing. Restore a backup.');
    return protocol;
  }
}
