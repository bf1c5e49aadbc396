import { createPrivateKey } from 'node:crypto';
import type { KeyOwner, PublicKeyRecord } from '@voxcord/schemas/files';
import { keyFromPem, type UnlockedKey } from '../../../src/truth/index.js';

/** Bytes of an Ed25519 private key in PKCS #8 (RFC 8410) before its seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that a seed of 32 bytes gives: the same in every run, so that fixtures can be made again. */
export function keyOfSeed(seed: Uint8Array, owner: KeyOwner): UnlockedKey {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return keyFromPem(pem.toString(), owner, new Date('2026-01-05T08:00:00.000Z'));
}

function person(username: string, name: string, seed: number): UnlockedKey {
  return keyOfSeed(new Uint8Array(32).fill(seed), { kind: 'person', username, name });
}

export const ANA = person('ana', 'Dr. Ana Ruiz', 1);
export const BEN = person('ben', 'Dr. Ben Okafor', 2);
export const CHLOE = person('chloé@clinic', 'Dr. Chloé Martin', 3);
export const DORA = person('dora', 'Prof. Dora Lindqvist', 4);
export const SERVICE = keyOfSeed(new Uint8Array(32).fill(9), { kind: 'service' });

export const KEYS: ReadonlyMap<string, PublicKeyRecord> = new Map(
  [ANA, BEN, CHLOE, DORA, SERVICE].map(key => [key.public.id, key.public])
);

/** Name and username as the key's record has them. */
export function signerOf({ public: { owner } }: UnlockedKey): { username: string; name: string } {
  if (owner.kind !== 'person') throw new Error('Only people sign records.');
  return { username: owner.username, name: owner.name };
}
