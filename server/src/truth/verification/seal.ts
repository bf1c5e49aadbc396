import {
  ReleaseKeys,
  ReleaseSignatures,
  SealStatement,
  type DsseEnvelope,
  type PublicKeyRecord
} from '@voxcord/schemas/files';
import { TruthError } from '../errors.js';
import { hashRecord } from '../hashing.js';
import type { ReleaseFiles } from '../releaseFiles.js';
import { openEnvelope, readSignature, verifyEnvelope, type Signature, type SignedRecord } from '../signatures.js';
import { keyId } from '../signingKeys.js';
import { readRecord } from './readRecord.js';
import { BrokenRecord } from './verdict.js';

/** What a release's signatures say, once all of them are found to be valid. */
export interface OpenedSeal {
  readonly seal: SealStatement['predicate'];
  readonly keys: ReadonlyMap<string, PublicKeyRecord>;
  readonly signatures: readonly Signature[];
  /** Throws `BrokenRecord` unless the file is the one that was sealed. */
  readonly expectFile: (path: string) => Promise<void>;
}

/** Checks keys, seal and signatures, in this order. Throws `BrokenRecord`. */
export async function openSeal(files: ReleaseFiles): Promise<OpenedSeal> {
  const { keys: records } = await readRecord(files, 'keys.json', ReleaseKeys);
  const keys = new Map(records.map(record => [record.id, record]));
  for (const record of records) {
    if (keyId(record) !== record.id) throw new BrokenRecord('keys.json', `key ${record.id} was changed or replaced`);
  }
  const signed = await readRecord(files, 'signatures.json', ReleaseSignatures);
  const statement = openSealEnvelope(signed.seal, keys);
  const digests = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
  const expectFile = async (path: string): Promise<void> => {
    if ((await files.hash(path)) !== digests.get(path)) {
      throw new BrokenRecord(path, 'its bytes are not those that were sealed');
    }
  };
  await expectFile('keys.json');
  const signatures = signed.signatures.map((envelope, index) => {
    const name = `signatures.json#${index + 1}`;
    const signature = checked(name, () => readSignature(envelope, keys));
    if (hashRecord(envelope) !== digests.get(name))
      throw new BrokenRecord(name, 'it is not the signature that was sealed');
    return signature;
  });
  const missing = `signatures.json#${signatures.length + 1}`;
  if (signatures.length === 0 || digests.has(missing)) throw new BrokenRecord(missing, 'the signature is missing');
  return { seal: statement.predicate, keys, signatures, expectFile };
}

function openSealEnvelope(seal: DsseEnvelope, keys: ReadonlyMap<string, PublicKeyRecord>): SealStatement {
  const name = 'signatures.json#seal';
  const [signature] = seal.signatures;
  const key = signature?.keyid ?? '';
  if (!keys.has(key) && claimedKey(seal) === key) {
    throw new BrokenRecord('keys.json', `the key ${key}, which sealed the release, is missing or was replaced`);
  }
  const statement = checked(name, () => openEnvelope(seal, SealStatement, keys));
  if (statement.predicate.key !== key || keys.get(key)?.owner.kind !== 'service') {
    throw new BrokenRecord(name, 'it was not made by the key of a service');
  }
  return statement;
}

/** The key that the seal's own statement names, before anything is known to be true. */
function claimedKey(seal: DsseEnvelope): unknown {
  try {
    const statement = JSON.parse(Buffer.from(seal.payload, 'base64').toString()) as { predicate?: { key?: unknown } };
    return statement.predicate?.key;
  } catch {
    return null;
  }
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

function checked<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof TruthError) throw new BrokenRecord(name, error.message);
    throw error;
  }
}
