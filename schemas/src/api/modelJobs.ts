import Type, { type Static } from 'typebox';
import { Version } from '../files/truthValues.js';
import { ModelName } from '../models/modelFile.js';
import { ModelProvenance } from './modelProvenance.js';
import { ModelIdentity } from './models.js';
import { Person } from './people.js';
import { Problem } from './problems.js';
import { Id, Instant } from './values.js';

/** Why a job runs before another one of the same person; nobody's jobs wait for all of somebody else's. */
export const JobPriority = Type.Union([Type.Literal('now'), Type.Literal('later')], { title: 'JobPriority' });
export type JobPriority = Static<typeof JobPriority>;

/** The same model on one or several cases: one job each. */
export const NewModelJobs = Type.Object(
  {
    model: Type.Object({ name: ModelName, version: Version }, { additionalProperties: false }),
    cases: Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true }),
    priority: JobPriority
  },
  { title: 'NewModelJobs', additionalProperties: false }
);
export type NewModelJobs = Static<typeof NewModelJobs>;

/** A run of a model on a case. One that ends well leaves a read of the model, once. */
export const ModelJob = Type.Object(
  {
    id: Id,
    model: ModelIdentity,
    title: Type.String({ description: 'Of the model' }),
    projectId: Id,
    caseId: Id,
    requestedBy: Person,
    priority: JobPriority,
    state: Type.Union([
      Type.Literal('waiting'),
      Type.Literal('running'),
      Type.Literal('done'),
      Type.Literal('failed'),
      Type.Literal('cancelled')
    ]),
    fraction: Type.Number({ minimum: 0, maximum: 1 }),
    step: Type.String({ description: 'What is being done, for people' }),
    remainingSeconds: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
    /** How many times it has begun: more than one after a crash. */
    attempts: Type.Integer({ minimum: 0 }),
    /** What is to be known of the result, such as segments that the project lacks and that were left out. */
    warnings: Type.Array(Type.String()),
    read: Type.Union([Id, Type.Null()]),
    provenance: Type.Union([ModelProvenance, Type.Null()]),
    problem: Type.Union([Problem, Type.Null()]),
    createdAt: Instant,
    startedAt: Type.Union([Instant, Type.Null()]),
    endedAt: Type.Union([Instant, Type.Null()])
  },
  { title: 'ModelJob', additionalProperties: false }
);
export type ModelJob = Static<typeof ModelJob>;
