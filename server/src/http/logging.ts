/**
 * An error as it may be logged: its kind, its code and where it happened, and no message of the system, which may hold
 * paths and names.
 */
export function logged(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' };
  const frames = (error.stack ?? '').split('\n').filter(line => line.startsWith('    at '));
  return {
    type: error.name,
    message: 'code' in error && typeof error.code === 'string' ? error.code : '',
    stack: frames.slice(0, 12).join('\n'),
    ...(error.cause === undefined ? {} : { cause: logged(error.cause) })
  };
}

export interface LoggedError {
  readonly type: string;
  /** The error's code. */
  readonly message: string;
  readonly stack: string;
  readonly cause?: LoggedError;
  readonly [key: string]: unknown;
}
