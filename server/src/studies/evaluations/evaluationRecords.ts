import {
  EvaluationResult,
  Id,
  Instant,
  MissingRule,
  Person,
  Progress,
  SemanticVersion,
  Sha256
} from '@voxcord/schemas/api';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { reader } from '../../projects/records.js';
import { StoreError } from '../../store/store.js';
import { Untold } from '../untold.js';

/** A reader against a release: what is evaluated, and where the result is kept. */
export const StoredEvaluation = Type.Object({
  id: Id,
  projectId: Id,
  /** Names what is evaluated and by what: equal keys give equal results. */
  key: Sha256,
  release: Type.Object({ id: Id, version: SemanticVersion, manifest: Sha256 }),
  reader: Person,
  missing: MissingRule,
  revisions: Type.Array(Type.Object({ caseId: Id, revision: Sha256 })),
  createdBy: Person,
  createdAt: Instant,
  progress: Progress,
  /** How often the computation was begun: one that takes the service down with it is not begun for ever. */
  attempts: Type.Integer({ minimum: 0 }),
  /** Blob: canonical JSON of an `EvaluationResult`. */
  result: Type.Union([Sha256, Type.Null()]),
  untold: Untold
});
export type StoredEvaluation = Static<typeof StoredEvaluation>;

export const readEvaluation = reader('evaluation', StoredEvaluation);

const isResult = Compile(EvaluationResult);

export function readEvaluationResult(bytes: Uint8Array): EvaluationResult {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (isResult.Check(value)) return value;
  throw new StoreError('corrupt', 'The result of an evaluation is damaged. Restore the data folder from a backup.');
}
