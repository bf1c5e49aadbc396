import type { EvaluatedCase } from '@voxcord/schemas/api';
import { affineFromRows } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import {
  evaluateCase,
  summariseEvaluation,
  DEFAULT_MATCHING,
  type CaseToEvaluate,
  type EvaluatedKind,
  type EvaluationGrid,
  type EvaluationSettings
} from '../../../src/evaluation/index.js';

export const LIVER = 1;
export const LESION = 2;

export const KINDS: readonly EvaluatedKind[] = [
  { number: LIVER, kind: 'structure' },
  { number: LESION, kind: 'lesion' }
];

export const NAMES = [
  { number: LIVER, name: 'Liver', kind: 'structure' as const },
  { number: LESION, name: 'Lesion', kind: 'lesion' as const }
];

export const SETTINGS: EvaluationSettings = {
  definitions: ['metricsreloaded'],
  tau: 1,
  matching: DEFAULT_MATCHING,
  score: 'maximum'
};

/** Voxels of 1 x 1 x 2 mm; the first one lies at (-10, 20, 30). */
export function gridOf(dims: Dims): EvaluationGrid {
  return { dims, spacing: [1, 1, 2], affine: affineFromRows([1, 0, 0, -10, 0, 1, 0, 20, 0, 0, 2, 30]) };
}

/** A block of one segment: its lowest voxel, and its size. */
export interface Block {
  readonly segment?: number;
  readonly at: readonly [number, number, number];
  readonly size: readonly [number, number, number];
}

export function blocks(dims: Dims, parts: readonly Block[]): Uint8Array {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  for (const { segment = LESION, at, size } of parts) {
    for (let k = at[2]; k < at[2] + size[2]; k++) {
      for (let j = at[1]; j < at[1] + size[1]; j++) {
        const row = (k * dims[1] + j) * dims[0];
        labels.fill(segment, row + at[0], row + at[0] + size[0]);
      }
    }
  }
  return labels;
}

export function caseOf(
  dims: Dims,
  truth: readonly Block[],
  prediction: readonly Block[] | null,
  scores: ReadonlyMap<number, Float32Array> = new Map()
): CaseToEvaluate {
  return {
    grid: gridOf(dims),
    truth: blocks(dims, truth),
    prediction: prediction === null ? null : blocks(dims, prediction),
    segments: KINDS,
    scores
  };
}

/** A case by its number, as it stands in a result. */
export function evaluated(
  number: number,
  input: CaseToEvaluate,
  strata: Readonly<Record<string, string>> = {},
  settings = SETTINGS
): EvaluatedCase {
  const { segments, lesions } = evaluateCase(input, settings);
  return {
    caseId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    title: `Case ${number}`,
    standing: input.prediction === null ? 'counted-as-empty' : 'measured',
    prediction: null,
    strata: { ...strata },
    segments: [...segments],
    lesions: [...lesions]
  };
}

export function summary(cases: readonly EvaluatedCase[], settings = SETTINGS): ReturnType<typeof summariseEvaluation> {
  return summariseEvaluation({ names: NAMES, settings, cases, warnings: [] });
}
