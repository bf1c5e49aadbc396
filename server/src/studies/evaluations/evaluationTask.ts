import type { EvaluationResult } from '@voxcord/schemas/api';
import type {
  CaseFigures,
  EvaluatedKind,
  EvaluationGrid,
  EvaluationSettings,
  EvaluationSubject
} from '../../evaluation/index.js';
import type { Bricks } from '../fixedLabelMaps.js';

/** One case, as bricks: they are unpacked where they are measured. */
export interface MeasureCaseTask {
  readonly kind: 'case';
  readonly grid: EvaluationGrid;
  readonly truth: Bricks;
  /** Null: there is none, and it counts as empty. */
  readonly prediction: Bricks | null;
  readonly segments: readonly EvaluatedKind[];
  readonly settings: EvaluationSettings;
}

export interface SummariseTask {
  readonly kind: 'summary';
  readonly subject: EvaluationSubject;
}

export type EvaluationTask = MeasureCaseTask | SummariseTask;

export type EvaluationMessage =
  | { readonly kind: 'case'; readonly figures: CaseFigures }
  | { readonly kind: 'summary'; readonly result: EvaluationResult };
