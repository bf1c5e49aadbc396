import Type, { type Static } from 'typebox';
import { Version } from '../files/truthValues.js';
import { ModelFile, ModelName } from '../models/modelFile.js';
import { Problem } from './problems.js';
import { Instant, Sha256 } from './values.js';

/** Which model, exactly: two that differ in any weight are two models. */
export const ModelIdentity = Type.Object(
  { name: ModelName, version: Version, sha256: Sha256 },
  { title: 'ModelIdentity', additionalProperties: false }
);
export type ModelIdentity = Static<typeof ModelIdentity>;

/** A model that can be run. `sha256` names `model.json` and every file that it pins. */
export const Model = Type.Object(
  {
    sha256: Sha256,
    file: ModelFile,
    card: Type.String({ maxLength: 200_000, description: 'Markdown; empty if there is none' }),
    foundAt: Instant
  },
  { title: 'Model', additionalProperties: false }
);
export type Model = Static<typeof Model>;

/** A folder that is no model that could be run, and why. */
export const RefusedModel = Type.Object(
  { folder: Type.String({ maxLength: 255 }), problem: Problem },
  { title: 'RefusedModel', additionalProperties: false }
);
export type RefusedModel = Static<typeof RefusedModel>;

export const ModelList = Type.Object(
  { models: Type.Array(Model), refused: Type.Array(RefusedModel) },
  { title: 'ModelList', additionalProperties: false }
);
export type ModelList = Static<typeof ModelList>;
