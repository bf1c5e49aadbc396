import { createHash, randomBytes } from 'node:crypto';
import type { RoomName } from '@voxcord/schemas/rooms';

const salt = randomBytes(16);

/** Tells rooms apart in a log without naming them: the same text for the same id as long as the service runs. */
export function hashedId(id: string): string {
  return createHash('sha256').update(salt).update(id).digest('hex').slice(0, 12);
}

export function roomLabel({ kind, id }: RoomName): { readonly room: string; readonly kind: string } {
  return { kind, room: hashedId(id) };
}
