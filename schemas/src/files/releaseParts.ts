import Type, { type Static } from 'typebox';
import { Id, Sha256, Title, Username } from '../api/values.js';
import { RevisionManifest } from './revisionManifest.js';
import { DsseEnvelope } from './signatures.js';
import { JsonObject, PrintedName, Software, Timestamp, TruthGeometry, Version } from './truthValues.js';

const FilePath = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*$', maxLength: 255 });

/** One version of the protocol. `sha256` is that of the canonical JSON of `content`. */
export const ReleasedProtocol = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    sha256: Sha256,
    content: JsonObject,
    lockedAt: Timestamp,
    lockedBy: PrintedName,
    afterFirstRead: Type.Boolean({ description: 'Locked after reads had begun: a change of the rules in between' }),
    changes: Type.Array(Type.String(), { description: 'What differs from the version before, in words' }),
    signatures: Type.Array(DsseEnvelope)
  },
  { additionalProperties: false }
);
export type ReleasedProtocol = Static<typeof ReleasedProtocol>;

export const ReleasedRead = Type.Object(
  { path: FilePath, sha256: Sha256, manifest: RevisionManifest, signatures: Type.Array(DsseEnvelope) },
  { additionalProperties: false, description: 'sha256: of the canonical JSON of the manifest' }
);
export type ReleasedRead = Static<typeof ReleasedRead>;

/** The adjudicators' own revision, whose label map is the truth. */
export const ReleasedAdjudication = Type.Object(
  { sha256: Sha256, manifest: RevisionManifest, signatures: Type.Array(DsseEnvelope) },
  { additionalProperties: false, description: 'sha256: of the canonical JSON of the manifest' }
);
export type ReleasedAdjudication = Static<typeof ReleasedAdjudication>;

/** How the consensus of a case was computed, and what came out beside the maps. */
export const ConsensusRecord = Type.Object(
  {
    method: Type.String({ minLength: 1 }),
    engine: Software,
    parameters: JsonObject,
    roi: JsonObject,
    ties: Type.Union([Type.Literal('background'), Type.Literal('foreground'), Type.Literal('undecided')]),
    inputs: Type.Array(Type.Object({ revision: Sha256, root: Sha256 }, { additionalProperties: false })),
    segments: Type.Array(
      Type.Object(
        {
          segment: Type.Integer({ minimum: 1, maximum: 255 }),
          readers: Type.Array(
            Type.Object(
              {
                reader: Username,
                sensitivity: Type.Union([Type.Number(), Type.Null()]),
                specificity: Type.Union([Type.Number(), Type.Null()])
              },
              { additionalProperties: false }
            )
          ),
          iterations: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
          voxels: Type.Integer({ minimum: 0 }),
          undecidedVoxels: Type.Integer({ minimum: 0 })
        },
        { additionalProperties: false }
      )
    ),
    warnings: Type.Array(Type.String()),
    computedAt: Timestamp
  },
  { title: 'ConsensusRecord', additionalProperties: false }
);
export type ConsensusRecord = Static<typeof ConsensusRecord>;

/** One recorded decision on what stayed disputed. */
export const AdjudicationDecision = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    question: Type.String({ minLength: 1 }),
    candidates: Type.Array(JsonObject, { description: 'What could be chosen, as it was shown' }),
    decision: Type.String({ minLength: 1 }),
    reason: Type.String(),
    adjudicator: PrintedName,
    time: Timestamp,
    shown: JsonObject
  },
  { title: 'AdjudicationDecision', additionalProperties: false }
);
export type AdjudicationDecision = Static<typeof AdjudicationDecision>;

