import type { LesionMatching, SegmentKind } from '@voxcord/schemas/api';
import type { Affine, Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { SurfaceDefinition } from '../agreement/index.js';

/** By what is measured. */
export interface EvaluationSettings {
  /** The first one is that of the figures of single lesions. */
  readonly definitions: readonly [SurfaceDefinition, ...SurfaceDefinition[]];
  /** mm; of the surface Dice. */
  readonly tau: number;
  /** When a mark of the prediction is a lesion of the truth. */
  readonly matching: LesionMatching;
  /** What the score of a mark is, over its voxels. */
  readonly score: 'maximum' | 'mean';
}

export interface EvaluatedKind {
  readonly number: number;
  readonly kind: SegmentKind;
}

/** Closest-canonical RAS grid on which truth and prediction lie; i fastest. */
export interface EvaluationGrid {
  readonly dims: Dims;
  /** mm along i, j and k. */
  readonly spacing: Vector;
  /** Voxel to world, mm, RAS+. */
  readonly affine: Affine;
}

/** One case: a label map of the truth and one that is measured by it. */
export interface CaseToEvaluate {
  readonly grid: EvaluationGrid;
  readonly truth: Uint8Array;
  /** Null: there is none, and it counts as one that shows nothing. */
  readonly prediction: Uint8Array | null;
  /** Those that the reader has read. */
  readonly segments: readonly EvaluatedKind[];
  /** Score of each voxel by segment, for lesions; a segment that is not in it has no scores. */
  readonly scores: ReadonlyMap<number, Float32Array>;
}

export const DEFAULT_MATCHING: LesionMatching = { minimumIou: 0.1, centroidInMask: true, maximumDistance: 0 };
