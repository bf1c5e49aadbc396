import { canonicalJson } from '@voxcord/schemas/files';

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON that must be canonical: the bytes are the only ones that stand for the value, so that nothing can be
 * changed in them without changing it. Members that occur twice, white space and other spellings are refused.
 */
export function parseCanonical(bytes: Uint8Array): Parsed {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'it is not valid JSON in UTF-8' };
  }
  try {
    if (canonicalJson(value) === text) return { ok: true, value };
  } catch {
    // What cannot be written canonically was not written by us: the answer below.
  }
  return { ok: false, reason: 'it is not canonical JSON (RFC 8785): a member occurs twice, or it was written anew' };
}
