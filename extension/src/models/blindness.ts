import type { Case } from '@voxcord/schemas/api';

/** Somebody with a blind read of the case that is not submitted: the service tells them nothing of models. */
export function isBlinded({ reads }: Pick<Case, 'reads'>, username: string): boolean {
  return reads.some(
    ({ access, protocolVersion, reader, state }) =>
      access === 'blind' && protocolVersion !== null && reader.username === username && state !== 'submitted'
  );
}
