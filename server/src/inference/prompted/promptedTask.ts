import type { PromptedModelFile } from '@voxcord/schemas/models';
import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { FoundThing } from '../../proposals/foundThing.js';
import type { Place } from '../../proposals/prompts.js';
import type { StoredCrop } from '../../proposals/storedCrop.js';
import type { InferenceErrorCode } from '../errors.js';
import type { NetworkCrop } from './networkCrop.js';

/** What a prompted model is asked. */
export interface PromptedTask {
  /** Names the model's every byte. */
  readonly sha256: string;
  readonly folder: string;
  readonly file: PromptedModelFile;
  /** Hash of the volume. */
  readonly volume: string;
  /** Of the volume. */
  readonly dims: Dims;
  /** Voxel size, mm. */
  readonly spacing: Vector;
  readonly crop: NetworkCrop;
  /** Indices of the volume, not rounded. */
  readonly places: readonly Place[];
}

export interface PromptedAnswer extends FoundThing {
  /** How often this process has run encoders and decoders. */
  readonly encoderRuns: number;
  readonly decoderRuns: number;
}

/** To the process. `image` is left out at first: the process may know the crop. */
export interface PromptedRequest {
  readonly number: number;
  readonly task: PromptedTask;
  readonly image: StoredCrop | null;
}

/** From the process. */
export type PromptedReply =
  | { readonly number: number; readonly kind: 'found'; readonly answer: PromptedAnswer }
  | { readonly number: number; readonly kind: 'image-wanted' }
  | { readonly number: number; readonly kind: 'failed'; readonly code: InferenceErrorCode; readonly text: string };
