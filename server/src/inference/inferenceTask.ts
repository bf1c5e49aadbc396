import type { Affine } from '@voxcord/schemas/geometry';
import type { AutomaticModelFile } from '@voxcord/schemas/models';
import type { CandidateVolume } from './checkVolume.js';
import type { InferenceErrorCode } from './errors.js';
import type { VoxelLayout } from './voxelFile.js';

/** A volume in a file of voxels, on whatever grid; results are on the same one. */
export interface InferenceVolume extends VoxelLayout, CandidateVolume {
  readonly path: string;
  /** Voxel to world, mm, RAS+. */
  readonly affine: Affine;
}

/** One run of a model over one volume. Plain data: it goes to another process. */
export interface InferenceTask {
  /** Where the weights lie, beside `model.json`. */
  readonly modelFolder: string;
  readonly file: AutomaticModelFile;
  readonly volume: InferenceVolume;
  /** Will hold the channel of each voxel: one byte each, i fastest, on the grid of the volume. */
  readonly labelsFile: string;
  /** Will hold the scores: float32, little-endian, one volume per channel, i fastest. */
  readonly scoresFile?: string;
  /** Will hold the scores of the voxels that are labelled with one of these channels, as `MarkScoresFile` writes them. */
  readonly markScores?: { readonly file: string; readonly channels: readonly number[] };
  /** A folder that is removed if whoever has started the run is killed while it goes on. */
  readonly scratch?: string;
  /** Execution providers, the preferred one first: `cpu`, `cuda` ... */
  readonly providers: readonly string[];
  /** Of the network; without it as many as ONNX Runtime takes by itself. */
  readonly threads?: number;
}

export interface InferenceOutcome {
  /** Execution provider that was asked for first. */
  readonly provider: string;
  /** What computed the result, with versions. */
  readonly software: string;
  /** From the start of the process to the end. */
  readonly seconds: number;
  /** Of the process, MB (10^6 bytes). */
  readonly peakMemoryMb: number;
  readonly channels: number;
  /** Voxels of each channel; what is no segment counts as channel 0. */
  readonly voxelsPerChannel: readonly number[];
}

/** What the process of an inference tells. */
export type InferenceMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly step: string }
  | { readonly kind: 'done'; readonly outcome: Omit<InferenceOutcome, 'seconds'> }
  | { readonly kind: 'failed'; readonly code: InferenceErrorCode; readonly text: string };
