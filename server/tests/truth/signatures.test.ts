import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson, DsseEnvelope, SignatureStatement, type SignatureMeaning } from '@voxcord/schemas/files';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  countAttempt,
  createSigningKey,
  keyId,
  lockedFor,
  NO_ATTEMPTS,
  sign,
  signWithKeys,
  unlockSigningKey,
  verifyEnvelope,
  type PublicKeyRecord,
  type SigningAttempts,
  type SigningKey
} from '../../src/truth/index.js';
import { isSignedBy, preAuthenticationEncoding, signPayload } from '../../src/truth/dsse.js';
import { ANA, BEN, KEYS, keyOfSeed, SERVICE, signerOf } from './support/keys.js';

const SEED = 20_260_101;
const PASSPHRASE = 'correct horse battery';
const RECORD = { kind: 'revision', sha256: 'ab'.repeat(32) } as const;
const TIME = new Date('2026-03-01T10:00:00.000Z');
const ACT = { signer: signerOf(ANA), meaning: 'authorship' as const, time: TIME };

function hex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

function statementOf(envelope: DsseEnvelope): SignatureStatement {
  return JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as SignatureStatement;
}

describe('Ed25519 and DSSE', () => {
  // RFC 8032, section 7.1, tests 1 to 3.
  it.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'
    ]
  ])('give the key and the signature of RFC 8032 for the seed %s', (seed, publicKey, message, signature) => {
    const key = keyOfSeed(hex(seed), { kind: 'service' });
    expect(Buffer.from(key.public.publicKey, 'base64').toString('hex')).toBe(publicKey);
    const raw = createPublicKey(key.privateKey);
    expect(verify(null, hex(message), raw, hex(signature))).toBe(true);
  });

  // github.com/secure-systems-lab/dsse, protocol.md: the example of the pre-authentication encoding.
  it('sign the bytes that the DSSE protocol gives as its example', () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
    const umlauts = preAuthenticationEncoding('tüp', Buffer.from('ü'));
    expect(Buffer.from(umlauts).toString()).toBe('DSSEv1 4 tüp 2 ü');
  });

  it('accept no signature of another length, payload or type', () => {
    const type = 'application/vnd.in-toto+json';
    const payload = Buffer.from('{}');
    const [own] = signPayload(type, payload, [ANA]).signatures;
    const signature = Buffer.from(own?.sig ?? '', 'base64');
    const key = createPublicKey(ANA.privateKey);
    expect(isSignedBy(key, type, payload, signature)).toBe(true);
    expect(isSignedBy(key, 'text/plain', payload, signature)).toBe(false);
    expect(isSignedBy(key, type, Buffer.from('{ }'), signature)).toBe(false);
    expect(isSignedBy(key, type, payload, signature.subarray(0, 63))).toBe(false);
    expect(isSignedBy(createPublicKey(BEN.privateKey), type, payload, signature)).toBe(false);
  });
});

