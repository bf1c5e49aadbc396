import { describeMismatch } from './describeMismatch.js';
import {
  type AutomaticModelFile,
  type Intensity,
  MODEL_FILE,
  ModelFile,
  type ModelSegment,
  type PromptedModelFile
} from './modelFile.js';

export type ModelFileErrorCode = 'model.not-json' | 'model.not-described' | 'model.contradiction';

/** A `model.json` that cannot be used. The text says where and what to change. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';

  constructor(
    readonly code: ModelFileErrorCode,
    text: string
  ) {
    super(text);
  }
}

/** Voxels of a patch: with 32 channels of float32 it takes 2 GiB. */
const LARGEST_PATCH = 2 ** 24;

/** Reads `model.json`. Throws `ModelFileError`. */
export function parseModelFile(text: string): ModelFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ModelFileError('model.not-json', `${MODEL_FILE} is not valid JSON. Correct it.`);
  }
  const model = checked(content);
  checkIntensity(model.input.intensity);
  if (model.kind === 'automatic') checkAutomatic(model);
  else checkPrompted(model);
  return model;
}

function checked(content: unknown): ModelFile {
  const mismatch = describeMismatch(ModelFile, content);
  if (mismatch === null) return content as ModelFile;
  throw new ModelFileError('model.not-described', `${MODEL_FILE} does not describe a model: ${mismatch}`);
}

function checkAutomatic({ input, field, output }: AutomaticModelFile): void {
  const { acceptedSpacing, multipleOf } = input;
  if (acceptedSpacing.smallest > acceptedSpacing.largest) {
    throw contradiction('input.acceptedSpacing.smallest is larger than the largest.');
  }
  if (field.kind === 'window') {
    if (field.patch.some((size, axis) => size % (multipleOf[axis] ?? 1) !== 0)) {
      throw contradiction('field.patch is not a multiple of input.multipleOf along each axis.');
    }
    const [x, y, z] = field.patch;
    if (x * y * z > LARGEST_PATCH) {
      throw contradiction(
        `field.patch has more than ${LARGEST_PATCH} voxels, which is more than memory is planned for.`
      );
    }
  }
  checkSegments(output.segments);
  const channels = output.segments.map(({ channel }) => channel);
  const unknown = output.cleanUp?.largestOnly.find(channel => !channels.includes(channel));
  if (unknown !== undefined) throw contradiction(`output.cleanUp names channel ${unknown}, which is no segment.`);
}

function checkSegments(segments: readonly ModelSegment[]): void {
  const channels = new Set<number>();
  const names = new Set<string>();
  for (const { channel, name } of segments) {
    if (channels.has(channel)) throw contradiction(`Two of output.segments have channel ${channel}.`);
    channels.add(channel);
    const plain = name.trim().toLocaleLowerCase('en');
    if (names.has(plain)) throw contradiction(`Two of output.segments are called ${name}.`);
    names.add(plain);
  }
}

function checkPrompted({ prompts, features, encoder, decoder }: PromptedModelFile): void {
  // Some file systems do not tell upper from lower case.
  if (encoder.file.toLowerCase() === decoder.file.toLowerCase()) {
    throw contradiction('encoder.file and decoder.file are the same: a prompted model has one network for each.');
  }
  if (features.includes(prompts.tensor)) {
    throw contradiction(`prompts.tensor ${prompts.tensor} is also one of the features.`);
  }
}

function checkIntensity(intensity: Intensity): void {
  if ((intensity.kind === 'window' || intensity.kind === 'percentiles') && intensity.low >= intensity.high) {
    throw contradiction('input.intensity: low must be below high.');
  }
}

function contradiction(text: string): ModelFileError {
  return new ModelFileError('model.contradiction', `${MODEL_FILE} contradicts itself: ${text}`);
}
