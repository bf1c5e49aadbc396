import type { StudyErrorCode } from '../studies/errors.js';
import type { TruthErrorCode } from '../truth/index.js';

/** Problems of studies and of signing: their status and what they are called. */
export const STUDY_PROBLEMS: Readonly<
  Record<StudyErrorCode | TruthErrorCode, { readonly status: number; readonly title: string }>
> = {
  'access.blinded': { status: 403, title: 'This is hidden from you for now' },
  'protocol.none': { status: 409, title: 'The project has no locked protocol' },
  'protocol.no-draft': { status: 404, title: 'There is no draft of the protocol' },
  'protocol.edition': { status: 409, title: 'Somebody else has changed the draft' },
  'protocol.incomplete': { status: 422, title: 'The protocol cannot be locked yet' },
  'protocol.unchanged': { status: 409, title: 'The protocol is the same as before' },
  'member.unknown': { status: 404, title: 'There is no such member' },
  'member.last-manager': { status: 409, title: 'The project needs a manager' },
  'assignment.role': { status: 409, title: 'This person cannot read the case' },
  'assignment.twice': { status: 409, title: 'This person has the case already' },
  'assignment.no-repeat': { status: 409, title: 'There is nothing to repeat' },
  'assignment.begun': { status: 409, title: 'The read has begun' },
  'read.not-assigned': { status: 409, title: 'The read is not waiting to be begun' },
  'read.not-begun': { status: 409, title: 'The read has not begun' },
  'read.not-open': { status: 409, title: 'The read is not open' },
  'read.not-submitted': { status: 409, title: 'The read is not submitted' },
  'read.too-early': { status: 409, title: 'It is too early to read the case again' },
  'read.outside-protocol': { status: 409, title: 'The read follows no protocol' },
  'read.not-read': { status: 422, title: 'These segments cannot be left unread' },
  'read.by-model': { status: 409, title: 'A model has labelled this read' },
  'segments.fixed': { status: 409, title: 'The protocol fixes the segments' },
  'strata.measured': { status: 422, title: 'This group is measured' },
  'strata.too-many': { status: 422, title: 'The case has too many groups' },
  'revision.unknown': { status: 404, title: 'There is no such revision' },
  'signing.no-key': { status: 409, title: 'No signing passphrase has been chosen' },
  'signing.key-exists': { status: 409, title: 'A signing passphrase has been chosen' },
  'signing.passphrase': { status: 403, title: 'The signing passphrase is wrong' },
  'signing.weak-passphrase': { status: 422, title: 'The signing passphrase is too short' },
  'signing.locked': { status: 423, title: 'Signing is locked' },
  'signing.key-damaged': { status: 500, title: 'The signing key is damaged' },
  'signature.malformed': { status: 500, title: 'A signature is damaged' },
  'signature.unknown-key': { status: 500, title: 'The key of a signature is missing' },
  'signature.invalid': { status: 500, title: 'A signature does not fit' },
  'signature.other-record': { status: 500, title: 'A signature belongs to another record' },
  'audit.broken': { status: 500, title: 'The audit log is damaged' },
  'release.content': { status: 422, title: 'The release cannot be made from this' },
  'release.folder': { status: 422, title: 'The folder is no release' }
};
