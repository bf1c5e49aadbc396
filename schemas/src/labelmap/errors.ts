/** Stable codes of what the label-map engine refuses. */
export type LabelMapErrorCode =
  | 'grid.dims'
  | 'grid.mismatch'
  | 'record.malformed'
  | 'record.version'
  | 'record.too-large'
  | 'stroke.empty'
  | 'stroke.outside-grid'
  | 'stroke.segment'
  | 'snapshot.malformed'
  | 'snapshot.mismatch'
  | 'map.provisional';

/** Refused input. `code` is stable and meant for programs; the message says what to do. */
export class LabelMapError extends Error {
  readonly code: LabelMapErrorCode;

  constructor(code: LabelMapErrorCode, message: string) {
    super(message);
    this.name = 'LabelMapError';
    this.code = code;
  }
}
