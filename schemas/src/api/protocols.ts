import Type, { type Static } from 'typebox';
import { Person } from './people.js';
import { Code, SegmentNumber } from './segments.js';
import { Signature, Signing } from './signatures.js';
import { Colour, Id, Instant, Sha256, Title } from './values.js';

/**
 * `structure`: one object per case, such as an organ. `lesion`: any number of separate objects, which are matched between
 * readers one by one before their shape is agreed on.
 */
export const SegmentKind = Type.Union([Type.Literal('structure'), Type.Literal('lesion')], { title: 'SegmentKind' });
export type SegmentKind = Static<typeof SegmentKind>;

export const ProtocolSegment = Type.Object(
  {
    number: SegmentNumber,
    name: Type.String({ minLength: 1, maxLength: 64 }),
    colour: Colour,
    codes: Type.Array(Code, { maxItems: 8 }),
    kind: SegmentKind,
    instructions: Type.String({ maxLength: 4000, description: 'What to include, what to leave out' })
  },
  { title: 'ProtocolSegment', additionalProperties: false }
);
export type ProtocolSegment = Static<typeof ProtocolSegment>;

/** The voxels that a statistic is computed on. It is part of the result. */
export const RegionRule = Type.Union(
  [
    Type.Object({ rule: Type.Literal('whole') }, { additionalProperties: false }),
    Type.Object({ rule: Type.Literal('union') }, { additionalProperties: false }),
    Type.Object(
      { rule: Type.Literal('margin'), millimetres: Type.Number({ minimum: 0, maximum: 1000 }) },
      { additionalProperties: false, description: 'The box of the union, grown on every side' }
    )
  ],
  { title: 'RegionRule' }
);
export type RegionRule = Static<typeof RegionRule>;

export const TieRule = Type.Union([Type.Literal('background'), Type.Literal('foreground'), Type.Literal('undecided')], {
  title: 'TieRule'
});
export type TieRule = Static<typeof TieRule>;

/** How several masks become one. Ids are those of `docs/contributors/consensus.md` and never change their meaning. */
export const ShapeMethod = Type.Union(
  [
    Type.Object(
      {
        id: Type.Literal('vote.kofn'),
        threshold: Type.Union([Type.Integer({ minimum: 1, maximum: 64 }), Type.Null()], {
          description: 'Votes that are needed; null: more than half'
        }),
        ties: TieRule
      },
      { additionalProperties: false }
    ),
    Type.Object(
      {
        id: Type.Literal('staple.binary.itk'),
        confidenceWeight: Type.Number({ exclusiveMinimum: 0, maximum: 100 }),
        region: RegionRule
      },
      { additionalProperties: false }
    ),
    Type.Object(
      { id: Type.Literal('staple.multilabel.f64'), region: RegionRule },
      { additionalProperties: false, description: 'All structures at once' }
    ),
    Type.Object({ id: Type.Literal('staple.map'), region: RegionRule }, { additionalProperties: false }),
    Type.Object({ id: Type.Literal('sba'), ties: TieRule }, { additionalProperties: false })
  ],
  { title: 'ShapeMethod' }
);
export type ShapeMethod = Static<typeof ShapeMethod>;

/** When marks of different readers are the same lesion: any of these, tried in this order. */
export const LesionMatching = Type.Object(
  {
    minimumIou: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    centroidInMask: Type.Boolean(),
    maximumDistance: Type.Number({ minimum: 0, maximum: 100, description: 'mm between surfaces; 0: touching only' })
  },
  { title: 'LesionMatching', additionalProperties: false }
);
export type LesionMatching = Static<typeof LesionMatching>;

export const ConsensusRules = Type.Object(
  {
    structures: ShapeMethod,
    lesions: Type.Object(
      {
        matching: LesionMatching,
        presence: Type.Union([Type.Integer({ minimum: 1, maximum: 64 }), Type.Null()], {
          description: 'Readers who must have seen a lesion; null: more than half'
        }),
        shape: ShapeMethod
      },
      { additionalProperties: false }
    ),
    modelWeight: Type.Number({ minimum: 0, maximum: 1, description: 'Weight of a model among people; 0: shown only' })
  },
  { title: 'ConsensusRules', additionalProperties: false }
);
export type ConsensusRules = Static<typeof ConsensusRules>;

export const SurfaceDefinition = Type.Union(
  [Type.Literal('deepmind'), Type.Literal('metricsreloaded'), Type.Literal('mesh')],
  { title: 'SurfaceDefinition' }
);
export type SurfaceDefinition = Static<typeof SurfaceDefinition>;

export const AgreementRules = Type.Object(
  {
    surface: SurfaceDefinition,
    tolerance: Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'mm; tau of the surface Dice' }),
    kappaRegion: RegionRule
  },
  { title: 'AgreementRules', additionalProperties: false }
);
export type AgreementRules = Static<typeof AgreementRules>;

const Expression = Type.String({ minLength: 1, maxLength: 500, description: 'See docs/users/criteria.md' });

