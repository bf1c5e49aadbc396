export type TruthErrorCode =
  | 'signing.passphrase'
  | 'signing.weak-passphrase'
  | 'signing.locked'
  | 'signing.key-damaged'
  | 'signature.malformed'
  | 'signature.unknown-key'
  | 'signature.invalid'
  | 'signature.other-record'
  | 'audit.broken'
  | 'release.content'
  | 'release.folder';

/** A record of ground truth that cannot be made, signed or believed. The message says what happened and what to do. */
export class TruthError extends Error {
  override readonly name = 'TruthError';
  constructor(
    readonly code: TruthErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
