export type IdentityErrorCode = 'identity.missing' | 'identity.invalid' | 'identity.expired' | 'identity.secret';

/** Who is calling could not be verified. The message says what to do and holds nothing of the token. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  constructor(
    readonly code: IdentityErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
