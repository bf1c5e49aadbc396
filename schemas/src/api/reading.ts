import Type, { type Static } from 'typebox';
import { Read } from './cases.js';
import { ModelProvenance } from './modelProvenance.js';
import { Person, Role } from './people.js';
import { SegmentNumber } from './segments.js';
import { Signature, Signing } from './signatures.js';
import { Id, Instant, Sha256, Title, Username } from './values.js';

/** What a release tells of the people who made the truth. */
export const ReaderProfile = Type.Object(
  {
    qualification: Type.String({ maxLength: 500 }),
    yearsOfExperience: Type.Union([Type.Integer({ minimum: 0, maximum: 80 }), Type.Null()])
  },
  { title: 'ReaderProfile', additionalProperties: false }
);
export type ReaderProfile = Static<typeof ReaderProfile>;

export const Member = Type.Object(
  {
    username: Username,
    displayName: Type.String({ minLength: 1, maxLength: 255 }),
    role: Role,
    profile: Type.Union([ReaderProfile, Type.Null()])
  },
  { title: 'Member', additionalProperties: false }
);
export type Member = Static<typeof Member>;

export const MemberChange = Type.Object(
  { role: Role, profile: Type.Optional(Type.Union([ReaderProfile, Type.Null()])) },
  { title: 'MemberChange', additionalProperties: false }
);
export type MemberChange = Static<typeof MemberChange>;

/** Gives a case to readers: one read for each. */
export const NewAssignment = Type.Object(
  {
    readers: Type.Array(Username, { minItems: 1, maxItems: 64, uniqueItems: true }),
    due: Type.Union([Instant, Type.Null()]),
    repeat: Type.Boolean({ description: 'A second read by somebody who has submitted one' })
  },
  { title: 'NewAssignment', additionalProperties: false }
);
export type NewAssignment = Static<typeof NewAssignment>;

/** A read that somebody has been given, with where it belongs. */
export const MyRead = Type.Object(
  { read: Read, caseTitle: Title, projectId: Id, projectTitle: Title },
  { title: 'MyRead', additionalProperties: false }
);
export type MyRead = Static<typeof MyRead>;

export const Submission = Type.Object(
  {
    signing: Signing,
    remark: Type.Optional(Type.String({ maxLength: 2000 })),
    notRead: Type.Optional(
      Type.Array(SegmentNumber, {
        uniqueItems: true,
        description: 'Segments that the reader has not looked for: nothing may be painted in them'
      })
    )
  },
  { title: 'Submission', additionalProperties: false }
);
export type Submission = Static<typeof Submission>;

export const Reopening = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 2000 }) },
  { title: 'Reopening', additionalProperties: false }
);
export type Reopening = Static<typeof Reopening>;

/** An immutable, content-addressed snapshot of a read. */
export const Revision = Type.Object(
  {
    hash: Sha256,
    readId: Id,
    caseId: Id,
    number: Type.Integer({ minimum: 1 }),
    reader: Person,
    labelMapRoot: Sha256,
    protocolVersion: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    parent: Type.Union([Sha256, Type.Null()]),
    startedAt: Instant,
    submittedAt: Instant,
    remark: Type.String({ maxLength: 2000 }),
    /** Segments that the reader has not looked for, ascending: not read is not background. */
    notRead: Type.Array(SegmentNumber),
    /** Why the revision before was reopened. */
    reason: Type.Union([Type.String(), Type.Null()]),
    signature: Type.Union([Signature, Type.Null()], { description: 'Null: nobody signs what a model has labelled' }),
    /** Null: a person has drawn it. */
    model: Type.Union([ModelProvenance, Type.Null()])
  },
  { title: 'Revision', additionalProperties: false }
);
export type Revision = Static<typeof Revision>;
