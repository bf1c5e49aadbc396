export type ViewerErrorCode =
  | 'viewer.no-webgl'
  | 'viewer.rendition-malformed'
  | 'viewer.rendition-mismatch'
  | 'viewer.too-large'
  | 'viewer.label-grid'
  | 'viewer.context-lost';

/** Why a picture cannot be shown. The message says what to do. */
export class ViewerError extends Error {
  constructor(
    readonly code: ViewerErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
    this.name = 'ViewerError';
  }
}
