export type GroundTruthErrorCode =
  | 'consensus.unknown'
  | 'consensus.no-protocol'
  | 'consensus.reads-missing'
  | 'consensus.not-computed'
  | 'consensus.outdated'
  | 'consensus.deviates'
  | 'consensus.model-weight'
  | 'dispute.unknown'
  | 'segment.no-soft-map'
  | 'adjudication.not-needed'
  | 'adjudication.closed'
  | 'adjudication.independence'
  | 'adjudication.open-disputes'
  | 'label-map.unknown'
  | 'label-map.other-case'
  | 'release.unknown'
  | 'release.case-not-ready'
  | 'release.dataset-incomplete'
  | 'release.step'
  | 'release.pending'
  | 'release.state'
  | 'release.signed-already'
  | 'release.not-released'
  | 'evaluation.unknown'
  | 'evaluation.no-reads'
  | 'evaluation.too-many';

/** A step on the way to ground truth that cannot be taken now. The message says why and what to do. */
export class GroundTruthError extends Error {
  override readonly name = 'GroundTruthError';
  constructor(
    readonly code: GroundTruthErrorCode,
    message: string
  ) {
    super(message);
  }
}
