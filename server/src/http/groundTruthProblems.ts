import type { GroundTruthErrorCode } from '../studies/groundTruthError.js';

/** Problems of consensus, adjudication and releases: their status and what they are called. */
export const GROUND_TRUTH_PROBLEMS: Readonly<
  Record<GroundTruthErrorCode, { readonly status: number; readonly title: string }>
> = {
  'consensus.unknown': { status: 404, title: 'There is no such consensus' },
  'consensus.no-protocol': { status: 409, title: 'The project has no locked protocol' },
  'consensus.reads-missing': { status: 409, title: 'Reads are missing' },
  'consensus.not-computed': { status: 409, title: 'The consensus has no result' },
  'consensus.outdated': { status: 409, title: 'The consensus is outdated' },
  'consensus.deviates': { status: 409, title: 'The consensus follows other rules than the protocol' },
  'consensus.model-weight': { status: 409, title: 'A method cannot count models as the rules say' },
  'dispute.unknown': { status: 404, title: 'There is no such dispute' },
  'segment.no-soft-map': { status: 404, title: 'There is no map of this segment' },
  'adjudication.not-needed': { status: 409, title: 'Nothing has to be decided' },
  'adjudication.closed': { status: 409, title: 'The adjudication is not open' },
  'adjudication.independence': { status: 403, title: 'Readers of the case do not decide here' },
  'adjudication.open-disputes': { status: 409, title: 'Disputes are not decided' },
  'label-map.unknown': { status: 404, title: 'There is no such label map' },
  'label-map.other-case': { status: 422, title: 'The label maps are of different cases' },
  'release.unknown': { status: 404, title: 'There is no such release' },
  'release.case-not-ready': { status: 409, title: 'Cases are not ready' },
  'release.dataset-incomplete': { status: 409, title: 'The description of the data is incomplete' },
  'release.step': { status: 409, title: 'The version step does not fit the change' },
  'release.pending': { status: 409, title: 'Another release is in the making' },
  'release.state': { status: 409, title: 'The release is in another state' },
  'release.signed-already': { status: 409, title: 'The release has this signature already' },
  'release.not-released': { status: 409, title: 'The release is not finished' },
  'evaluation.unknown': { status: 404, title: 'There is no such evaluation' },
  'evaluation.no-reads': { status: 409, title: 'There is nothing to evaluate' },
  'evaluation.too-many': { status: 429, title: 'Too many evaluations are waiting' }
};
