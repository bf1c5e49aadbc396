import Type, { type Static } from 'typebox';
import { Person } from './people.js';
import { AgreementRules, ConsensusRules } from './protocols.js';
import { SegmentNumber } from './segments.js';
import { Id, Instant, Sha256 } from './values.js';

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Maybe = Type.Union([Type.Number(), Type.Null()], { description: 'Null: not defined here' });
const World = Type.Tuple([Type.Number(), Type.Number(), Type.Number()]);
const Voxel = Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })]);

/** Readers are called A, B, C ... within one consensus, in the order of their submission. */
export const ReaderLetter = Type.String({ pattern: '^[A-Z]{1,2}$' });

export const ConsensusReader = Type.Object(
  {
    letter: ReaderLetter,
    reader: Person,
    kind: Type.Union([Type.Literal('person'), Type.Literal('model')]),
    revision: Sha256,
    weight: Share,
    readSegments: Type.Union([Type.Array(SegmentNumber), Type.Null()], { description: 'Null: all of the protocol' })
  },
  { title: 'ConsensusReader', additionalProperties: false }
);
export type ConsensusReader = Static<typeof ConsensusReader>;

export const Warning = Type.Object(
  { code: Type.String(), text: Type.String(), segment: Type.Union([SegmentNumber, Type.Null()]) },
  { title: 'Warning', additionalProperties: false }
);
export type Warning = Static<typeof Warning>;

export const ReaderPerformance = Type.Object(
  { letter: ReaderLetter, sensitivity: Maybe, specificity: Maybe },
  { title: 'ReaderPerformance', additionalProperties: false }
);
export type ReaderPerformance = Static<typeof ReaderPerformance>;

/** What the answer would have been with other regions; empty where the method does not depend on one. */
export const RegionDependence = Type.Object(
  {
    depends: Type.Boolean(),
    answers: Type.Array(
      Type.Object({ region: Type.String(), voxels: Type.Integer({ minimum: 0 }) }, { additionalProperties: false })
    )
  },
  { title: 'RegionDependence', additionalProperties: false }
);
export type RegionDependence = Static<typeof RegionDependence>;

export const SegmentConsensus = Type.Object(
  {
    number: SegmentNumber,
    method: Type.String(),
    voxels: Type.Integer({ minimum: 0 }),
    volumeMl: Type.Number({ minimum: 0 }),
    undecidedVoxels: Type.Integer({ minimum: 0 }),
    iterations: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    performance: Type.Array(ReaderPerformance),
    region: RegionDependence
  },
  { title: 'SegmentConsensus', additionalProperties: false }
);
export type SegmentConsensus = Static<typeof SegmentConsensus>;

/** Distances in mm. Which definition and tolerance they have stands in `AgreementRules` of the consensus. */
export const PairAgreement = Type.Object(
  {
    a: ReaderLetter,
    b: ReaderLetter,
    dice: Maybe,
    iou: Maybe,
    volumeDifferenceMl: Type.Number(),
    hd: Maybe,
    hd95: Maybe,
    assd: Maybe,
    nsd: Maybe
  },
  { title: 'PairAgreement', additionalProperties: false }
);
export type PairAgreement = Static<typeof PairAgreement>;

export const SegmentAgreement = Type.Object(
  { number: SegmentNumber, pairs: Type.Array(PairAgreement), fleissKappa: Maybe },
  { title: 'SegmentAgreement', additionalProperties: false }
);
export type SegmentAgreement = Static<typeof SegmentAgreement>;

/** One lesion over all readers. */
export const LesionConsensus = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    segment: SegmentNumber,
    accepted: Type.Boolean({ description: 'Enough readers saw it' }),
    existence: Type.Number({ minimum: 0, maximum: 1, description: 'Probability that it exists, from the votes' }),
    volumeMl: Type.Number({ minimum: 0 }),
    diameter: Type.Number({ minimum: 0, description: 'mm; greatest distance between two of its voxels' }),
    centre: World,
    readers: Type.Array(
      Type.Object(
        {
          letter: ReaderLetter,
          /** Null: this reader has not read the segment. */
          present: Type.Union([Type.Boolean(), Type.Null()]),
          volumeMl: Type.Number({ minimum: 0 }),
          diameter: Type.Number({ minimum: 0 })
        },
        { additionalProperties: false }
      )
    )
  },
  { title: 'LesionConsensus', additionalProperties: false }
);
export type LesionConsensus = Static<typeof LesionConsensus>;

/** Who is right: the reader, the consensus, what the adjudicator paints, or nobody yet. */
export const Choice = Type.Union(
  [
    Type.Object({ kind: Type.Literal('reader'), letter: ReaderLetter }, { additionalProperties: false }),
    Type.Object({ kind: Type.Literal('consensus') }, { additionalProperties: false }),
    Type.Object({ kind: Type.Literal('painted') }, { additionalProperties: false }),
    Type.Object({ kind: Type.Literal('open') }, { additionalProperties: false })
  ],
  { title: 'Choice' }
);
export type Choice = Static<typeof Choice>;

/** What the adjudicator had on the screen when deciding. */
export const Shown = Type.Object(
  {
    overlays: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 32 }),
    centre: World,
    window: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()], { description: 'Level and width' }),
    volume: Sha256
  },
  { title: 'Shown', additionalProperties: false }
);
export type Shown = Static<typeof Shown>;