/** Something that must hold: `dice >= 0.8 and hd95 <= 5 mm`. */
export const Criterion = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
    expression: Expression,
    description: Type.String({ maxLength: 500 })
  },
  { title: 'Criterion', additionalProperties: false }
);
export type Criterion = Static<typeof Criterion>;

/**
 * `none`: the consensus stands. `2+1`: if one of the triggers holds, somebody who has not read the case decides what stayed
 * disputed. `always`: every dispute is decided by somebody.
 */
export const AdjudicationRules = Type.Object(
  {
    rule: Type.Union([Type.Literal('none'), Type.Literal('2+1'), Type.Literal('always')]),
    triggers: Type.Array(Expression, { maxItems: 16 }),
    minimumVolume: Type.Number({
      minimum: 0,
      maximum: 1000,
      description: 'ml; smaller disputes are left to the consensus'
    })
  },
  { title: 'AdjudicationRules', additionalProperties: false }
);
export type AdjudicationRules = Static<typeof AdjudicationRules>;

/** What a release must tell about its data (EU AI Act, Art. 10). */
export const DatasetStatement = Type.Object(
  {
    purpose: Type.String({ maxLength: 4000 }),
    origin: Type.String({ maxLength: 4000, description: 'Where the images come from, and for what they were made' }),
    deidentification: Type.String({ maxLength: 4000 }),
    limitations: Type.String({ maxLength: 4000 }),
    population: Type.Optional(Type.String({ maxLength: 4000, description: 'Of whom the images are' })),
    collection: Type.Optional(Type.String({ maxLength: 4000, description: 'When and how the images were gathered' })),
    biases: Type.Optional(Type.String({ maxLength: 4000, description: 'What is over- or under-represented, and why' })),
    licence: Type.String({ maxLength: 200, description: 'SPDX identifier or a text' })
  },
  { title: 'DatasetStatement', additionalProperties: false }
);
export type DatasetStatement = Static<typeof DatasetStatement>;

/** How ground truth is made in a project. Locked before the first read, so that nobody can fit it to the result. */
export const ProtocolContent = Type.Object(
  {
    title: Title,
    segments: Type.Array(ProtocolSegment, { maxItems: 255 }),
    readers: Type.Object(
      {
        perCase: Type.Integer({ minimum: 1, maximum: 64 }),
        blind: Type.Boolean(),
        qualification: Type.String({ maxLength: 1000, description: 'Who may read' }),
        repeat: Type.Union(
          [
            Type.Object(
              {
                share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
                afterDays: Type.Integer({ minimum: 0, maximum: 3650 })
              },
              { additionalProperties: false }
            ),
            Type.Null()
          ],
          { description: 'Cases that a reader reads twice, so that agreement with oneself is known' }
        )
      },
      { additionalProperties: false }
    ),
    consensus: ConsensusRules,
    agreement: AgreementRules,
    adjudication: AdjudicationRules,
    acceptance: Type.Array(Criterion, { maxItems: 64 }),
    signatures: Type.Object(
      { release: Type.Integer({ minimum: 1, maximum: 8, description: 'Different people who must sign a release' }) },
      { additionalProperties: false }
    ),
    dataset: DatasetStatement
  },
  { title: 'ProtocolContent', additionalProperties: false }
);
export type ProtocolContent = Static<typeof ProtocolContent>;

export const ProtocolState = Type.Union([Type.Literal('draft'), Type.Literal('locked'), Type.Literal('superseded')], {
  title: 'ProtocolState'
});
export type ProtocolState = Static<typeof ProtocolState>;

/** One difference between two versions, at a JSON pointer. */
export const ProtocolChange = Type.Object(
  {
    path: Type.String(),
    before: Type.Union([Type.String(), Type.Null()]),
    after: Type.Union([Type.String(), Type.Null()])
  },
  { title: 'ProtocolChange', additionalProperties: false }
);
export type ProtocolChange = Static<typeof ProtocolChange>;

export const Protocol = Type.Object(
  {
    id: Id,
    projectId: Id,
    version: Type.Integer({ minimum: 1 }),
    state: ProtocolState,
    /** Grows with each saved change of a draft; a save names the edition that it is based on. */
    edition: Type.Integer({ minimum: 1 }),
    content: ProtocolContent,
    contentHash: Sha256,
    changes: Type.Array(ProtocolChange, { description: 'Against the version before; empty for the first' }),
    createdBy: Person,
    createdAt: Instant,
    lock: Type.Union([Signature, Type.Null()])
  },
  { title: 'Protocol', additionalProperties: false }
);
export type Protocol = Static<typeof Protocol>;

/** Saves the draft of the next version, or begins it (`edition` null). */
export const ProtocolDraft = Type.Object(
  { edition: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]), content: ProtocolContent },
  { title: 'ProtocolDraft', additionalProperties: false }
);
export type ProtocolDraft = Static<typeof ProtocolDraft>;

export const ProtocolLock = Type.Object(
  { edition: Type.Integer({ minimum: 1 }), signing: Signing },
  { title: 'ProtocolLock', additionalProperties: false }
);
export type ProtocolLock = Static<typeof ProtocolLock>;
