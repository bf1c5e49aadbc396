import { Problem } from '@voxcord/schemas/api';
import { Value } from 'typebox/value';

/**
 * Something that Voxcord could not do. `code` is stable and meant for programs, `message` is for people and says what
 * to do. `status` is the HTTP status, or null if no answer came.
 */
export class VoxcordError extends Error {
  override readonly name = 'VoxcordError';

  constructor(
    readonly code: string,
    message: string,
    readonly status: number | null = null,
    options?: ErrorOptions
  ) {
    super(message, options);
  }

  /** True if the same call may succeed later without a change on either side. */
  get isTransient(): boolean {
    return this.status === null ? this.code === 'connection.lost' : this.status >= 502 && this.status <= 504;
  }
}

/** Reads the refusal in `response`, whatever the proxies on the way have made of it. */
export async function problemFrom(response: Response): Promise<VoxcordError> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    // A proxy's own error page: the status is all there is.
  }
  if (Value.Check(Problem, body)) return new VoxcordError(body.code, body.detail, response.status);
  return new VoxcordError(...withoutProblem(response.status), response.status);
}

function withoutProblem(status: number): [code: string, message: string] {
  switch (status) {
    case 401:
      return ['identity.missing', 'You are not signed in. Sign in to Jupyter again and reload this page.'];
    case 403:
      return [
        'access.denied',
        'You are not allowed to do this. If your Jupyter session has expired, reload this page.'
      ];
    case 404:
      return ['not-found', 'The Voxcord service does not know this. It may have been removed.'];
    case 413:
      return ['request.too-large', 'This is larger than the Voxcord service accepts.'];
    case 502:
    case 503:
    case 504:
      return ['service.unavailable', 'The Voxcord service is starting or has stopped. Try again in a moment.'];
    default:
      return ['answer.unexpected', `The Voxcord service answered with status ${status}.`];
  }
}

/** The text for people in `reason`. */
export function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

export function isAbort(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'AbortError';
}
