import Type, { type Static } from 'typebox';
import { Progress } from './consensus.js';
import { Person } from './people.js';
import { Estimate } from './projectAgreement.js';
import { LesionMatching, SegmentKind, SurfaceDefinition } from './protocols.js';
import { SegmentNumber } from './segments.js';
import { SemanticVersion } from './releases.js';
import { Id, Instant, Sha256, Title, Username } from './values.js';

/*
 * How good a model, or any reader, is against the ground truth of a release. What each definition means is said in
 * docs/contributors/evaluation.md.
 */

const Count = Type.Integer({ minimum: 0 });
const Maybe = Type.Union([Type.Number(), Type.Null()]);
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Millilitres = Type.Number({ minimum: 0 });
const Millimetres = Type.Number({ minimum: 0 });
const World = Type.Tuple([Type.Number(), Type.Number(), Type.Number()]);

/** Names a definition: `dice`, `hd95.deepmind`, `nsd.mesh.tau-2mm`, `lesion.sensitivity` ... */
export const DefinitionId = Type.String({ pattern: '^[a-z][a-z0-9.-]*$', description: 'Id of a definition' });

/** What a figure is, and in what unit. */
export const Measure = Type.Object(
  {
    definition: DefinitionId,
    name: Type.String({ minLength: 1 }),
    unit: Type.Union([Type.Literal(''), Type.Literal('mm'), Type.Literal('ml')])
  },
  { title: 'Measure', additionalProperties: false }
);
export type Measure = Static<typeof Measure>;

/** One figure over cases. Every patient counts the same in the mean; intervals draw patients, not voxels. */
export const MeasureSummary = Type.Object(
  {
    measure: Measure,
    mean: Estimate,
    /** Its interval lies between order statistics. */
    median: Estimate,
    withoutValue: Type.Integer({ minimum: 0, description: 'Cases (or lesions) in which it is not defined' })
  },
  { title: 'MeasureSummary', additionalProperties: false }
);
export type MeasureSummary = Static<typeof MeasureSummary>;

/** Lesions found and missed, over all cases. `cases` of an estimate are the patients that it rests on. */
export const DetectionSummary = Type.Object(
  {
    lesions: Type.Integer({ minimum: 0, description: 'In the truth' }),
    found: Count,
    marks: Type.Integer({ minimum: 0, description: 'Objects of the prediction' }),
    falsePositives: Count,
    /** Marks on a lesion that another mark has found better: neither right nor wrong. */
    repeatedMarks: Count,
    sensitivity: Estimate,
    precision: Estimate,
    f1: Estimate,
    falsePositivesPerCase: Estimate
  },
  { title: 'DetectionSummary', additionalProperties: false }
);
export type DetectionSummary = Static<typeof DetectionSummary>;

/** Lesions of the truth of one size, and false marks of that size. Long axis in mm; `from` included, `below` not. */
export const SizeBinSummary = Type.Object(
  {
    from: Millimetres,
    below: Type.Union([Millimetres, Type.Null()]),
    lesions: Count,
    found: Count,
    sensitivity: Estimate,
    falsePositives: Count,
    falsePositivesPerCase: Estimate,
    quality: Type.Array(MeasureSummary, { description: 'Of the lesions that were found; each counts the same' })
  },
  { title: 'SizeBinSummary', additionalProperties: false }
);
export type SizeBinSummary = Static<typeof SizeBinSummary>;

export const FrocPoint = Type.Object(
  {
    threshold: Type.Union([Type.Number(), Type.Null()], { description: 'Null: above all scores, or without scores' }),
    falsePositivesPerCase: Type.Number({ minimum: 0 }),
    sensitivity: Share
  },
  { title: 'FrocPoint', additionalProperties: false }
);
export type FrocPoint = Static<typeof FrocPoint>;

/** Free-response operating characteristic. Without scores it is a single point. */
export const Froc = Type.Object(
  {
    scored: Type.Boolean(),
    points: Type.Array(FrocPoint),
    at: Type.Array(
      Type.Object(
        { falsePositivesPerCase: Type.Number({ exclusiveMinimum: 0 }), sensitivity: Estimate },
        { additionalProperties: false }
      ),
      { description: 'Empty without scores' }
    ),
    /** Of the sensitivities at these rates. */
    mean: Estimate
  },
  { title: 'Froc', additionalProperties: false }
);
export type Froc = Static<typeof Froc>;

