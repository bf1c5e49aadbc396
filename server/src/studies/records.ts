import {
  Instant,
  LabelMapSnapshot,
  Person,
  ProtocolContent,
  Sha256,
  Signature,
  Username,
  Id
} from '@voxcord/schemas/api';
import { DsseEnvelope, PublicKeyRecord, RevisionManifest } from '@voxcord/schemas/files';
import Type, { type Static } from 'typebox';
import { reader } from '../projects/records.js';
import { SigningKey } from '../truth/index.js';
import { Untold } from './untold.js';

/** A signature as people read it, and the bytes that were signed. */
export const StoredSignature = Type.Object({ signature: Signature, envelope: DsseEnvelope });
export type StoredSignature = Static<typeof StoredSignature>;

/** The service's seal of what a model has labelled, which nobody signs. */
export const StoredSeal = Type.Object({ signature: Type.Null(), envelope: DsseEnvelope });
export type StoredSeal = Static<typeof StoredSeal>;

export const StoredProtocol = Type.Object({
  id: Id,
  projectId: Id,
  version: Type.Integer({ minimum: 1 }),
  state: Type.Union([Type.Literal('draft'), Type.Literal('locked'), Type.Literal('discarded')]),
  edition: Type.Integer({ minimum: 1 }),
  content: ProtocolContent,
  createdBy: Person,
  createdAt: Instant,
  lock: Type.Union([
    Type.Object({
      signed: StoredSignature,
      /** Reads had begun when it was locked. */
      afterFirstRead: Type.Boolean()
    }),
    Type.Null()
  ]),
  untold: Untold
});
export type StoredProtocol = Static<typeof StoredProtocol>;

export const StoredRevision = Type.Object({
  hash: Sha256,
  readId: Id,
  caseId: Id,
  projectId: Id,
  reader: Person,
  manifest: RevisionManifest,
  /** Its bricks as they are stored and served. */
  labelMap: LabelMapSnapshot,
  protocolVersion: Type.Integer({ minimum: 1 }),
  remark: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
  signed: Type.Union([StoredSignature, StoredSeal])
});
export type StoredRevision = Static<typeof StoredRevision>;

export const StoredPerson = Type.Object({ person: Person, firstSeen: Instant });
export type StoredPerson = Static<typeof StoredPerson>;

export const StoredSigningKey = Type.Object({
  username: Username,
  key: SigningKey,
  /** Public halves of the keys before, to check older signatures. */
  earlier: Type.Array(PublicKeyRecord),
  attempts: Type.Object({
    wrong: Type.Integer({ minimum: 0 }),
    lockedUntil: Type.Union([Type.Number(), Type.Null()])
  }),
  untold: Untold
});
export type StoredSigningKey = Static<typeof StoredSigningKey>;

export const StoredAssignment = Type.Object({ readId: Id, caseId: Id, projectId: Id, username: Username });
export type StoredAssignment = Static<typeof StoredAssignment>;

export const readProtocol = reader('protocol', StoredProtocol);
export const readRevision = reader('revision', StoredRevision);
export const readPerson = reader('person', StoredPerson);
export const readSigningKey = reader('signing-key', StoredSigningKey);
export const readAssignment = reader('assignment', StoredAssignment);
