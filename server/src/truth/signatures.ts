import {
  canonicalJson,
  SIGNATURE_PREDICATE_TYPE,
  SignatureStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  type DsseEnvelope,
  type PrintedName,
  type PublicKeyRecord,
  type RecordKind,
  type SignatureMeaning
} from '@voxcord/schemas/files';
import { Compile } from 'typebox/compile';
import { isSignedBy, signPayload, strictBase64 } from './dsse.js';
import { TruthError } from './errors.js';
import type { Form } from './form.js';
import { parseCanonical } from './parseCanonical.js';
import { publicKeyOf, unlockSigningKey, type SigningKey, type UnlockedKey } from './signingKeys.js';

const statementForm = Compile(SignatureStatement);

/** What is signed: a record by its kind and its hash. */
export interface SignedRecord {
  readonly kind: RecordKind;
  readonly sha256: string;
}

export interface SigningAct {
  readonly signer: PrintedName;
  readonly meaning: SignatureMeaning;
  readonly time: Date;
  readonly comment?: string;
}

/** A signature that was found to be valid: what a view must show (name, time and meaning). */
export interface Signature {
  readonly kind: RecordKind;
  readonly record: string;
  readonly signer: PrintedName;
  readonly meaning: SignatureMeaning;
  readonly time: string;
  readonly comment: string;
  /** Ids of all keys that signed; the first is the signer's own. */
  readonly keys: readonly string[];
}

/**
 * Signs a record: opens the signer's key with the passphrase, which is the re-authentication that a signature needs.
 * `witness`, the service's own key, signs the same payload to say that it happened here. Throws `TruthError`
 * (`signing.passphrase`, `signing.key-damaged`).
 */
export async function sign(
  record: SignedRecord,
  key: SigningKey,
  passphrase: string,
  act: SigningAct,
  witness: UnlockedKey
): Promise<DsseEnvelope> {
  const unlocked = await unlockSigningKey(key, passphrase);
  const owner = unlocked.public.owner;
  if (owner.kind !== 'person' || owner.username !== act.signer.username) {
    throw new TruthError('signature.unknown-key', 'A signature needs the key of the person who signs.');
  }
  return signWithKeys(record, act, unlocked, [witness]);
}

/** As `sign`, with keys that are open already. */
export function signWithKeys(
  record: SignedRecord,
  act: SigningAct,
  own: UnlockedKey,
  witnesses: readonly UnlockedKey[]
): DsseEnvelope {
  const statement: SignatureStatement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: record.kind, digest: { sha256: record.sha256 } }],
    predicateType: SIGNATURE_PREDICATE_TYPE,
    predicate: {
      kind: record.kind,
      signer: { username: act.signer.username, name: act.signer.name },
      meaning: act.meaning,
      time: act.time.toISOString(),
      key: own.public.id,
      comment: act.comment ?? ''
    }
  };
  return signPayload(STATEMENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)), [own, ...witnesses]);
}

/**
 * Checks an envelope against the record that it should sign. Name, time, meaning and the record's hash are covered by
 * every signature in it. Throws `TruthError` (`signature.malformed`, `.unknown-key`, `.invalid`, `.other-record`).
 */
export function verifyEnvelope(
  envelope: DsseEnvelope,
  record: SignedRecord,
  keys: ReadonlyMap<string, PublicKeyRecord>
): Signature {
  const signature = readSignature(envelope, keys);
  if (signature.kind !== record.kind || signature.record !== record.sha256) {
    throw new TruthError('signature.other-record', `This signature belongs to another record: a ${signature.kind}.`);
  }
  return signature;
}

/** Checks an envelope by itself: that it is signed by the key of the person whom it names. Throws as `verifyEnvelope`. */
export function readSignature(envelope: DsseEnvelope, keys: ReadonlyMap<string, PublicKeyRecord>): Signature {
  const { subject, predicate } = openEnvelope(envelope, statementForm, keys);
  const owner = keys.get(predicate.key)?.owner;
  const [first] = envelope.signatures;
  const [record] = subject;
  if (first?.keyid !== predicate.key || record === undefined || record.name !== predicate.kind) {
    throw new TruthError('signature.malformed', 'The signature says different things of its key or of its record.');
  }
  if (owner?.kind !== 'person' || owner.username !== predicate.signer.username) {
    throw new TruthError('signature.unknown-key', 'The key of this signature belongs to somebody else.');
  }
  return {
    kind: predicate.kind,
    record: record.digest.sha256,
    signer: predicate.signer,
    meaning: predicate.meaning,
    time: predicate.time,
    comment: predicate.comment,
    keys: envelope.signatures.map(({ keyid }) => keyid)
  };
}

/** The statement in an envelope, once every signature of it is found to be valid. Throws `TruthError`. */
export function openEnvelope<T>(
  envelope: DsseEnvelope,
  statement: Form<T>,
  keys: ReadonlyMap<string, PublicKeyRecord>
): T {
  const payload = strictBase64(envelope.payload);
  if (payload === null) throw new TruthError('signature.malformed', 'The payload of the signature is damaged.');
  for (const { keyid, sig } of envelope.signatures) {
    const record = keys.get(keyid);
    if (record === undefined) throw new TruthError('signature.unknown-key', `There is no key ${keyid} to check with.`);
    const bytes = strictBase64(sig);
    if (bytes === null || !isSignedBy(publicKeyOf(record), envelope.payloadType, payload, bytes)) {
      throw new TruthError('signature.invalid', 'The signature does not fit what it signs: one of them was changed.');
    }
  }
  const value = parseCanonical(payload);
  if (!value.ok || !statement.Check(value.value)) {
    throw new TruthError('signature.malformed', 'The signed statement does not have the expected form.');
  }
  return value.value;
}
