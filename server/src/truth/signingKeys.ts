import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  scrypt,
  type KeyObject
} from 'node:crypto';
import { PublicKeyRecord, type KeyOwner } from '@voxcord/schemas/files';
import Type, { type Static } from 'typebox';
import { TruthError } from './errors.js';
import { hashRecord } from './hashing.js';

/** Cost of one guess at a passphrase: 2^15 blocks of 1 KiB, 32 MiB of memory (RFC 7914). */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1 } as const;
/** Twice what the derivation needs: 128 · N · r bytes. */
const SCRYPT_MEMORY = 2 * 128 * SCRYPT.N * SCRYPT.r;

export const SHORTEST_PASSPHRASE = 10;

/** Bytes of an Ed25519 public key in SubjectPublicKeyInfo (RFC 8410) before the key itself. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A person's or the service's key as it is stored: the private half can be read only with the passphrase. */
export const SigningKey = Type.Object(
  {
    public: PublicKeyRecord,
    secret: Type.Object(
      {
        kdf: Type.Object(
          {
            name: Type.Literal('scrypt'),
            N: Type.Literal(SCRYPT.N),
            r: Type.Literal(SCRYPT.r),
            p: Type.Literal(SCRYPT.p),
            salt: Type.String()
          },
          { additionalProperties: false }
        ),
        cipher: Type.Literal('aes-256-gcm'),
        nonce: Type.String(),
        tag: Type.String(),
        ciphertext: Type.String({ description: 'Of the PKCS #8 form, base64; the key id is authenticated with it' })
      },
      { additionalProperties: false }
    )
  },
  { title: 'SigningKey', additionalProperties: false }
);
export type SigningKey = Static<typeof SigningKey>;

/** A private key in memory, with the record of its public half. */
export interface UnlockedKey {
  readonly public: PublicKeyRecord;
  readonly privateKey: KeyObject;
}

/**
 * Makes a new Ed25519 key whose private half is encrypted (AES-256-GCM) under the passphrase (scrypt). Throws
 * `TruthError` (`signing.weak-passphrase`).
 */
export async function createSigningKey(owner: KeyOwner, passphrase: string, createdAt: Date): Promise<SigningKey> {
  if (passphrase.normalize('NFKC').length < SHORTEST_PASSPHRASE) {
    throw new TruthError(
      'signing.weak-passphrase',
      `A signing passphrase needs at least ${SHORTEST_PASSPHRASE} characters: choose a longer one.`
    );
  }
  const unlocked = generateKey(owner, createdAt);
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, salt), nonce);
  cipher.setAAD(Buffer.from(unlocked.public.id, 'hex'));
  const plain = unlocked.privateKey.export({ format: 'der', type: 'pkcs8' });
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  plain.fill(0);
  return {
    public: unlocked.public,
    secret: {
      kdf: { name: 'scrypt', ...SCRYPT, salt: salt.toString('base64') },
      cipher: 'aes-256-gcm',
      nonce: nonce.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      ciphertext: ciphertext.toString('base64')
    }
  };
}

/** A key that lives in memory only; the caller keeps its private half safe. */
export function generateKey(owner: KeyOwner, createdAt: Date): UnlockedKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { public: describeKey(publicKey, owner, createdAt), privateKey };
}

/** The key of a PKCS #8 file (PEM), such as the service's own. Throws `TruthError` (`signing.key-damaged`). */
export function keyFromPem(pem: string, owner: KeyOwner, createdAt: Date): UnlockedKey {
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    return { public: describeKey(createPublicKey(privateKey), owner, createdAt), privateKey };
  } catch (cause) {
    throw new TruthError('signing.key-damaged', 'The signing key cannot be read: restore it from a backup.', { cause });
  }
}

/** Opens the private half. Throws `TruthError` (`signing.passphrase`) if the passphrase is another one. */
export async function unlockSigningKey(key: SigningKey, passphrase: string): Promise<UnlockedKey> {
  const { secret } = key;
  const derived = await deriveKey(passphrase, Buffer.from(secret.kdf.salt, 'base64'));
  let plain: Buffer;
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived, Buffer.from(secret.nonce, 'base64'), {
      authTagLength: 16
    });
    decipher.setAAD(Buffer.from(key.public.id, 'hex'));
    decipher.setAuthTag(Buffer.from(secret.tag, 'base64'));
    plain = Buffer.concat([decipher.update(Buffer.from(secret.ciphertext, 'base64')), decipher.final()]);
  } catch (cause) {
    throw new TruthError('signing.passphrase', 'The signing passphrase is not right. Type it again.', { cause });
  }
  const privateKey = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
  plain.fill(0);
  if (rawPublicKey(createPublicKey(privateKey)) !== key.public.publicKey || keyId(key.public) !== key.public.id) {
    throw new TruthError('signing.key-damaged', 'The halves of the signing key do not match: restore a backup.');
  }
  return { public: key.public, privateKey };
}

/** The id of a key: the hash of all that its record says. */
export function keyId(record: Omit<PublicKeyRecord, 'id'>): string {
  const { algorithm, publicKey, owner, createdAt } = record;
  return hashRecord({ algorithm, publicKey, owner, createdAt });
}

/** The 32 bytes of the record as a key of node:crypto. */
export function publicKeyOf(record: PublicKeyRecord): KeyObject {
  const key = Buffer.concat([SPKI_PREFIX, Buffer.from(record.publicKey, 'base64')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function describeKey(publicKey: KeyObject, owner: KeyOwner, createdAt: Date): PublicKeyRecord {
  const record = {
    algorithm: 'Ed25519' as const,
    publicKey: rawPublicKey(publicKey),
    owner,
    createdAt: createdAt.toISOString()
  };
  return { id: keyId(record), ...record };
}

function rawPublicKey(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length).toString('base64');
}

function deriveKey(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Keyboards compose letters in different ways; the same passphrase must open the key on all of them.
    scrypt(passphrase.normalize('NFKC'), salt, 32, { ...SCRYPT, maxmem: SCRYPT_MEMORY }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
