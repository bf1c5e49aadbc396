import type { ModelFile } from '@voxcord/schemas/models';
import type { ModelErrorCode } from '../errors.js';

/** What the process of a trial is sent. */
export interface TrialTask {
  readonly folder: string;
  readonly file: ModelFile;
}

/** What it answers. */
export type TrialMessage =
  { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly code: ModelErrorCode; readonly text: string };
