import type { NewProposal, Person, Proposal } from '@voxcord/schemas/api';
import { affineFromRows, spacing } from '@voxcord/schemas/geometry';
import type { PromptedModelFile } from '@voxcord/schemas/models';
import { checkModality } from '../inference/checkVolume.js';
import { coveredBox, networkCropAbout } from '../inference/prompted/networkCrop.js';
import { PromptedRunner } from '../inference/prompted/promptedRunner.js';
import type { PromptedTask } from '../inference/prompted/promptedTask.js';
import type { InstalledModel, InstalledModels } from '../models/installedModels.js';
import { ModelError } from '../models/errors.js';
import type { ProjectAccess } from '../projects/projectAccess.js';
import type { StoredVolume } from '../projects/records.js';
import { unknownVolume, type Volumes } from '../projects/volumes.js';
import type { ProposalOrigins, ProposingModel } from '../studies/proposalOrigins.js';
import type { BlobStore } from '../store/store.js';
import { cropAbout, placesInBox, placesInVolume, type ProposalGrid } from './cropAbout.js';
import { ProposalError, superseded } from './errors.js';
import type { FoundThing } from './foundThing.js';
import { ProposalThread } from './proposalThread.js';
import type { Place } from './prompts.js';
import { readStoredCrop, type StoredCrop } from './storedCrop.js';
import { WaitingRoom } from './waitingRoom.js';

export interface ProposalParts {
  readonly access: ProjectAccess;
  readonly volumes: Volumes;
  readonly blobs: BlobStore;
  readonly models: Pick<InstalledModels, 'find'>;
  readonly origins: Pick<ProposalOrigins, 'note'>;
  readonly reportFailure: (error: unknown) => void;
}

/** How many proposals are worked out at once; each in a thread of its own, at the side of everything else. */
const THREADS = 2;
/** How many people may wait for their turn. */
const MOST_WAITING = 32;
const TIME_LIMIT = 20_000;

/**
 * Proposals from places that people point at. Nothing is kept of them, but that a model has made some. A person has one at
 * a time: a newer request has the older one given up.
 */
export class Proposals {
  readonly #threads = Array.from({ length: THREADS }, () => new ProposalThread(TIME_LIMIT));
  readonly #turns = new WaitingRoom(THREADS, MOST_WAITING);
  readonly #prompted = new PromptedRunner();
  /** One process answers all clicks on models. */
  readonly #modelTurn = new WaitingRoom(1, MOST_WAITING);
  readonly #newest = new Map<string, AbortController>();

  constructor(private readonly parts: ProposalParts) {}

  /**
   * Rejects with `ProposalError`, `ModelError`, `InferenceError`, and with `ProjectError` or `StudyError` if the person may
   * not paint in the read or the volume is not one of its case.
   */
  async propose(person: Person, readId: string, asked: NewProposal): Promise<Proposal> {
    const began = performance.now();
    const { case_, read } = await this.parts.access.writableRead(person, readId);
    if (!case_.volumes.includes(asked.volume)) throw unknownVolume();
    const stored = await this.parts.volumes.get(asked.volume);
    const { grid } = stored.volume;
    const target: ProposalGrid = { dims: grid.dims, affine: affineFromRows(grid.affine) };
    const places = placesInVolume(asked.places, target);
    const { signal, end } = this.#begin(person);
    try {
      const note = (model: ProposingModel): Promise<void> => this.parts.origins.note(person, read, model);
      const found = await this.#find(asked, stored, target, places, note, signal);
      const [x, y, z] = spacing(target.affine);
      return {
        ...found,
        runs: [...found.runs],
        volumeMl: (found.voxels * x * y * z) / 1000,
        milliseconds: performance.now() - began
      };
    } catch (error) {
      if (signal.aborted) throw superseded();
      if (error instanceof ProposalError && error.code === 'proposal.failed') this.parts.reportFailure(error.cause);
      throw error;
    } finally {
      end();
    }
  }

  async close(): Promise<void> {
    for (const newest of this.#newest.values()) newest.abort();
    this.#prompted.stop();
    await Promise.all(this.#threads.map(thread => thread.stop()));
  }

  #begin({ username }: Person): { signal: AbortSignal; end: () => void } {
    this.#newest.get(username)?.abort();
    const newest = new AbortController();
    this.#newest.set(username, newest);
    const end = (): void => {
      if (this.#newest.get(username) === newest) this.#newest.delete(username);
    };
    return { signal: newest.signal, end };
  }

  async #find(
    { method }: NewProposal,
    stored: StoredVolume,
    grid: ProposalGrid,
    places: readonly Place[],
    note: (model: ProposingModel) => Promise<void>,
    signal: AbortSignal
  ): Promise<FoundThing> {
    if (method.kind === 'model') {
      const model = await this.parts.models.find(method.name, method.version);
      if (model === null) throw unknownModel(method.name, method.version);
      const found = await this.#modelTurn.take(signal, () => this.#askModel(model, stored, grid, places, signal));
      await note(model);
      return found;
    }
    const box = cropAbout(places, grid);
    return this.#turns.take(signal, async () => {
      const crop = await readStoredCrop(this.parts.blobs, stored, box);
      const thread = this.#threads.find(({ isBusy }) => !isBusy);
      if (thread === undefined) throw new RangeError('There are as many turns as threads.');
      const task = { crop, spacing: spacing(grid.affine), dims: grid.dims, places: placesInBox(places, box) };
      return thread.propose(task, signal);
    });
  }

  async #askModel(
    model: InstalledModel,
    stored: StoredVolume,
    grid: ProposalGrid,
    places: readonly Place[],
    signal: AbortSignal
  ): Promise<FoundThing> {
    const { file } = model;
    if (file.kind !== 'prompted') {
      throw new ProposalError(
        'proposal.not-prompted',
        `${file.title} labels whole images and answers no clicks. Run it among the models, or choose another one.`
      );
    }
    checkModality(file.input.modalities, stored.volume.modality);
    const task = promptedTask(model, file, stored, grid, places);
    const image = (): Promise<StoredCrop> => {
      const box = coveredBox(task.crop, grid.dims);
      if (box === null) throw new RangeError('A crop about a voxel of the volume covers it.');
      return readStoredCrop(this.parts.blobs, stored, box);
    };
    const { runs, voxels, isCut } = await this.#prompted.answer(task, image, signal);
    return { runs, voxels, isCut };
  }
}

/** The crop stays where the first place on the thing is, so that further places find it looked at. */
function promptedTask(
  { sha256, folder }: InstalledModel,
  file: PromptedModelFile,
  { volume }: StoredVolume,
  grid: ProposalGrid,
  places: readonly Place[]
): PromptedTask {
  const voxel = spacing(grid.affine);
  const first = places.find(({ on }) => on)?.at ?? [0, 0, 0];
  const crop = networkCropAbout(first, file.input.crop, file.input.spacing, voxel);
  return { sha256, folder, file, volume: volume.hash, dims: grid.dims, spacing: voxel, crop, places };
}

function unknownModel(name: string, version: string): ModelError {
  return new ModelError('model.unknown', `There is no model ${name} ${version}. Choose another one in the toolbox.`);
}
