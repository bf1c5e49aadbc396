export type ProposalErrorCode =
  | 'proposal.no-place'
  | 'proposal.outside'
  | 'proposal.too-spread'
  | 'proposal.superseded'
  | 'proposal.too-many'
  | 'proposal.timed-out'
  | 'proposal.not-prompted'
  | 'proposal.failed';

/** There is no proposal. The text says why and what to do. */
export class ProposalError extends Error {
  override readonly name = 'ProposalError';

  constructor(
    readonly code: ProposalErrorCode,
    text: string,
    options?: ErrorOptions
  ) {
    super(text, options);
  }
}

export function superseded(): ProposalError {
  return new ProposalError(
    'proposal.superseded',
    'You have asked for another proposal since: this one was given up. Only the newest one counts.'
  );
}
