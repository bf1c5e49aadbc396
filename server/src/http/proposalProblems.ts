import type { ProposalErrorCode } from '../proposals/errors.js';

/** Problems of proposals: their status and what they are called. */
export const PROPOSAL_PROBLEMS: Readonly<
  Record<ProposalErrorCode, { readonly status: number; readonly title: string }>
> = {
  'proposal.no-place': { status: 422, title: 'No place lies on the thing' },
  'proposal.outside': { status: 422, title: 'A place lies outside the image' },
  'proposal.too-spread': { status: 422, title: 'The places lie too far apart' },
  'proposal.superseded': { status: 409, title: 'A newer proposal has been asked for' },
  'proposal.too-many': { status: 429, title: 'Too many people are waiting for proposals' },
  'proposal.timed-out': { status: 504, title: 'The proposal took too long' },
  'proposal.not-prompted': { status: 422, title: 'The model does not answer clicks' },
  'proposal.failed': { status: 500, title: 'The proposal failed' }
};
