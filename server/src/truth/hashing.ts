import { canonicalJson } from '@voxcord/schemas/files';
import { sha256 } from './sha256.js';

/** The name of a record: SHA-256 of its canonical JSON in UTF-8. */
export function hashRecord(value: unknown): string {
  return sha256(canonicalJson(value));
}
