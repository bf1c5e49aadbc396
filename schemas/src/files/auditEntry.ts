import Type, { type Static } from 'typebox';
import { Id, Sha256 } from '../api/values.js';
import { JsonObject, PrintedName, Timestamp } from './truthValues.js';

/** Who did what an audit entry tells. */
export const AuditActor = Type.Union([
  Type.Object(
    { kind: Type.Literal('person'), username: PrintedName.properties.username, name: PrintedName.properties.name },
    { additionalProperties: false }
  ),
  Type.Object({ kind: Type.Literal('service') }, { additionalProperties: false })
]);
export type AuditActor = Static<typeof AuditActor>;

export const AuditSubject = Type.Object(
  {
    kind: Type.String({ minLength: 1, maxLength: 64, description: 'protocol, read, revision, release, key ...' }),
    id: Type.String({ minLength: 1, maxLength: 255 }),
    sha256: Type.Union([Sha256, Type.Null()], { description: 'Hash of the record, if it has one' })
  },
  { additionalProperties: false }
);
export type AuditSubject = Static<typeof AuditSubject>;

/**
 * One entry of a project's audit log. `hash` is the SHA-256 of the canonical JSON of all other members; `previous` is
 * the hash of the entry before it, null for the first. `time` never goes back: while the wall clock stands before the
 * time of the entry before, that time is repeated, `clock` says so and `wall` holds what the clock showed.
 */
export const AuditEntry = Type.Object(
  {
    chain: Id,
    sequence: Type.Integer({ minimum: 1 }),
    previous: Type.Union([Sha256, Type.Null()]),
    time: Timestamp,
    clock: Type.Union([Type.Literal('steady'), Type.Literal('set-back')]),
    wall: Timestamp,
    actor: AuditActor,
    action: Type.String({ pattern: '^[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)+$', maxLength: 64 }),
    subject: AuditSubject,
    details: JsonObject,
    hash: Sha256
  },
  { title: 'AuditEntry', additionalProperties: false }
);
export type AuditEntry = Static<typeof AuditEntry>;
