import Type, { type Static } from 'typebox';
import { Segment } from '../api/segments.js';
import { Id, Sha256, Title } from '../api/values.js';
import {
  ChangeReport,
  CriterionResult,
  DatasetFields,
  MetricTable,
  RaterProfile,
  ReleasedCase,
  ReleasedFile,
  ReleasedProtocol
} from './releaseParts.js';
import { Software, Timestamp, Version } from './truthValues.js';

/** `release.json`: one numbered release of ground truth, named by the SHA-256 of its canonical JSON. */
export const ReleaseManifest = Type.Object(
  {
    format: Type.Literal('voxcord.release/1'),
    project: Type.Object(
      { id: Id, title: Title, description: Type.String({ maxLength: 2000 }) },
      { additionalProperties: false }
    ),
    version: Version,
    createdAt: Timestamp,
    notes: Type.String({ maxLength: 4000 }),
    software: Software,
    protocols: Type.Array(ReleasedProtocol, { minItems: 1, description: 'Ascending; the last one is in force' }),
    segments: Type.Array(Segment, { maxItems: 255 }),
    cases: Type.Array(ReleasedCase),
    tables: Type.Array(MetricTable),
    criteria: Type.Array(CriterionResult),
    parents: Type.Array(Type.Object({ version: Version, sha256: Sha256 }, { additionalProperties: false }), {
      description: 'Releases that this one was made from, by the hash of their release.json'
    }),
    changes: Type.Union([ChangeReport, Type.Null()]),
    raters: Type.Array(RaterProfile),
    dataset: DatasetFields,
    /** Id of the service's key, which seals the release: those who sign the release say so too. */
    serviceKey: Sha256,
    files: Type.Array(ReleasedFile, {
      description: 'Every file of the folder but release.json, signatures.json, signatures.html, keys.json, audit.jsonl'
    })
  },
  { title: 'ReleaseManifest', additionalProperties: false }
);
export type ReleaseManifest = Static<typeof ReleaseManifest>;
