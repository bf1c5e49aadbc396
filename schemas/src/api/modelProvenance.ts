import Type, { type Static } from 'typebox';
import { ModelIdentity } from './models.js';
import { SegmentNumber } from './segments.js';
import { Id, Sha256 } from './values.js';

/** A channel of the model's output and the segment that it became, and why this one. */
export const MappedChannel = Type.Object(
  {
    channel: Type.Integer({ minimum: 1, maximum: 255 }),
    segment: SegmentNumber,
    by: Type.Union([Type.Literal('code'), Type.Literal('name'), Type.Literal('added')], {
      description: 'A code that both have; else the name; added: the read has the segment because the model does'
    })
  },
  { additionalProperties: false }
);
export type MappedChannel = Static<typeof MappedChannel>;

/** Scores of the voxels that a segment has in a read: how sure the model was of each. */
export const KeptScores = Type.Object(
  {
    segment: SegmentNumber,
    voxels: Type.Integer({ minimum: 0 }),
    sha256: Sha256
  },
  {
    additionalProperties: false,
    description: 'Kept as a gzip file of one float32 (little-endian) for each voxel of the segment, i fastest'
  }
);
export type KeptScores = Static<typeof KeptScores>;

/** What made the labels: enough to make them again. All that `model.json` says is named by the model's SHA-256. */
export const ModelProvenance = Type.Object(
  {
    model: ModelIdentity,
    job: Id,
    volume: Sha256,
    parameters: Type.Object({ segments: Type.Array(MappedChannel) }, { additionalProperties: false }),
    software: Type.Array(Type.Object({ name: Type.String(), version: Type.String() }, { additionalProperties: false })),
    provider: Type.String({ description: 'Execution provider of ONNX Runtime' }),
    seconds: Type.Number({ minimum: 0 }),
    peakMemoryMb: Type.Number({ minimum: 0 }),
    scores: Type.Optional(Type.Array(KeptScores, { description: 'Of lesions; the files stay with the service' }))
  },
  { title: 'ModelProvenance', additionalProperties: false }
);
export type ModelProvenance = Static<typeof ModelProvenance>;
