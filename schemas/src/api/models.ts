import Type, { type Static } from 'typebox';
import { Version } from '../files/truthValues.js';
import { ModelFile, ModelName } from '../models/modelFile.js';
import { Person } from './people.js';
import { Problem } from './problems.js';
import { Id, Instant, Sha256 } from './values.js';

/** Which model, exactly: two that differ in any weight are two models. */
export const ModelIdentity = Type.Object(
  { name: ModelName, version: Version, sha256: Sha256 },
  { title: 'ModelIdentity', additionalProperties: false }
);
export type ModelIdentity = Static<typeof ModelIdentity>;

/** Longest card that is shown. */
export const MAX_CARD = 200_000;

/** A model that can be run. `sha256` names `model.json` and every file that it pins. */
export const Model = Type.Object(
  {
    sha256: Sha256,
    file: ModelFile,
    card: Type.String({ maxLength: MAX_CARD, description: 'Markdown; empty if there is none' }),
    foundAt: Instant,
    uploadedBy: Type.Union([Person, Type.Null()], { description: 'Null: somebody has put the folder there' }),
    mayRemove: Type.Boolean()
  },
  { title: 'Model', additionalProperties: false }
);
export type Model = Static<typeof Model>;

/** A folder that is no model that could be run, and why. Without the place: it may tell who works here. */
export const RefusedModel = Type.Object(
  { folder: Type.String({ maxLength: 255 }), problem: Problem },
  { title: 'RefusedModel', additionalProperties: false }
);
export type RefusedModel = Static<typeof RefusedModel>;

/** What there is, as I may see and change it. */
export const ModelList = Type.Object(
  {
    models: Type.Array(Model),
    refused: Type.Array(RefusedModel),
    checking: Type.Array(Type.String({ maxLength: 255 }), {
      description: 'Folders that are being looked at, or that somebody is still writing: ask again'
    }),
    mayAdd: Type.Boolean({ description: 'Whether I may upload a model' })
  },
  { title: 'ModelList', additionalProperties: false }
);
export type ModelList = Static<typeof ModelList>;

/** An uploaded ZIP archive of a model folder. */
export const NewModel = Type.Object({ upload: Id }, { title: 'NewModel', additionalProperties: false });
export type NewModel = Static<typeof NewModel>;
