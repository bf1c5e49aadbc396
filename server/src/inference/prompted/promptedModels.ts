import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Weights } from '@voxcord/schemas/models';
import { boxSize } from '@voxcord/schemas/labelmap';
import { finishMask } from '../../proposals/finishMask.js';
import { foundThing } from '../../proposals/foundThing.js';
import { placesInBox } from '../../proposals/cropAbout.js';
import { valuesOf, type StoredCrop } from '../../proposals/storedCrop.js';
import { InferenceError } from '../errors.js';
import { normalise } from '../intensity.js';
import { openSession, type OnnxSession, type Tensor } from '../onnx/onnxSession.js';
import { FeatureCache, type Features } from './featureCache.js';
import { coveredBox, cropTensor, maskOfAnswer, toNetwork } from './networkCrop.js';
import { promptMaps } from './promptMaps.js';
import type { PromptedAnswer, PromptedTask } from './promptedTask.js';

interface OpenModel {
  readonly sha256: string;
  readonly encoder: OnnxSession;
  readonly decoder: OnnxSession;
}

const MOST_MODELS = 2;
const CPU = ['cpu'];

/** Prompted models as this process runs them: opened once, a crop looked at once, an answer for each click. */
export class PromptedModels {
  /** The least recently used one first. */
  #open: readonly OpenModel[] = [];
  readonly #features: FeatureCache;
  #encoderRuns = 0;
  #decoderRuns = 0;

  constructor(mostFeatureBytes: number) {
    this.#features = new FeatureCache(mostFeatureBytes);
  }

  /** Null: the crop is not known, so its image is needed. Rejects with `InferenceError`. */
  async answer(task: PromptedTask, image: StoredCrop | null): Promise<PromptedAnswer | null> {
    const model = await this.#model(task);
    const features = await this.#featuresOf(task, model, image);
    if (features === null) return null;
    const logits = await this.#decode(task, model, features);
    const box = coveredBox(task.crop, task.dims);
    if (box === null) throw new RangeError('A crop about a voxel of the volume covers it.');
    const mask = maskOfAnswer(task.crop, logits, box);
    finishMask(mask, boxSize(box), placesInBox(task.places, box));
    const found = foundThing(mask, box, task.dims);
    return { ...found, encoderRuns: this.#encoderRuns, decoderRuns: this.#decoderRuns };
  }

  async #model({ sha256, folder, file }: PromptedTask): Promise<OpenModel> {
    const known = this.#open.find(model => model.sha256 === sha256);
    const others = this.#open.filter(model => model.sha256 !== sha256);
    if (known !== undefined) {
      this.#open = [...others, known];
      return known;
    }
    const kept = others.slice(Math.max(0, others.length - MOST_MODELS + 1));
    for (const { encoder, decoder } of others.filter(model => !kept.includes(model))) {
      await Promise.all([encoder.close(), decoder.close()]);
    }
    this.#open = kept;
    const encoder = await openSession(await weightsIn(folder, file.encoder), CPU);
    const decoder = await openSession(await weightsIn(folder, file.decoder), CPU);
    const opened: OpenModel = { sha256, encoder, decoder };
    this.#open = [...kept, opened];
    return opened;
  }

  async #featuresOf(task: PromptedTask, { encoder }: OpenModel, image: StoredCrop | null): Promise<Features | null> {
    const { sha256, volume, crop, file } = task;
    const key = JSON.stringify([sha256, volume, crop]);
    const known = this.#features.get(key);
    if (known !== null || image === null) return known;
    const values = cropTensor(crop, valuesOf(image), image.box);
    normalise(values, file.input.intensity);
    const tensor: Tensor = { dims: [1, 1, ...crop.size], data: values };
    this.#encoderRuns += 1;
    const said = await encoder.run(new Map([[file.input.tensor, tensor]]), file.features);
    for (const [name, { data }] of said) checkFinite(data, `The encoder's "${name}"`);
    this.#features.set(key, said);
    return said;
  }

  async #decode(
    { file, crop, places }: PromptedTask,
    { decoder }: OpenModel,
    features: Features
  ): Promise<Float32Array> {
    const inCrop = places.map(({ at, on }) => ({ at: toNetwork(crop, at), on }));
    const maps = promptMaps(inCrop, crop.size, file.prompts.reach);
    const feeds = new Map<string, Tensor>(features);
    feeds.set(file.prompts.tensor, { dims: [1, 2, ...crop.size], data: maps });
    this.#decoderRuns += 1;
    const answer = (await decoder.run(feeds, [file.output.tensor])).get(file.output.tensor);
    const expected = [1, 1, ...crop.size];
    if (answer === undefined || answer.dims.join() !== expected.join()) {
      throw new InferenceError(
        'inference.wrong-shape',
        `The decoder answers ${answer?.dims.join(' x ') ?? 'nothing'} where ${expected.join(' x ')} is asked for. Choose ` +
          'another model, and tell whoever made this one.'
      );
    }
    checkFinite(answer.data, 'The answer of the decoder');
    return answer.data;
  }
}

/** The bytes that are opened are those whose hash was compared. */
async function weightsIn(folder: string, { file, sha256 }: Weights): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path.join(folder, file));
  } catch (cause) {
    throw changed(file, { cause });
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw changed(file);
  return bytes;
}

function changed(file: string, options?: ErrorOptions): InferenceError {
  return new InferenceError(
    'inference.weights-changed',
    `${file} is not the file that model.json describes. Restore it, or publish the new weights as a new version.`,
    options
  );
}

function checkFinite(data: Float32Array, what: string): void {
  let sum = 0;
  // 0 times a finite number is 0, and anything else is no number.
  for (let n = 0; n < data.length; n++) sum += (data[n] ?? 0) * 0;
  if (sum === 0) return;
  throw new InferenceError(
    'inference.not-finite',
    `${what} holds what is no finite number. Choose another model, and tell whoever made this one.`
  );
}
