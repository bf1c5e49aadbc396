export type RequestErrorCode =
  | 'request.invalid'
  | 'request.not-json'
  | 'request.media-type'
  | 'request.too-large'
  | 'request.too-many'
  | 'request.not-found'
  | 'request.range'
  | 'path.unknown'
  | 'upload.unknown'
  | 'upload.interrupted'
  | 'upload.quota'
  | 'import.unknown'
  | 'import.too-many';

/** A request that cannot be answered as it is. The message says what to do. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly code: RequestErrorCode,
    message: string,
    /** Seconds after which to try again. */
    readonly retryAfter: number | null = null,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