export const LesionSummary = Type.Object(
  { detection: DetectionSummary, bins: Type.Array(SizeBinSummary), froc: Froc },
  { title: 'LesionSummary', additionalProperties: false }
);
export type LesionSummary = Static<typeof LesionSummary>;

export const SegmentSummary = Type.Object(
  {
    number: SegmentNumber,
    cases: Type.Integer({ minimum: 0, description: 'In which the segment was read' }),
    measures: Type.Array(MeasureSummary),
    lesions: Type.Union([LesionSummary, Type.Null()], { description: 'Null: it is a structure' })
  },
  { title: 'SegmentSummary', additionalProperties: false }
);
export type SegmentSummary = Static<typeof SegmentSummary>;

/** Cases that have one value of one property in common. */
export const Stratum = Type.Object(
  { name: Type.String(), value: Type.String(), cases: Count, segments: Type.Array(SegmentSummary) },
  { title: 'Stratum', additionalProperties: false }
);
export type Stratum = Static<typeof Stratum>;

/** A lesion of the truth, or a mark where the truth has none. */
export const EvaluatedLesion = Type.Object(
  {
    segment: SegmentNumber,
    outcome: Type.Union([Type.Literal('found'), Type.Literal('missed'), Type.Literal('false-positive')]),
    /** Numbers of objects in the truth and in the prediction, from 1 in the order of their first voxels. */
    lesion: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    marks: Type.Array(Type.Integer({ minimum: 1 })),
    /** World, mm; of the lesion, else of the mark. */
    centre: World,
    /** Of the lesion. */
    diameter: Type.Union([Millimetres, Type.Null()]),
    volumeMl: Type.Union([Millilitres, Type.Null()]),
    /** Of its marks together. */
    markedDiameter: Type.Union([Millimetres, Type.Null()]),
    markedVolumeMl: Type.Union([Millilitres, Type.Null()]),
    /** Highest of its marks; null without scores, and of what was missed. */
    score: Maybe,
    values: Type.Record(DefinitionId, Maybe)
  },
  { title: 'EvaluatedLesion', additionalProperties: false }
);
export type EvaluatedLesion = Static<typeof EvaluatedLesion>;

export const EvaluatedSegment = Type.Object(
  {
    number: SegmentNumber,
    truthMl: Millilitres,
    predictionMl: Millilitres,
    noValue: Type.Union([Type.Literal('both-empty'), Type.Literal('one-empty'), Type.Null()], {
      description: 'Why figures are null; with one-empty overlaps are 0 and distances null'
    }),
    values: Type.Record(DefinitionId, Maybe),
    lesions: Type.Union([Count, Type.Null()], { description: 'Null: it is a structure' }),
    marks: Type.Union([Count, Type.Null()]),
    repeatedMarks: Type.Union([Count, Type.Null()])
  },
  { title: 'EvaluatedSegment', additionalProperties: false }
);
export type EvaluatedSegment = Static<typeof EvaluatedSegment>;

/**
 * `measured`; `counted-as-empty`: there is no prediction, and it counts as one that shows nothing; `left-out`: there is
 * none, and the case is in no figure.
 */
export const CaseStanding = Type.Union(
  [Type.Literal('measured'), Type.Literal('counted-as-empty'), Type.Literal('left-out')],
  { title: 'CaseStanding' }
);
export type CaseStanding = Static<typeof CaseStanding>;

export const EvaluatedCase = Type.Object(
  {
    caseId: Id,
    title: Title,
    standing: CaseStanding,
    /** Revision or file that was evaluated. */
    prediction: Type.Union([Type.String(), Type.Null()]),
    strata: Type.Record(Type.String(), Type.String()),
    segments: Type.Array(EvaluatedSegment, { description: 'Segments that the reader has read' }),
    lesions: Type.Array(EvaluatedLesion)
  },
  { title: 'EvaluatedCase', additionalProperties: false }
);
export type EvaluatedCase = Static<typeof EvaluatedCase>;

