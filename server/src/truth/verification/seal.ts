import { DsseEnvelope, ReleaseKeys, SealStatement, type PublicKeyRecord } from '@voxcord/schemas/files';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { TruthError } from '../errors.js';
import { hashRecord } from '../hashing.js';
import { verifyModelSeal, type ModelSeal } from '../modelSeals.js';
import type { ReleaseFiles } from '../releaseFiles.js';
import { strictBase64 } from '../dsse.js';
import { openEnvelope, verifyEnvelope, type Signature, type SignedRecord } from '../signatures.js';
import { keyId } from '../signingKeys.js';
import { readRecord } from './readRecord.js';
import { BrokenRecord } from './verdict.js';

/** What a release's signatures say, once all of them are found to be valid. */
export interface OpenedSeal {
  readonly seal: SealStatement['predicate'];
  /** SHA-256 of `release.json`, which was sealed and signed. */
  readonly sha256: string;
  readonly keys: ReadonlyMap<string, PublicKeyRecord>;
  readonly signatures: readonly Signature[];
  /** Throws `BrokenRecord` unless the file is the one that was sealed. */
  readonly expectFile: (path: string) => Promise<void>;
}

const SEAL = 'signatures.json#seal';

/** Each envelope is checked by itself, so that the damaged one can be named. */
const signatureFileForm = Compile(
  Type.Object({ signatures: Type.Array(Type.Unknown()), seal: Type.Unknown() }, { additionalProperties: false })
);

const keysForm = Compile(ReleaseKeys);
const sealForm = Compile(SealStatement);
const envelopeForm = Compile(DsseEnvelope);

/**
 * Checks keys, seal, release.json and signatures, in this order; the seal must be made with one of the `trusted` keys,
 * null: with any. Throws `BrokenRecord`.
 */
export async function openSeal(files: ReleaseFiles, trusted: ReadonlySet<string> | null): Promise<OpenedSeal> {
  const { keys: records } = await readRecord(files, 'keys.json', keysForm);
  const keys = new Map(records.map(record => [record.id, record]));
  for (const record of records) {
    if (keyId(record) !== record.id) throw new BrokenRecord('keys.json', `key ${record.id} was changed or replaced`);
  }
  const signed = await readRecord(files, 'signatures.json', signatureFileForm);
  const statement = openSealEnvelope(signed.seal, keys);
  const { key } = statement.predicate;
  if (trusted?.has(key) === false) {
    throw new BrokenRecord(SEAL, `it was made with the service key ${key}, which is not one that you trust`);
  }
  const digests = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
  const expectFile = async (path: string): Promise<void> => {
    if ((await files.hash(path)) !== digests.get(path)) {
      throw new BrokenRecord(path, 'its bytes are not those that were sealed');
    }
  };
  await expectFile('keys.json');
  await expectFile('release.json');
  const sha256 = digests.get('release.json') ?? '';
  const signatures = signed.signatures.map((value, index) => {
    const name = `signatures.json#${index + 1}`;
    const envelope = envelopeOf(value, name);
    const signature = expectSignature(name, envelope, { kind: 'release', sha256 }, keys);
    if (hashRecord(envelope) !== digests.get(name)) {
      throw new BrokenRecord(name, 'it is not the signature that was sealed');
    }
    return signature;
  });
  const next = `signatures.json#${signatures.length + 1}`;
  if (signatures.length === 0 || digests.has(next)) throw new BrokenRecord(next, 'the signature is missing');
  return { seal: statement.predicate, sha256, keys, signatures, expectFile };
}

function openSealEnvelope(value: unknown, keys: ReadonlyMap<string, PublicKeyRecord>): SealStatement {
  const seal = envelopeOf(value, SEAL);
  const [signature] = seal.signatures;
  const key = signature?.keyid ?? '';
  // A second one, even a copy of the first, would be covered by nothing.
  if (seal.signatures.length !== 1) throw new BrokenRecord(SEAL, 'it does not hold one signature');
  if (claimedKey(seal) !== key) throw new BrokenRecord(SEAL, 'it contradicts itself: one of its parts was changed');
  if (!keys.has(key)) {
    throw new BrokenRecord('keys.json', `the key ${key}, which sealed the release, is missing or was replaced`);
  }
  const statement = checked(SEAL, () => openEnvelope(seal, sealForm, keys));
  if (keys.get(key)?.owner.kind !== 'service') throw new BrokenRecord(SEAL, 'it was not made by the key of a service');
  return statement;
}

/** The key that the seal's own statement names, before anything is known to be true. */
function claimedKey(seal: DsseEnvelope): unknown {
  try {
    const payload = Buffer.from(strictBase64(seal.payload) ?? []).toString();
    const statement = JSON.parse(payload) as { predicate?: { key?: unknown } };
    return statement.predicate?.key;
  } catch {
    return null;
  }
}

function envelopeOf(value: unknown, name: string): DsseEnvelope {
  if (envelopeForm.Check(value)) return value;
  throw new BrokenRecord(name, 'it does not have the form of a signature');
}

/** As `verifyEnvelope`, for a signature inside a release. Throws `BrokenRecord`. */
export function expectSignature(
  name: string,
  envelope: DsseEnvelope,
  record: SignedRecord,
  keys: ReadonlyMap<string, PublicKeyRecord>
): Signature {
  return checked(name, () => verifyEnvelope(envelope, record, keys));
}

/** As `verifyModelSeal`, for a read by a model inside a release. Throws `BrokenRecord`. */
export function expectSeal(
  name: string,
  envelope: DsseEnvelope,
  revision: string,
  keys: ReadonlyMap<string, PublicKeyRecord>
): ModelSeal {
  return checked(name, () => verifyModelSeal(envelope, revision, keys));
}

function checked<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof TruthError) throw new BrokenRecord(name, error.message);
    throw error;
  }
}
