import type {
  AdjudicationRules,
  AgreementRules,
  ConsensusResult,
  ConsensusRules,
  Criterion,
  ProtocolSegment,
  Warning
} from '@voxcord/schemas/api';
import type { MeasuredConsensus } from '@voxcord/schemas/criteria';
import type { Affine, Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { Bricks } from '../fixedLabelMaps.js';

/** One read that goes into a consensus. */
export interface TaskRead {
  readonly letter: string;
  /** Root of its label map: readers are given to the engines in this order, so that no result depends on another one. */
  readonly root: string;
  readonly bricks: Bricks;
  readonly weight: number;
  /** Null: all of the protocol's segments. */
  readonly readSegments: readonly number[] | null;
}

/** Everything that a consensus is computed from. */
export interface ConsensusTask {
  readonly dims: Dims;
  readonly spacing: Vector;
  /** Of the closest-canonical RAS grid. */
  readonly affine: Affine;
  /** In the order of their letters. */
  readonly reads: readonly TaskRead[];
  readonly segments: readonly ProtocolSegment[];
  readonly rules: ConsensusRules;
  readonly agreement: AgreementRules;
  readonly adjudication: AdjudicationRules;
  readonly acceptance: readonly Criterion[];
}

/** Volume of a segment in one read. */
export interface ReadVolume {
  readonly letter: string;
  readonly number: number;
  readonly volumeMl: number;
}

/** What was computed; who the readers are, and what became of disputes, is added where they are known. */
export type ComputedResult = Omit<ConsensusResult, 'readers'>;

export interface ConsensusOutcome {
  readonly dims: Dims;
  readonly result: ComputedResult;
  readonly volumes: readonly ReadVolume[];
  readonly labelMap: Bricks;
  readonly disagreement: Bricks;
  /** By segment number. */
  readonly soft: ReadonlyMap<number, Bricks>;
  /** Of each dispute, in order: start, length, start, length ... */
  readonly regions: readonly Uint32Array[];
}

/** What is computed from the reads alone; the protocol has not judged it. */
export interface MeasuredOutcome extends Omit<ConsensusOutcome, 'result'> {
  readonly measured: MeasuredConsensus;
  readonly warnings: readonly Warning[];
  readonly labelMapRoot: string;
}

/** What a consensus is refused for, once its reads have been looked at. */
export interface ConsensusRefusal {
  readonly code: string;
  readonly detail: string;
}

export type ConsensusMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly step: string }
  | { readonly kind: 'done'; readonly outcome: MeasuredOutcome }
  | { readonly kind: 'refused'; readonly refusal: ConsensusRefusal };
