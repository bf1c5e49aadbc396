import { Id, Instant, JobPriority, ModelIdentity, ModelProvenance, Person, Sha256 } from '@voxcord/schemas/api';
import Type, { type Static } from 'typebox';
import { reader } from '../../projects/records.js';
import { Untold } from '../untold.js';

/** A run of a model on a case, as it is kept: waiting and running ones are begun again when the service starts. */
export const StoredModelJob = Type.Object({
  id: Id,
  /** Equal for jobs that would give the same read. */
  key: Sha256,
  projectId: Id,
  caseId: Id,
  volume: Sha256,
  model: ModelIdentity,
  /** Of the model. */
  title: Type.String(),
  /** Whose segments the read has; null: the project had no locked protocol. */
  protocolVersion: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  requestedBy: Person,
  priority: JobPriority,
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('failed'),
    Type.Literal('cancelled')
  ]),
  attempts: Type.Integer({ minimum: 0 }),
  warnings: Type.Array(Type.String()),
  /** Of the read that it leaves: chosen before there is one, so that there is never a second. */
  readId: Id,
  provenance: Type.Union([ModelProvenance, Type.Null()]),
  problem: Type.Union([Type.Object({ code: Type.String(), detail: Type.String() }), Type.Null()]),
  createdAt: Instant,
  startedAt: Type.Union([Instant, Type.Null()]),
  endedAt: Type.Union([Instant, Type.Null()]),
  untold: Untold
});
export type StoredModelJob = Static<typeof StoredModelJob>;

export const readModelJob = reader('model-job', StoredModelJob);
