import type { ModelIdentity } from '@voxcord/schemas/api';
import {
  canonicalJson,
  MODEL_SEAL_PREDICATE_TYPE,
  ModelSealStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  type DsseEnvelope,
  type PrintedName,
  type PublicKeyRecord
} from '@voxcord/schemas/files';
import { Compile } from 'typebox/compile';
import { signPayload } from './dsse.js';
import { TruthError } from './errors.js';
import { openEnvelope } from './signatures.js';
import type { UnlockedKey } from './signingKeys.js';

const statementForm = Compile(ModelSealStatement);

/** That a model has labelled a revision, and for whom. */
export interface ModelSeal {
  /** SHA-256 of the revision's manifest. */
  readonly revision: string;
  readonly model: ModelIdentity;
  readonly requestedBy: PrintedName;
  /** RFC 3339. */
  readonly time: string;
}

/** The service says that the model has labelled the revision here. Nobody signs by it. */
export function sealModelRevision({ revision, model, requestedBy, time }: ModelSeal, key: UnlockedKey): DsseEnvelope {
  const statement: ModelSealStatement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'revision', digest: { sha256: revision } }],
    predicateType: MODEL_SEAL_PREDICATE_TYPE,
    predicate: { model, requestedBy, time, key: key.public.id }
  };
  return signPayload(STATEMENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)), [key]);
}

/**
 * What a seal says, once it is found to be that of a service over this revision. Throws `TruthError`
 * (`signature.malformed`, `.unknown-key`, `.invalid`, `.other-record`).
 */
export function verifyModelSeal(
  envelope: DsseEnvelope,
  revision: string,
  keys: ReadonlyMap<string, PublicKeyRecord>
): ModelSeal {
  const { subject, predicate } = openEnvelope(envelope, statementForm, keys);
  const [seal, ...others] = envelope.signatures;
  const [record] = subject;
  if (seal?.keyid !== predicate.key || others.length > 0 || record?.name !== 'revision') {
    throw new TruthError('signature.malformed', 'The seal says different things of its key or of its record.');
  }
  if (keys.get(predicate.key)?.owner.kind !== 'service') {
    throw new TruthError('signature.unknown-key', 'What a model has labelled is sealed by a service, not by a person.');
  }
  if (record.digest.sha256 !== revision) {
    throw new TruthError('signature.other-record', 'This seal belongs to another revision.');
  }
  return { revision, model: predicate.model, requestedBy: predicate.requestedBy, time: predicate.time };
}
