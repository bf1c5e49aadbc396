/**
 * Stable codes of what a consensus says about itself. None of them stops the computation: what is refused is a
 * `ConsensusError`.
 */
export type ConsensusWarningCode =
  /** No reader marked the segment: its consensus is empty. */
  | 'segment.empty'
  /** Every reader marked every voxel of the region: the consensus is full. */
  | 'segment.full'
  /** Only one reader read the segment: the consensus is this reader's mask. */
  | 'readers.one'
  /** Two readers: a voxel that one of them marked has no majority, so that STAPLE is not made binary. */
  | 'readers.two'
  /** Nobody read the segment. */
  | 'readers.none'
  /** A reader who read the segment marked nothing, and others did. */
  | 'reader.empty'
  /** Two optima are possible, or the estimate says that a reader is no better than chance. */
  | 'staple.degenerate'
  /** Sensitivity or specificity is estimated as 0 or 1 although readers disagree: that reader alone decides voxels. */
  | 'staple.boundary'
  /** The prior is not between 0 and 1. */
  | 'staple.prior'
  /** The limit of iterations was reached first. */
  | 'staple.not-converged'
  /** The answer changes by more than one voxel with the size of the region. */
  | 'region.dependent'
  /** Another method was used than the one that was asked for. */
  | 'method.fallback'
  /** The method takes no weights of readers; only a weight of 0 has an effect. */
  | 'weight.ignored'
  /** Some voxels are undecided. */
  | 'ties.undecided'
  /** A reader drew as several lesions what another one drew as one. */
  | 'lesion.split'
  /** A flip or a rotation by 180 degrees repairs the agreement of a read with the others. */
  | 'read.flipped';

/** Something that whoever uses the result must know. */
export interface ConsensusWarning {
  readonly code: ConsensusWarningCode;
  readonly text: string;
  /** Null: it is about the whole result. */
  readonly segment: number | null;
  /** Ids of the reads that it is about. */
  readonly reads: readonly string[];
}

export type ConsensusErrorCode =
  | 'consensus.no-reads'
  | 'consensus.too-many-reads'
  | 'consensus.grid'
  | 'consensus.weight'
  | 'consensus.parameter'
  | 'consensus.segment';

/** The input of a consensus makes no sense; the message says what is wrong and what to do. */
export class ConsensusError extends Error {
  override readonly name = 'ConsensusError';
  constructor(
    readonly code: ConsensusErrorCode,
    message: string
  ) {
    super(message);
  }
}
