export type PhantomErrorCode = 'phantom.grid' | 'phantom.options' | 'phantom.reader';

/** What was asked of the phantom is not possible; the text says why and what is. */
export class PhantomError extends Error {
  override readonly name = 'PhantomError';
  constructor(
    readonly code: PhantomErrorCode,
    message: string
  ) {
    super(message);
  }
}