/** By what everything was measured. */
export const EvaluationConditions = Type.Object(
  {
    surface: Type.Union([SurfaceDefinition, Type.Literal('medpy'), Type.Literal('mean-of-directed')], {
      description: 'Of the figures that are shown first'
    }),
    tau: Type.Number({ minimum: 0, description: 'mm; of the surface Dice' }),
    matching: LesionMatching,
    diameter: DefinitionId,
    score: Type.Union([Type.Literal('maximum'), Type.Literal('mean')], { description: 'Of a mark: over its voxels' }),
    resamples: Type.Integer({ minimum: 1 }),
    seed: Type.Integer(),
    softwareVersion: Type.String()
  },
  { title: 'EvaluationConditions', additionalProperties: false }
);
export type EvaluationConditions = Static<typeof EvaluationConditions>;

export const EvaluationWarning = Type.Object(
  {
    code: Type.Union([
      Type.Literal('few-cases'),
      Type.Literal('missing-predictions'),
      Type.Literal('left-out'),
      Type.Literal('no-lesions'),
      Type.Literal('no-scores'),
      Type.Literal('damaged-scores'),
      Type.Literal('segment-not-in-release'),
      Type.Literal('segment-not-read'),
      Type.Literal('reader-in-truth'),
      Type.Literal('release-not-valid'),
      Type.Literal('kinds-unknown'),
      Type.Literal('unused-predictions'),
      Type.Literal('training-data')
    ]),
    text: Type.String()
  },
  { title: 'EvaluationWarning', additionalProperties: false }
);
export type EvaluationWarning = Static<typeof EvaluationWarning>;

export const EvaluationResult = Type.Object(
  {
    conditions: EvaluationConditions,
    names: Type.Array(
      Type.Object(
        { number: SegmentNumber, name: Type.String(), kind: SegmentKind },
        { title: 'EvaluatedName', additionalProperties: false }
      )
    ),
    cases: Type.Array(EvaluatedCase),
    segments: Type.Array(SegmentSummary),
    strata: Type.Array(Stratum),
    warnings: Type.Array(EvaluationWarning)
  },
  { title: 'EvaluationResult', additionalProperties: false }
);
export type EvaluationResult = Static<typeof EvaluationResult>;

/** What becomes of cases that the reader has not read. */
export const MissingRule = Type.Union([Type.Literal('count-as-empty'), Type.Literal('leave-out')], {
  title: 'MissingRule'
});
export type MissingRule = Static<typeof MissingRule>;

export const NewEvaluation = Type.Object(
  { release: Id, reader: Username, missing: MissingRule },
  { title: 'NewEvaluation', additionalProperties: false }
);
export type NewEvaluation = Static<typeof NewEvaluation>;

/** A reader of a project against one of its releases. */
export const Evaluation = Type.Object(
  {
    id: Id,
    projectId: Id,
    release: Type.Object(
      { id: Id, version: SemanticVersion, manifest: Sha256 },
      { additionalProperties: false, description: 'manifest: SHA-256 of release.json' }
    ),
    reader: Person,
    kind: Type.Union([Type.Literal('person'), Type.Literal('model')]),
    missing: MissingRule,
    revisions: Type.Array(Type.Object({ caseId: Id, revision: Sha256 }, { additionalProperties: false }), {
      description: 'What was evaluated'
    }),
    /** The reader has submitted something newer, or read more cases of the release, since. */
    outdated: Type.Boolean(),
    createdBy: Person,
    createdAt: Instant,
    progress: Progress,
    result: Type.Union([EvaluationResult, Type.Null()], { description: 'Null in lists, and until it is computed' })
  },
  { title: 'Evaluation', additionalProperties: false }
);
export type Evaluation = Static<typeof Evaluation>;

/** Somebody whose reads of released cases can be evaluated. */
export const EvaluableReader = Type.Object(
  {
    reader: Person,
    kind: Type.Union([Type.Literal('person'), Type.Literal('model')]),
    cases: Type.Integer({ minimum: 1, description: 'Of the release, with a submitted read that I may see' })
  },
  { title: 'EvaluableReader', additionalProperties: false }
);
export type EvaluableReader = Static<typeof EvaluableReader>;