export const ReleasedCase = Type.Object(
  {
    id: Id,
    title: Title,
    image: Type.Object(
      {
        volume: Sha256,
        name: Type.String(),
        modality: Type.String(),
        identifiers: JsonObject,
        deidentification: Type.Union([Type.String(), Type.Null()])
      },
      { additionalProperties: false }
    ),
    geometry: TruthGeometry,
    truth: Type.Object({ path: FilePath, root: Sha256 }, { additionalProperties: false }),
    soft: Type.Array(
      Type.Object(
        { segment: Type.Integer({ minimum: 1, maximum: 255 }), path: FilePath, sha256: Sha256 },
        { additionalProperties: false, description: 'sha256: of the voxels on fileGrid, float32 little-endian' }
      )
    ),
    reads: Type.Array(ReleasedRead),
    adjudication: Type.Union([ReleasedAdjudication, Type.Null()], {
      description: 'Null: nothing had to be decided, the consensus is the truth'
    }),
    consensus: Type.Union([ConsensusRecord, Type.Null()]),
    decisions: Type.Array(AdjudicationDecision),
    strata: JsonObject
  },
  { title: 'ReleasedCase', additionalProperties: false }
);
export type ReleasedCase = Static<typeof ReleasedCase>;

/** A table of figures; each column of figures names the definition that they were computed by. */
export const MetricTable = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
    title: Type.String({ minLength: 1 }),
    columns: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          unit: Type.String(),
          definition: Type.Union([Type.String(), Type.Null()])
        },
        { additionalProperties: false }
      ),
      { minItems: 1 }
    ),
    rows: Type.Array(Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])))
  },
  { title: 'MetricTable', additionalProperties: false }
);
export type MetricTable = Static<typeof MetricTable>;

export const CriterionResult = Type.Object(
  {
    expression: Type.String({ minLength: 1 }),
    scope: Type.String({ minLength: 1, description: 'What it was evaluated for: project, or the id of a case' }),
    holds: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: it could not be evaluated' }),
    explanation: Type.String()
  },
  { title: 'CriterionResult', additionalProperties: false }
);
export type CriterionResult = Static<typeof CriterionResult>;

export const ChangeReport = Type.Object(
  {
    from: Version,
    summary: Type.String(),
    cases: Type.Array(
      Type.Object(
        { case: Id, title: Title, changes: Type.Array(Type.String()), details: JsonObject },
        { additionalProperties: false }
      )
    )
  },
  { title: 'ChangeReport', additionalProperties: false }
);
export type ChangeReport = Static<typeof ChangeReport>;

export const RaterProfile = Type.Object(
  {
    username: Username,
    name: Type.String({ minLength: 1 }),
    kind: Type.Union([Type.Literal('person'), Type.Literal('model')]),
    roles: Type.Array(Type.String()),
    qualification: Type.String(),
    yearsOfExperience: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
    details: JsonObject
  },
  { title: 'RaterProfile', additionalProperties: false }
);
export type RaterProfile = Static<typeof RaterProfile>;

/** What only people know about the data: the answers that datasheet, RO-Crate and Croissant are made of. */
export const DatasetFields = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    description: Type.String({ minLength: 1 }),
    purpose: Type.String({ minLength: 1 }),
    origin: Type.String({ minLength: 1, description: 'Where the images come from' }),
    licence: Type.String({ minLength: 1, description: 'URL or SPDX id' }),
    creators: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    keywords: Type.Array(Type.String()),
    citation: Type.String(),
    url: Type.String(),
    collectionTimeframe: Type.String(),
    population: Type.String(),
    preprocessing: Type.String(),
    missingData: Type.String(),
    deidentification: Type.String(),
    sensitiveInformation: Type.String(),
    biases: Type.String(),
    limitations: Type.String(),
    useCases: Type.String(),
    socialImpact: Type.String(),
    distribution: Type.String(),
    maintenance: Type.String()
  },
  { title: 'DatasetFields', additionalProperties: false }
);
export type DatasetFields = Static<typeof DatasetFields>;

export const ReleasedFile = Type.Object(
  { path: FilePath, bytes: Type.Integer({ minimum: 0 }), sha256: Sha256, mediaType: Type.String({ minLength: 1 }) },
  { additionalProperties: false }
);
export type ReleasedFile = Static<typeof ReleasedFile>;