describe('A signing key', () => {
  let key: SigningKey;
  beforeAll(async () => {
    key = await createSigningKey({ kind: 'person', ...signerOf(ANA) }, PASSPHRASE, TIME);
  });

  it('opens with its passphrase and no other', async () => {
    expect((await unlockSigningKey(key, PASSPHRASE)).public).toEqual(key.public);
    for (const wrong of ['', 'correct horse batter', `${PASSPHRASE} `]) {
      await expect(unlockSigningKey(key, wrong)).rejects.toMatchObject({
        name: 'TruthError',
        code: 'signing.passphrase'
      });
    }
  });

  it('opens however the keyboard composes letters', async () => {
    const accented = await createSigningKey({ kind: 'service' }, 'caf\u00e9 au lait', TIME);
    expect((await unlockSigningKey(accented, 'cafe\u0301 au lait')).public).toEqual(accented.public);
  });

  it('is not made with a short passphrase', async () => {
    await expect(createSigningKey({ kind: 'service' }, 'too short', TIME)).rejects.toMatchObject({
      code: 'signing.weak-passphrase'
    });
  });

  it('holds its private half in no readable form', async () => {
    const { privateKey } = await unlockSigningKey(key, PASSPHRASE);
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
    const stored = Buffer.from(key.secret.ciphertext, 'base64');
    expect(stored.includes(seed)).toBe(false);
    expect(JSON.stringify(key)).not.toContain(PASSPHRASE);
  });

  it('is named by all that its record says, and does not open under another record', async () => {
    expect(keyId(key.public)).toBe(key.public.id);
    const owner = { kind: 'person' as const, ...signerOf(BEN) };
    const moved = { ...key.public, owner };
    expect(keyId(moved)).not.toBe(key.public.id);
    await expect(unlockSigningKey({ ...key, public: moved }, PASSPHRASE)).rejects.toMatchObject({
      code: 'signing.key-damaged'
    });
    const renamed = { ...moved, id: keyId(moved) };
    await expect(unlockSigningKey({ ...key, public: renamed }, PASSPHRASE)).rejects.toMatchObject({
      code: 'signing.passphrase'
    });
  });

  it('signs for its owner alone, and only after the passphrase', async () => {
    const keys = new Map([...KEYS, [key.public.id, key.public]]);
    const envelope = await sign(RECORD, key, PASSPHRASE, ACT, SERVICE);
    expect(verifyEnvelope(envelope, RECORD, keys)).toEqual({
      kind: 'revision',
      record: RECORD.sha256,
      signer: signerOf(ANA),
      meaning: 'authorship',
      time: TIME.toISOString(),
      comment: '',
      keys: [key.public.id, SERVICE.public.id]
    });
    await expect(sign(RECORD, key, 'wrong passphrase', ACT, SERVICE)).rejects.toMatchObject({
      code: 'signing.passphrase'
    });
    await expect(sign(RECORD, key, PASSPHRASE, { ...ACT, signer: signerOf(BEN) }, SERVICE)).rejects.toMatchObject({
      code: 'signature.unknown-key'
    });
  });
});

