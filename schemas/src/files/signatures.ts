import Type, { type Static } from 'typebox';
import { ModelIdentity } from '../api/models.js';
import { Id, Sha256 } from '../api/values.js';
import { PrintedName, Timestamp, Version } from './truthValues.js';

/** Payload type of in-toto statements in a DSSE envelope. */
export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const SIGNATURE_PREDICATE_TYPE = 'urn:voxcord:signature:1';
export const MODEL_SEAL_PREDICATE_TYPE = 'urn:voxcord:model-seal:1';
export const SEAL_PREDICATE_TYPE = 'urn:voxcord:release-seal:1';

const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' });

/** DSSE 1.0: signatures over the exact bytes of a payload and its type. */
export const DsseEnvelope = Type.Object(
  {
    payload: Base64,
    payloadType: Type.Literal(STATEMENT_PAYLOAD_TYPE),
    signatures: Type.Array(Type.Object({ keyid: Sha256, sig: Base64 }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 16
    })
  },
  { title: 'DsseEnvelope', additionalProperties: false }
);
export type DsseEnvelope = Static<typeof DsseEnvelope>;

/** What a person declares by signing. */
export const SignatureMeaning = Type.Union(
  [Type.Literal('authorship'), Type.Literal('review'), Type.Literal('approval'), Type.Literal('responsibility')],
  { title: 'SignatureMeaning' }
);
export type SignatureMeaning = Static<typeof SignatureMeaning>;

export const RecordKind = Type.Union([
  Type.Literal('protocol'),
  Type.Literal('revision'),
  Type.Literal('consensus'),
  Type.Literal('decision'),
  Type.Literal('release')
]);
export type RecordKind = Static<typeof RecordKind>;

const Subject = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    digest: Type.Object({ sha256: Sha256 }, { additionalProperties: false })
  },
  { additionalProperties: false }
);

/** An in-toto Statement (v1) that one person has signed one record. */
export const SignatureStatement = Type.Object(
  {
    _type: Type.Literal(STATEMENT_TYPE),
    subject: Type.Array(Subject, { minItems: 1, maxItems: 1, description: 'The record: its kind and its hash' }),
    predicateType: Type.Literal(SIGNATURE_PREDICATE_TYPE),
    predicate: Type.Object(
      {
        kind: RecordKind,
        signer: PrintedName,
        meaning: SignatureMeaning,
        time: Timestamp,
        key: Sha256,
        comment: Type.String({ maxLength: 2000 })
      },
      { additionalProperties: false }
    )
  },
  { title: 'SignatureStatement', additionalProperties: false }
);
export type SignatureStatement = Static<typeof SignatureStatement>;

/**
 * The service's statement that a model has labelled a revision here. It is no signature: no person declares anything by
 * it. Signed with the service's key alone.
 */
export const ModelSealStatement = Type.Object(
  {
    _type: Type.Literal(STATEMENT_TYPE),
    subject: Type.Array(Subject, { minItems: 1, maxItems: 1, description: 'The revision: its kind and its hash' }),
    predicateType: Type.Literal(MODEL_SEAL_PREDICATE_TYPE),
    predicate: Type.Object(
      { model: ModelIdentity, requestedBy: PrintedName, time: Timestamp, key: Sha256 },
      { additionalProperties: false }
    )
  },
  { title: 'ModelSealStatement', additionalProperties: false }
);
export type ModelSealStatement = Static<typeof ModelSealStatement>;

/** The service's statement over all that is not in the list of files of `release.json`. */
export const SealStatement = Type.Object(
  {
    _type: Type.Literal(STATEMENT_TYPE),
    subject: Type.Array(Subject, {
      description: 'release.json, keys.json, audit.jsonl, signatures.html, and each signature as signatures.json#<n>'
    }),
    predicateType: Type.Literal(SEAL_PREDICATE_TYPE),
    predicate: Type.Object(
      {
        project: Id,
        version: Version,
        time: Timestamp,
        key: Sha256,
        audit: Type.Object(
          {
            first: Type.Integer({ minimum: 1 }),
            previous: Type.Union([Sha256, Type.Null()], { description: 'Hash of the entry before the first one' }),
            last: Type.Integer({ minimum: 1 }),
            head: Sha256
          },
          { additionalProperties: false }
        )
      },
      { additionalProperties: false }
    )
  },
  { title: 'SealStatement', additionalProperties: false }
);
export type SealStatement = Static<typeof SealStatement>;

/** `signatures.json` of a release. */
export const ReleaseSignatures = Type.Object(
  { signatures: Type.Array(DsseEnvelope), seal: DsseEnvelope },
  { title: 'ReleaseSignatures', additionalProperties: false }
);
export type ReleaseSignatures = Static<typeof ReleaseSignatures>;

export const KeyOwner = Type.Union([
  Type.Object(
    { kind: Type.Literal('person'), username: PrintedName.properties.username, name: PrintedName.properties.name },
    { additionalProperties: false }
  ),
  Type.Object({ kind: Type.Literal('service') }, { additionalProperties: false })
]);
export type KeyOwner = Static<typeof KeyOwner>;

/** A public key. Its id is the SHA-256 of the canonical JSON of all other members. */
export const PublicKeyRecord = Type.Object(
  {
    id: Sha256,
    algorithm: Type.Literal('Ed25519'),
    publicKey: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: '32 bytes, base64' }),
    owner: KeyOwner,
    createdAt: Timestamp
  },
  { title: 'PublicKeyRecord', additionalProperties: false }
);
export type PublicKeyRecord = Static<typeof PublicKeyRecord>;

/** `keys.json` of a release: every key that the signatures in it need, by id. */
export const ReleaseKeys = Type.Object(
  { keys: Type.Array(PublicKeyRecord, { minItems: 1 }) },
  { title: 'ReleaseKeys', additionalProperties: false }
);
export type ReleaseKeys = Static<typeof ReleaseKeys>;
