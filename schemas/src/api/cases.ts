import Type, { type Static } from 'typebox';
import { Person, Role } from './people.js';
import { NewSegment, Segment } from './segments.js';
import { Volume } from './volumes.js';
import { Id, Instant, Sha256, Title, Username } from './values.js';

export const Project = Type.Object(
  {
    id: Id,
    title: Title,
    description: Type.String({ maxLength: 2000 }),
    segments: Type.Array(Segment, { maxItems: 255, description: 'Label schema that new reads start with' }),
    members: Type.Array(Type.Object({ username: Username, role: Role }, { additionalProperties: false }), {
      description: 'Under a blind protocol viewers and readers see themselves alone'
    }),
    everyone: Type.Union([Role, Type.Null()], {
      description: 'Role of everybody who is signed in and not a member; null: no access'
    }),
    /** The newest locked version; null: people paint together, freely. */
    protocol: Type.Union([
      Type.Object({ version: Type.Integer({ minimum: 1 }), blind: Type.Boolean() }, { additionalProperties: false }),
      Type.Null()
    ]),
    myRole: Role,
    createdAt: Instant,
    createdBy: Username
  },
  { title: 'Project', additionalProperties: false }
);
export type Project = Static<typeof Project>;

export const NewProject = Type.Object(
  {
    title: Title,
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    segments: Type.Optional(Type.Array(NewSegment, { maxItems: 255 })),
    everyone: Type.Optional(Type.Union([Role, Type.Null()]))
  },
  { title: 'NewProject', additionalProperties: false }
);

/** `assigned`: given to its reader, who has not begun. `submitted` reads are closed until they are reopened. */
export const ReadState = Type.Union([Type.Literal('assigned'), Type.Literal('open'), Type.Literal('submitted')], {
  title: 'ReadState'
});
export type ReadState = Static<typeof ReadState>;

/**
 * `shared`: every reader of the project paints in it, together.
 * `visible`: only its reader paints in it; everybody in the project may look.
 * `blind`: only its reader can join, see or measure it.
 */
export const ReadAccess = Type.Union([Type.Literal('shared'), Type.Literal('visible'), Type.Literal('blind')], {
  title: 'ReadAccess'
});
export type ReadAccess = Static<typeof ReadAccess>;

/**
 * `reading`: somebody's annotation. `adjudication`: the truth in the making, which begins as a consensus. `model`: what a
 * model has labelled; its reader is that model.
 */
export const ReadPurpose = Type.Union([Type.Literal('reading'), Type.Literal('adjudication'), Type.Literal('model')], {
  title: 'ReadPurpose'
});
export type ReadPurpose = Static<typeof ReadPurpose>;

export const Read = Type.Object(
  {
    id: Id,
    caseId: Id,
    title: Title,
    access: ReadAccess,
    purpose: ReadPurpose,
    reader: Person,
    state: ReadState,
    due: Type.Union([Instant, Type.Null()]),
    /** Version of the protocol that it follows; null: begun outside one. */
    protocolVersion: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    /** How many revisions have been submitted. */
    revisions: Type.Integer({ minimum: 0 }),
    volume: Sha256,
    /** A second read of the case by the same reader, to learn how much one agrees with oneself. */
    repeat: Type.Boolean(),
    /** What is painted may be seen, measured and compared; if not, one may only know that the read exists. */
    mayView: Type.Boolean(),
    mayWrite: Type.Boolean(),
    createdAt: Instant
  },
  { title: 'Read', additionalProperties: false }
);
export type Read = Static<typeof Read>;

export const NewRead = Type.Object(
  { title: Type.Optional(Title), access: ReadAccess },
  { title: 'NewRead', additionalProperties: false }
);

export const Case = Type.Object(
  {
    id: Id,
    projectId: Id,
    title: Title,
    volumes: Type.Array(Volume, { minItems: 1 }),
    reads: Type.Array(Read, { description: 'Only those that the caller may know of' }),
    createdAt: Instant
  },
  { title: 'Case', additionalProperties: false }
);
export type Case = Static<typeof Case>;

export const NewCase = Type.Object(
  {
    title: Title,
    volumes: Type.Array(Sha256, { minItems: 1, maxItems: 32 }),
    access: Type.Optional(ReadAccess)
  },
  { title: 'NewCase', additionalProperties: false }
);
export type NewProject = Static<typeof NewProject>;
export type NewRead = Static<typeof NewRead>;
export type NewCase = Static<typeof NewCase>;
