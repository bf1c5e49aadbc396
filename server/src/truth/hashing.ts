import { createHash } from 'node:crypto';
import { canonicalJson } from '@voxcord/schemas/files';

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The name of a record: SHA-256 of its canonical JSON in UTF-8. */
export function hashRecord(value: unknown): string {
  return sha256(canonicalJson(value));
}
