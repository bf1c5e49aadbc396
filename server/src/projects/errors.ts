export type ProjectErrorCode =
  | 'project.unknown'
  | 'case.unknown'
  | 'read.unknown'
  | 'volume.unknown'
  | 'access.denied'
  | 'segments.number-taken'
  | 'segments.full';

/** Something is not there for the one who asks, or may not be done. The message says what to do. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
  constructor(
    readonly code: ProjectErrorCode,
    message: string
  ) {
    super(message);
  }
}
