import type { EvaluationResult } from '@voxcord/schemas/api';
import type {
  CaseFigures,
  EvaluatedKind,
  EvaluationGrid,
  EvaluationSettings,
  EvaluationSubject
} from '../../evaluation/index.js';
import type { Bricks } from '../fixedLabelMaps.js';
import type { PackedScores } from './keptScores.js';

/** One case, as bricks: they are unpacked where they are measured. */
export interface MeasureCaseTask {
  readonly kind: 'case';
  readonly grid: EvaluationGrid;
  readonly truth: Bricks;
  /** Null: there is none, and it counts as empty. */
  readonly prediction: Bricks | null;
  /** Of the prediction; a segment that is not in it has no scores. */
  readonly scores: readonly PackedScores[];
  readonly segments: readonly EvaluatedKind[];
  readonly settings: EvaluationSettings;
}

export interface SummariseTask {
  readonly kind: 'summary';
  readonly subject: EvaluationSubject;
}

/** What is measured in one case, and segments whose scores turned out to be of no use. */
export interface MeasuredCase {
  readonly figures: CaseFigures;
  readonly damagedScores: readonly number[];
}

export type EvaluationTask = MeasureCaseTask | SummariseTask;

export type EvaluationMessage =
  | { readonly kind: 'case'; readonly measured: MeasuredCase }
  | { readonly kind: 'summary'; readonly result: EvaluationResult };
