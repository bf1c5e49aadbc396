import type { EvaluationResult } from '@voxcord/schemas/api';

/** An evaluation with all that says what was evaluated against what. */
export interface EvaluationReport {
  readonly release: {
    readonly project: { readonly id: string; readonly title: string };
    readonly version: string;
    /** SHA-256 of `release.json`. */
    readonly sha256: string;
    /** Whether it was checked and found whole. */
    readonly valid: boolean;
    readonly serviceKey: string;
  };
  /** What was evaluated, as it is called. */
  readonly subject: string;
  readonly predictions: readonly { readonly case: string; readonly file: string; readonly sha256: string }[];
  readonly software: { readonly name: string; readonly version: string };
  readonly result: EvaluationResult;
}
