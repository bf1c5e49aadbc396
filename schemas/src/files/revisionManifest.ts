import Type, { type Static } from 'typebox';
import { ModelProvenance } from '../api/modelProvenance.js';
import { Segment, SegmentNumber } from '../api/segments.js';
import { Id, Sha256 } from '../api/values.js';
import { JsonObject, PrintedName, Software, Timestamp, TruthGeometry } from './truthValues.js';

/** Content of a label map: the root of a hash tree over its labelled 64³ bricks (docs/contributors/truth.md). */
export const LabelMapContent = Type.Object(
  {
    root: Sha256,
    bricks: Type.Array(
      Type.Object({ index: Type.Integer({ minimum: 0 }), sha256: Sha256 }, { additionalProperties: false }),
      { description: 'Bricks that hold a label, ascending; SHA-256 of their uncompressed runs' }
    )
  },
  { additionalProperties: false }
);
export type LabelMapContent = Static<typeof LabelMapContent>;

/** What a read owes to something else than its reader: where it began, what was copied into it, whose proposals were seen. */
export const PreAnnotation = Type.Object(
  {
    kind: Type.Union([Type.Literal('model'), Type.Literal('revision'), Type.Literal('file')]),
    name: Type.String({ minLength: 1, maxLength: 255 }),
    sha256: Type.Union([Sha256, Type.Null()], { description: 'Of the weights, the revision or the file' }),
    details: JsonObject
  },
  { additionalProperties: false }
);
export type PreAnnotation = Static<typeof PreAnnotation>;

/** One immutable snapshot of a read, named by the SHA-256 of its canonical JSON. */
export const RevisionManifest = Type.Object(
  {
    format: Type.Literal('voxcord.revision/1'),
    project: Id,
    case: Id,
    read: Id,
    reader: PrintedName,
    number: Type.Integer({ minimum: 1 }),
    parent: Type.Union([Sha256, Type.Null()]),
    volume: Sha256,
    geometry: TruthGeometry,
    protocol: Type.Object({ version: Type.Integer({ minimum: 1 }), sha256: Sha256 }, { additionalProperties: false }),
    blinded: Type.Boolean(),
    segments: Type.Array(Segment, { maxItems: 255 }),
    /** Not read is not background: such a read says nothing of these segments. */
    notRead: Type.Optional(
      Type.Array(SegmentNumber, {
        minItems: 1,
        uniqueItems: true,
        description: 'Segments of the protocol that the reader has not looked for, ascending; left out: all were read'
      })
    ),
    labelMap: LabelMapContent,
    findings: Type.Array(JsonObject),
    startedAt: Timestamp,
    submittedAt: Timestamp,
    software: Software,
    origins: Type.Array(PreAnnotation, {
      description: 'What it was started from, what was copied into it, models that made proposals; empty: nothing'
    }),
    /** A model has labelled it: nobody signs it, the service seals it. */
    model: Type.Optional(ModelProvenance)
  },
  { title: 'RevisionManifest', additionalProperties: false }
);
export type RevisionManifest = Static<typeof RevisionManifest>;
