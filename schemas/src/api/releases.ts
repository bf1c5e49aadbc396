import Type, { type Static } from 'typebox';
import { CriterionResult, Progress } from './consensus.js';
import { Person } from './people.js';
import { SegmentNumber } from './segments.js';
import { Signature } from './signatures.js';
import { Id, Instant, Sha256, Title } from './values.js';

const Count = Type.Integer({ minimum: 0 });
const World = Type.Tuple([Type.Number(), Type.Number(), Type.Number()]);
const Voxel = Type.Tuple([Count, Count, Count]);

/** One thing that happened to a lesion or a structure between two versions. */
export const Change = Type.Object(
  {
    kind: Type.Union([
      Type.Literal('added'),
      Type.Literal('removed'),
      Type.Literal('split'),
      Type.Literal('merged'),
      Type.Literal('relabelled'),
      Type.Literal('moved')
    ]),
    segment: SegmentNumber,
    /** The segment before, where it was relabelled. */
    previousSegment: Type.Union([SegmentNumber, Type.Null()]),
    /** Objects that it was, and objects that it is. */
    before: Count,
    after: Count,
    volumeBeforeMl: Type.Number({ minimum: 0 }),
    volumeAfterMl: Type.Number({ minimum: 0 }),
    dice: Type.Union([Type.Number(), Type.Null()]),
    /** Movement of the boundary in mm, outward positive; null where there is no boundary before and after. */
    meanMovement: Type.Union([Type.Number(), Type.Null()]),
    maximumMovement: Type.Union([Type.Number(), Type.Null()]),
    centre: World,
    box: Type.Object({ min: Voxel, max: Voxel }, { additionalProperties: false, description: 'Voxels; max included' })
  },
  { title: 'Change', additionalProperties: false }
);
export type Change = Static<typeof Change>;

/** What changed between two label maps of a case, by segment and by lesion. */
export const Difference = Type.Object(
  {
    caseId: Id,
    before: Type.String(),
    after: Type.String(),
    identical: Type.Boolean(),
    segments: Type.Array(
      Type.Object(
        {
          number: SegmentNumber,
          volumeBeforeMl: Type.Number({ minimum: 0 }),
          volumeAfterMl: Type.Number({ minimum: 0 }),
          addedVoxels: Count,
          removedVoxels: Count,
          dice: Type.Union([Type.Number(), Type.Null()])
        },
        { additionalProperties: false }
      )
    ),
    changes: Type.Array(Change)
  },
  { title: 'Difference', additionalProperties: false }
);
export type Difference = Static<typeof Difference>;

/** Names a label map that never changes: `revision:<hash>`, `consensus:<id>` or `release:<id>:<case id>`. */
export const LabelMapReference = Type.String({
  pattern: '^(revision:[0-9a-f]{64}|consensus:[0-9a-f-]{36}|release:[0-9a-f-]{36}:[0-9a-f-]{36})$',
  description: 'A label map that never changes'
});
export type LabelMapReference = Static<typeof LabelMapReference>;

export const SemanticVersion = Type.String({ pattern: '^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$' });

/**
 * `major`: what the labels mean has changed. `minor`: cases or lesions were added or changed. `patch`: texts only.
 */
export const VersionStep = Type.Union([Type.Literal('major'), Type.Literal('minor'), Type.Literal('patch')], {
  title: 'VersionStep'
});
export type VersionStep = Static<typeof VersionStep>;

export const NewRelease = Type.Object(
  {
    step: VersionStep,
    cases: Type.Array(Id, { minItems: 1, uniqueItems: true, description: 'Cases whose truth is decided' }),
    notes: Type.String({ maxLength: 4000 })
  },
  { title: 'NewRelease', additionalProperties: false }
);
export type NewRelease = Static<typeof NewRelease>;

export const ReleaseState = Type.Union(
  [
    Type.Literal('preparing'),
    Type.Literal('signing'),
    Type.Literal('released'),
    Type.Literal('withdrawn'),
    Type.Literal('failed')
  ],
  { title: 'ReleaseState' }
);
export type ReleaseState = Static<typeof ReleaseState>;

export const ReleasedCase = Type.Object(
  {
    caseId: Id,
    title: Title,
    consensus: Id,
    labelMapRoot: Sha256,
    readers: Count,
    disputes: Count,
    decided: Count,
    segments: Type.Array(
      Type.Object(
        { number: SegmentNumber, name: Type.String(), volumeMl: Type.Number({ minimum: 0 }), lesions: Count },
        { additionalProperties: false }
      )
    ),
    criteria: Type.Array(CriterionResult),
    /** Against the release before; null if the case is new. */
    changes: Type.Union([Type.Array(Change), Type.Null()])
  },
  { title: 'ReleasedCase', additionalProperties: false }
);
export type ReleasedCase = Static<typeof ReleasedCase>;

export const Release = Type.Object(
  {
    id: Id,
    projectId: Id,
    version: SemanticVersion,
    state: ReleaseState,
    parent: Type.Union([Id, Type.Null()]),
    notes: Type.String({ maxLength: 4000 }),
    protocolVersion: Type.Integer({ minimum: 1 }),
    cases: Type.Array(ReleasedCase),
    manifest: Type.Union([Sha256, Type.Null()]),
    /** Fingerprint of the key that seals it: what the site publishes, so that a release can be told from a forged one. */
    serviceKey: Sha256,
    signatures: Type.Array(Signature),
    signaturesNeeded: Type.Integer({ minimum: 1 }),
    /** The caller may sign now. */
    maySign: Type.Boolean(),
    archive: Type.Union([Type.Object({ sha256: Sha256, bytes: Count }, { additionalProperties: false }), Type.Null()]),
    progress: Progress,
    createdBy: Person,
    createdAt: Instant,
    releasedAt: Type.Union([Instant, Type.Null()])
  },
  { title: 'Release', additionalProperties: false }
);
export type Release = Static<typeof Release>;

/** The result of checking a release as `voxcord verify` does. */
export const Verification = Type.Object(
  {
    valid: Type.Boolean(),
    checked: Type.Object({ files: Count, auditEntries: Count, signatures: Count }, { additionalProperties: false }),
    /** The first broken record, in words. */
    problem: Type.Union([
      Type.Object({ record: Type.String(), text: Type.String() }, { additionalProperties: false }),
      Type.Null()
    ])
  },
  { title: 'Verification', additionalProperties: false }
);
export type Verification = Static<typeof Verification>;

/** One event of a project's audit log; each holds the hash of the one before. */
export const AuditEvent = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1 }),
    previous: Type.Union([Sha256, Type.Null()], { description: 'Null: the first one' }),
    hash: Sha256,
    time: Instant,
    actor: Type.String(),
    action: Type.String(),
    subject: Type.String(),
    clockBehind: Type.Boolean({ description: 'The clock stood before the event before: it had been set back' }),
    details: Type.Record(Type.String(), Type.Unknown())
  },
  { title: 'AuditEvent', additionalProperties: false }
);
export type AuditEvent = Static<typeof AuditEvent>;
