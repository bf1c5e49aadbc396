import Type, { type Static } from 'typebox';
import { SegmentAgreement } from './consensus.js';
import { Person } from './people.js';
import { AgreementRules } from './protocols.js';
import { SegmentNumber } from './segments.js';
import { Id, Title, Username } from './values.js';

const Count = Type.Integer({ minimum: 0 });
const Maybe = Type.Union([Type.Number(), Type.Null()]);
const Millilitres = Type.Number({ minimum: 0 });
const Millimetres = Type.Number({ minimum: 0 });

/** A figure with its 95 % interval. Intervals are over patients, and refused below ten of them: `reason` says so. */
export const Estimate = Type.Object(
  {
    value: Maybe,
    interval: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()]),
    cases: Count,
    /** Why there is no value, or no interval. */
    reason: Type.Union([Type.String(), Type.Null()])
  },
  { title: 'Estimate', additionalProperties: false }
);
export type Estimate = Static<typeof Estimate>;

/** One case as its newest consensus of the protocol's rules has it. Letters are those of that consensus. */
export const CaseAgreement = Type.Object(
  {
    caseId: Id,
    title: Title,
    consensus: Id,
    readers: Type.Array(Type.Object({ letter: Type.String(), username: Username }, { additionalProperties: false })),
    segments: Type.Array(SegmentAgreement),
    volumes: Type.Array(
      Type.Object({ number: SegmentNumber, username: Username, volumeMl: Millilitres }, { additionalProperties: false })
    ),
    lesions: Type.Array(
      Type.Object(
        {
          id: Type.Integer({ minimum: 1 }),
          segment: SegmentNumber,
          accepted: Type.Boolean(),
          diameter: Millimetres,
          readers: Type.Array(
            Type.Object(
              {
                username: Username,
                /** Null: this reader has not read the segment. */
                present: Type.Union([Type.Boolean(), Type.Null()]),
                volumeMl: Millilitres,
                diameter: Millimetres
              },
              { additionalProperties: false }
            )
          )
        },
        { additionalProperties: false }
      )
    )
  },
  { title: 'CaseAgreement', additionalProperties: false }
);
export type CaseAgreement = Static<typeof CaseAgreement>;

/** Differences between two readers over cases (or lesions): first minus second. */
export const BlandAltman = Type.Object(
  {
    first: Username,
    second: Username,
    points: Type.Array(
      Type.Object(
        {
          caseId: Id,
          /** Null: the whole segment of the case. */
          lesion: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
          mean: Type.Number(),
          difference: Type.Number()
        },
        { additionalProperties: false }
      )
    ),
    bias: Maybe,
    /** 95 % limits of agreement: bias ± 1.96 standard deviations; null with fewer than two points. */
    limits: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()])
  },
  { title: 'BlandAltman', additionalProperties: false }
);
export type BlandAltman = Static<typeof BlandAltman>;

/** Lesions of one size: diameter in mm, `from` included, `below` not. */
export const LesionStratum = Type.Object(
  {
    from: Millimetres,
    below: Type.Union([Millimetres, Type.Null()]),
    lesions: Count,
    accepted: Count,
    /** Share of the readers asked who have marked a lesion, mean over lesions. */
    detection: Estimate,
    /** Standard deviation of the readers' diameters as a share of their mean, mean over lesions. */
    diameterSpread: Estimate
  },
  { title: 'LesionStratum', additionalProperties: false }
);
export type LesionStratum = Static<typeof LesionStratum>;

export const PooledAgreement = Type.Object(
  {
    number: SegmentNumber,
    /** Means over cases of the mean over pairs of readers. */
    dice: Estimate,
    nsd: Estimate,
    hd95: Estimate,
    assd: Estimate,
    kappa: Estimate,
    /** ICC(2,1) of volumes: absolute agreement of single readers who are a sample. Cases that all readers have read. */
    icc: Estimate,
    /** Volumes in ml, one per pair of readers. */
    volumes: Type.Array(BlandAltman),
    /** Diameters of lesions in mm, one per pair of readers. */
    diameters: Type.Array(BlandAltman),
    strata: Type.Array(LesionStratum, { description: 'Empty for structures' })
  },
  { title: 'PooledAgreement', additionalProperties: false }
);
export type PooledAgreement = Static<typeof PooledAgreement>;

/** How far the readers of a project agree, over its cases that have a consensus. */
export const ProjectAgreement = Type.Object(
  {
    projectId: Id,
    protocolVersion: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    rules: Type.Union([AgreementRules, Type.Null()], { description: 'Null: there is no locked protocol' }),
    readers: Type.Array(Person),
    cases: Type.Array(CaseAgreement),
    pooled: Type.Array(PooledAgreement)
  },
  { title: 'ProjectAgreement', additionalProperties: false }
);
export type ProjectAgreement = Static<typeof ProjectAgreement>;
