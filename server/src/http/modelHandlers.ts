import type { Model, modelOperations, Person } from '@voxcord/schemas/api';
import { mayAddModels, mayRemoveModel } from '../access/modelMatrix.js';
import { ModelError } from '../models/errors.js';
import type { InstalledModel } from '../models/installedModels.js';
import type { Models } from '../models/models.js';
import { TrialCancelled } from '../models/trial/runTrial.js';
import type { ProjectAccess } from '../projects/projectAccess.js';
import { StoreError } from '../store/store.js';
import type { People } from '../studies/people.js';
import { storeFailure } from './fileErrors.js';
import type { HandlersOf } from './handlers.js';
import { problemOf } from './problems.js';
import type { Uploads } from './uploads.js';

export interface ModelHandlerParts {
  readonly models: Models;
  readonly access: ProjectAccess;
  readonly people: People;
  readonly uploads: Uploads;
}

/** What the operations of models do. */
export function makeModelHandlers(parts: ModelHandlerParts): HandlersOf<typeof modelOperations> {
  const { models, access, people, uploads } = parts;
  const mayAdd = async (person: Person): Promise<boolean> =>
    mayAddModels((await access.projects(person)).map(({ role }) => role));
  const present = async (model: InstalledModel, person: Person): Promise<Model> => ({
    sha256: model.sha256,
    file: model.file,
    card: model.card,
    foundAt: model.foundAt.toISOString(),
    uploadedBy: model.uploadedBy === null ? null : await people.named(model.uploadedBy),
    mayRemove: mayRemoveModel(model.uploadedBy, person.username)
  });
  return {
    listModels: async ({ person }) => {
      const { models: found, refused, checking } = await models.installed.list();
      return {
        models: await Promise.all(found.map(model => present(model, person))),
        refused: refused.map(({ name, error }) => ({ folder: name, problem: problemOf(error) })),
        checking: [...checking],
        mayAdd: await mayAdd(person)
      };
    },
    addModel: async ({ person, body }) => {
      if (!(await mayAdd(person))) throw notAllowedToAdd();
      try {
        const added = await models.add(uploads.find(person.username, body.upload), person.username);
        await uploads.discard(body.upload);
        return await present(added, person);
      } catch (error) {
        if (error instanceof TrialCancelled) throw shuttingDown(error);
        throw storeFailure(error) ?? error;
      }
    },
    removeModel: async ({ person, params }) => {
      await models.remove(params.name, params.version, ({ uploadedBy }) => {
        if (!mayRemoveModel(uploadedBy, person.username)) throw notAllowedToRemove(uploadedBy);
      });
      return undefined;
    }
  };
}

function shuttingDown(cause: unknown): StoreError {
  return new StoreError('closed', 'The service is shutting down. Add the model again when it is back.', { cause });
}

function notAllowedToAdd(): ModelError {
  return new ModelError(
    'model.not-allowed',
    'Only people who manage a project may add models. Ask one of them, or start a project of your own.'
  );
}

function notAllowedToRemove(uploadedBy: string | null): ModelError {
  if (uploadedBy !== null) {
    return new ModelError('model.not-allowed', 'Somebody else has uploaded this model. Only they may remove it.');
  }
  return new ModelError(
    'model.not-uploaded',
    'This model was put into a folder of the server. Ask whoever runs the server to remove it there.'
  );
}