describe('A signature', () => {
  const envelope = signWithKeys(RECORD, ACT, ANA, [SERVICE]);

  /** The same signatures under another statement. */
  function forged(change: (statement: SignatureStatement) => void): DsseEnvelope {
    const statement = statementOf(envelope);
    change(statement);
    return { ...envelope, payload: Buffer.from(canonicalJson(statement)).toString('base64') };
  }

  it('is an in-toto statement in an envelope, signed by the person and the service', () => {
    expect(Value.Check(DsseEnvelope, envelope)).toBe(true);
    expect(Value.Check(SignatureStatement, statementOf(envelope))).toBe(true);
    expect(envelope.signatures.map(({ keyid }) => keyid)).toEqual([ANA.public.id, SERVICE.public.id]);
  });

  it('is invalid for any other record', () => {
    const other = { kind: 'revision', sha256: 'cd'.repeat(32) } as const;
    expect(() => verifyEnvelope(envelope, other, KEYS)).toThrow(/belongs to another record/);
    expect(() => verifyEnvelope(envelope, { kind: 'release', sha256: RECORD.sha256 }, KEYS)).toThrow(/another record/);
  });

  it.each<[string, (statement: SignatureStatement) => void]>([
    ['meaning', ({ predicate }) => (predicate.meaning = 'approval')],
    ['time', ({ predicate }) => (predicate.time = '2026-03-01T10:00:00.001Z')],
    ['printed name', ({ predicate }) => (predicate.signer.name = 'Dr. Ana Ruis')],
    ['username', ({ predicate }) => (predicate.signer.username = 'ben')],
    ['comment', ({ predicate }) => (predicate.comment = 'seen')],
    ['record', ({ subject }) => (subject[0] = { name: 'revision', digest: { sha256: 'cd'.repeat(32) } })]
  ])('covers the %s', (_, change) => {
    expect(() => verifyEnvelope(forged(change), RECORD, KEYS)).toThrow(/does not fit what it signs/);
  });

  it('is invalid if the key belongs to somebody else or is not known', () => {
    const asBen = signWithKeys(RECORD, { ...ACT, signer: signerOf(BEN) }, ANA, [SERVICE]);
    expect(() => verifyEnvelope(asBen, RECORD, KEYS)).toThrow(/belongs to somebody else/);
    const byService = signWithKeys(RECORD, ACT, SERVICE, []);
    expect(() => verifyEnvelope(byService, RECORD, KEYS)).toThrow(/belongs to somebody else/);
    const known = new Map<string, PublicKeyRecord>([[SERVICE.public.id, SERVICE.public]]);
    expect(() => verifyEnvelope(envelope, RECORD, known)).toThrow(/There is no key/);
    const witnessFirst = { ...envelope, signatures: [...envelope.signatures].reverse() };
    expect(() => verifyEnvelope(witnessFirst, RECORD, KEYS)).toThrow(/different things/);
  });

  it('needs every signature in its envelope to be valid', () => {
    const [own, witness] = envelope.signatures;
    if (own === undefined || witness === undefined) throw new Error('unreachable');
    const mixed = { ...envelope, signatures: [own, { ...witness, sig: own.sig }] };
    expect(() => verifyEnvelope(mixed, RECORD, KEYS)).toThrow(/does not fit/);
    expect(() => verifyEnvelope({ ...envelope, payload: `${envelope.payload}=` }, RECORD, KEYS)).toThrow(/damaged/);
  });

  it('is made for each meaning that a signature can have', () => {
    const meanings: SignatureMeaning[] = ['authorship', 'review', 'approval', 'responsibility'];
    for (const meaning of meanings) {
      const signed = signWithKeys(RECORD, { ...ACT, meaning }, ANA, [SERVICE]);
      expect(verifyEnvelope(signed, RECORD, KEYS).meaning).toBe(meaning);
    }
  });
});

describe('Attempts to sign', () => {
  const MINUTE = 60_000;

  it('lock signing for 15 minutes at the fifth wrong passphrase, and tell the audit log', () => {
    let attempts = NO_ATTEMPTS;
    const events: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      expect(lockedFor(attempts, n * MINUTE)).toBe(0);
      const outcome = countAttempt(attempts, false, n * MINUTE);
      attempts = outcome.attempts;
      events.push(outcome.event);
    }
    expect(events).toEqual([...Array<string>(4).fill('signing.wrong-passphrase'), 'signing.locked']);
    expect(lockedFor(attempts, 4 * MINUTE)).toBe(15 * MINUTE);
    expect(lockedFor(attempts, 19 * MINUTE)).toBe(0);
    expect(countAttempt(attempts, false, 19 * MINUTE).event).toBe('signing.locked');
    expect(countAttempt(attempts, true, 19 * MINUTE)).toEqual({ attempts: NO_ATTEMPTS, event: null });
  });

  it('never let more than five wrong passphrases through in any 15 minutes', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 8 * MINUTE }), { minLength: 50, maxLength: 100 });
    fc.assert(
      fc.property(waits, gaps => {
        let now = 0;
        let attempts: SigningAttempts = NO_ATTEMPTS;
        let sinceLock: number[] = [];
        for (const gap of gaps) {
          now += gap;
          if (lockedFor(attempts, now) > 0) continue;
          const outcome = countAttempt(attempts, false, now);
          attempts = outcome.attempts;
          sinceLock.push(now);
          if (outcome.event === 'signing.locked') {
            expect(sinceLock.length).toBeLessThanOrEqual(5);
            expect(lockedFor(attempts, now)).toBe(15 * MINUTE);
            sinceLock = [];
          }
        }
      }),
      { seed: SEED }
    );
  });
});
