export type StudyErrorCode =
  | 'access.blinded'
  | 'protocol.none'
  | 'protocol.no-draft'
  | 'protocol.edition'
  | 'protocol.incomplete'
  | 'protocol.unchanged'
  | 'member.unknown'
  | 'member.last-manager'
  | 'assignment.role'
  | 'assignment.twice'
  | 'assignment.no-repeat'
  | 'assignment.begun'
  | 'read.not-assigned'
  | 'read.not-begun'
  | 'read.not-open'
  | 'read.not-submitted'
  | 'read.too-early'
  | 'read.outside-protocol'
  | 'read.not-read'
  | 'read.by-model'
  | 'segments.fixed'
  | 'strata.measured'
  | 'strata.too-many'
  | 'revision.unknown'
  | 'signing.no-key'
  | 'signing.key-exists';

/** A step of a study that cannot be taken now, or not by this person. The message says what to do. */
export class StudyError extends Error {
  override readonly name = 'StudyError';
  constructor(
    readonly code: StudyErrorCode,
    message: string
  ) {
    super(message);
  }
}
