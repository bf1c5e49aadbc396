import { sign, verify, type KeyObject } from 'node:crypto';
import type { DsseEnvelope } from '@voxcord/schemas/files';
import type { UnlockedKey } from './signingKeys.js';

/**
 * The bytes that are signed: "DSSEv1", length and text of the payload's type, length and bytes of the payload (DSSE
 * protocol 1.0.2, pre-authentication encoding; lengths in bytes, decimal).
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** Signs the payload with every key: one envelope, several signatures. */
export function signPayload(
  payloadType: DsseEnvelope['payloadType'],
  payload: Uint8Array,
  keys: readonly UnlockedKey[]
): DsseEnvelope {
  const signed = preAuthenticationEncoding(payloadType, payload);
  return {
    payload: Buffer.from(payload).toString('base64'),
    payloadType,
    signatures: keys.map(({ public: { id }, privateKey }) => ({
      keyid: id,
      sig: sign(null, signed, privateKey).toString('base64')
    }))
  };
}

/** Whether `signature` (64 bytes) of `payload` was made with this key. */
export function isSignedBy(key: KeyObject, payloadType: string, payload: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(null, preAuthenticationEncoding(payloadType, payload), key, signature);
}

/** Bytes of a base64 text; null unless it is the one text that stands for them. */
export function strictBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : null;
}
