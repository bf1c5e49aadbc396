import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MappedChannel, ModelProvenance } from '@voxcord/schemas/api';
import { affineFromRows } from '@voxcord/schemas/geometry';
import { voxelCount } from '@voxcord/schemas/labelmap';
import type { AutomaticModelFile, ModelFile } from '@voxcord/schemas/models';
import type { InferenceOutcome, InferenceTask } from '../../inference/inferenceTask.js';
import type { InferenceOptions } from '../../inference/runInference.js';
import type { Volumes } from '../../projects/volumes.js';
import type { Store } from '../../store/store.js';
import type { LabelBricks } from './labelBricks.js';
import { runLabelBricks } from './labelBricksThread.js';
import { ModelJobError } from './modelJobError.js';
import type { StoredModelJob } from './modelJobRecords.js';
import { samplesOf } from './renditionSamples.js';

/** A model that can be run. */
export interface RunnableModel {
  readonly sha256: string;
  readonly folder: string;
  readonly file: ModelFile;
}

/** Where models are found. */
export interface ModelsPort {
  find(name: string, version: string): Promise<RunnableModel | null>;
}

export type RunModel = (task: InferenceTask, options: InferenceOptions) => Promise<InferenceOutcome>;

export interface RunParts {
  readonly store: Store;
  readonly volumes: Volumes;
  /** Rejects if there is no room for so many bytes beside what is kept for strokes. */
  readonly disk: { require(bytes: number): Promise<void> };
  readonly run: RunModel;
  readonly providers: readonly string[];
  /** Of the network. */
  readonly threads: number;
  /** Seconds that a network may take. */
  readonly timeLimit: number;
}

/** Of the model. */
export interface WantedChannels {
  /** Those that become segments. */
  readonly channels: readonly MappedChannel[];
  /** Of these, those whose scores are kept. */
  readonly scored: readonly MappedChannel[];
}

/** What a run has made. */
export interface ModelResult extends LabelBricks {
  readonly provenance: ModelProvenance;
}

/** Shares of the work that are done when the network begins, and when its result is there. */
const PREPARED = 0.02;
const LABELLED = 0.95;
/** Of a voxel: as the network leaves it, and as it is kept. */
const LABEL_BYTES = 2;
const SCORE_BYTES = 8 + 4;

/**
 * Runs a model on the volume of a job: a process of its own reads the stored image, which is given a second name, and
 * leaves a file from which a thread makes bricks. All files are in one folder, which is gone when this settles, and emptied when the
 * service starts. Rejects with `InferenceError`, `ModelJobError`, `StoreError`, `ThreadCancelled`, an `AbortError`.
 */
export async function runModelJob(
  parts: RunParts,
  job: StoredModelJob,
  model: RunnableModel & { readonly file: AutomaticModelFile },
  { channels, scored }: WantedChannels,
  report: (done: number, step: string) => void,
  signal: AbortSignal
): Promise<ModelResult> {
  const stored = await parts.volumes.get(job.volume);
  const { volume } = stored;
  const { dims, affine } = volume.grid;
  // The image, where it has to be copied, what the network leaves, and what is kept of that, if it marks every voxel.
  const perVoxel = scored.length === 0 ? LABEL_BYTES : LABEL_BYTES + SCORE_BYTES;
  await parts.disk.require(volume.bytes + perVoxel * voxelCount(dims));
  const folder = join(parts.store.blobs.scratch, `model-job-${job.id}`);
  try {
    await mkdir(folder);
    report(0, 'Reading the image');
    const path = join(folder, 'image');
    const labelsFile = join(folder, 'labels');
    const scoresFile = join(folder, 'scores');
    const samples = await samplesOf(parts.store.blobs, stored);
    await parts.store.blobs.link(stored.rendition, path);
    signal.throwIfAborted();
    const { slope, intercept, modality } = volume;
    const outcome = await parts.run(
      {
        modelFolder: model.folder,
        file: model.file,
        volume: {
          path,
          ...samples,
          dims,
          affine: affineFromRows(affine),
          slope,
          intercept,
          modality
        },
        labelsFile,
        ...(scored.length === 0
          ? {}
          : { markScores: { file: scoresFile, channels: scored.map(({ channel }) => channel) } }),
        providers: parts.providers,
        threads: parts.threads
      },
      {
        signal,
        report: (done, step) => report(PREPARED + (LABELLED - PREPARED) * done, step),
        timeLimit: parts.timeLimit
      }
    );
    report(LABELLED, 'Keeping the result');
    const segmentOf = new Uint8Array(256);
    for (const { channel, segment } of channels) segmentOf[channel] = segment;
    const scores = scored.length === 0 ? null : { file: scoresFile, segments: scored.map(({ segment }) => segment) };
    const made = await runLabelBricks({ labelsFile, dims, segmentOf, scores }, signal);
    const { provider, software, seconds, peakMemoryMb } = outcome;
    return {
      ...made,
      provenance: {
        model: job.model,
        job: job.id,
        volume: job.volume,
        parameters: { segments: channels.map(each => ({ ...each })) },
        software: software.split(', ').map(softwareOf),
        provider,
        seconds,
        peakMemoryMb,
        ...(scores === null
          ? {}
          : { scores: made.scores.map(({ segment, voxels, sha256 }) => ({ segment, voxels, sha256 })) })
      }
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The model that a job asks for, if it is still the same. Rejects with `ModelJobError` (`model-job.model-gone`). */
export async function modelOf(
  models: ModelsPort,
  { model }: Pick<StoredModelJob, 'model'>
): Promise<RunnableModel & { readonly file: AutomaticModelFile }> {
  const found = await models.find(model.name, model.version);
  if (found?.file.kind === 'automatic' && found.sha256 === model.sha256) return { ...found, file: found.file };
  throw new ModelJobError(
    'model-job.model-gone',
    found === null
      ? `${model.name} ${model.version} is not there any more. Bring it back, then run it again.`
      : `${model.name} ${model.version} was changed since the run was asked for. Ask for it again.`
  );
}

/** `onnxruntime-node 1.30.0` */
function softwareOf(text: string): { name: string; version: string } {
  const [name = text, ...version] = text.split(' ');
  return { name, version: version.join(' ') };
}