export const NewDecision = Type.Object(
  { choice: Choice, reason: Type.String({ maxLength: 2000 }), shown: Shown },
  { title: 'NewDecision', additionalProperties: false }
);
export type NewDecision = Static<typeof NewDecision>;

/** Decisions are never changed: a newer one takes the place of an older one, which stays on record. */
export const Decision = Type.Object(
  {
    dispute: Type.Integer({ minimum: 1 }),
    choice: Choice,
    reason: Type.String({ maxLength: 2000 }),
    shown: Shown,
    by: Person,
    at: Instant
  },
  { title: 'Decision', additionalProperties: false }
);
export type Decision = Static<typeof Decision>;

/** A connected region in which the readers disagree. */
export const Dispute = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    kind: Type.Union([Type.Literal('presence'), Type.Literal('boundary'), Type.Literal('label')]),
    segments: Type.Array(SegmentNumber),
    lesion: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    voxels: Type.Integer({ minimum: 1 }),
    volumeMl: Type.Number({ minimum: 0 }),
    severity: Type.Number({ minimum: 0, maximum: 1, description: 'Mean disagreement of its voxels' }),
    centre: World,
    box: Type.Object({ min: Voxel, max: Voxel }, { additionalProperties: false, description: 'Voxels; max included' }),
    candidates: Type.Array(
      Type.Object(
        {
          letter: ReaderLetter,
          present: Type.Union([Type.Boolean(), Type.Null()]),
          volumeMl: Type.Number({ minimum: 0 })
        },
        { additionalProperties: false }
      )
    ),
    consensus: Type.Object(
      { volumeMl: Type.Number({ minimum: 0 }), probability: Share },
      { additionalProperties: false }
    ),
    /** The protocol asks for a decision. */
    asked: Type.Boolean(),
    decision: Type.Union([Decision, Type.Null()])
  },
  { title: 'Dispute', additionalProperties: false }
);
export type Dispute = Static<typeof Dispute>;

/** Voxels of a dispute: start, length, start, length ... in linear order (i fastest). */
export const DisputeRegion = Type.Object(
  { runs: Type.Array(Type.Integer({ minimum: 0 })) },
  { title: 'DisputeRegion', additionalProperties: false }
);
export type DisputeRegion = Static<typeof DisputeRegion>;

export const CriterionResult = Type.Object(
  {
    id: Type.String(),
    expression: Type.String(),
    description: Type.String(),
    /** Null: it could not be evaluated; `reason` says why. */
    met: Type.Union([Type.Boolean(), Type.Null()]),
    /** Quantities in the expression, as evaluated. */
    values: Type.Array(
      Type.Object({ name: Type.String(), value: Maybe, unit: Type.String() }, { additionalProperties: false })
    ),
    reason: Type.Union([Type.String(), Type.Null()])
  },
  { title: 'CriterionResult', additionalProperties: false }
);
export type CriterionResult = Static<typeof CriterionResult>;

export const ConsensusResult = Type.Object(
  {
    labelMapRoot: Sha256,
    readers: Type.Array(ConsensusReader),
    segments: Type.Array(SegmentConsensus),
    agreement: Type.Array(SegmentAgreement),
    lesions: Type.Array(LesionConsensus),
    disputes: Type.Array(Dispute),
    adjudication: Type.Object(
      { needed: Type.Boolean(), triggers: Type.Array(CriterionResult), read: Type.Union([Id, Type.Null()]) },
      { additionalProperties: false }
    ),
    criteria: Type.Array(CriterionResult),
    warnings: Type.Array(Warning)
  },
  { title: 'ConsensusResult', additionalProperties: false }
);
export type ConsensusResult = Static<typeof ConsensusResult>;

export const Progress = Type.Union(
  [
    Type.Object({ state: Type.Literal('running'), done: Share, step: Type.String() }, { additionalProperties: false }),
    Type.Object({ state: Type.Literal('done') }, { additionalProperties: false }),
    Type.Object({ state: Type.Literal('cancelled') }, { additionalProperties: false }),
    Type.Object(
      { state: Type.Literal('failed'), code: Type.String(), detail: Type.String() },
      { additionalProperties: false }
    )
  ],
  { title: 'Progress' }
);
export type Progress = Static<typeof Progress>;

/** Computed from submitted revisions. Several drafts of a case may stand side by side; a release names one. */
export const Consensus = Type.Object(
  {
    id: Id,
    caseId: Id,
    number: Type.Integer({ minimum: 1 }),
    protocolVersion: Type.Integer({ minimum: 1 }),
    /** Other rules than those of the protocol: for comparison, never released. */
    deviates: Type.Boolean(),
    /** A read has been reopened or submitted since. */
    outdated: Type.Boolean(),
    rules: ConsensusRules,
    agreementRules: AgreementRules,
    createdBy: Person,
    createdAt: Instant,
    progress: Progress,
    result: Type.Union([ConsensusResult, Type.Null()])
  },
  { title: 'Consensus', additionalProperties: false }
);
export type Consensus = Static<typeof Consensus>;

/** Left out: the rules of the locked protocol. */
export const NewConsensus = Type.Object(
  { rules: Type.Optional(ConsensusRules) },
  { title: 'NewConsensus', additionalProperties: false }
);
export type NewConsensus = Static<typeof NewConsensus>;
