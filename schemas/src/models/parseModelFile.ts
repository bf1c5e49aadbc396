import { Value } from 'typebox/value';
import { type AutomaticModelFile, type Intensity, ModelFile } from './modelFile.js';

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

/** Reads `model.json`. Throws `ModelFileError`. */
export function parseModelFile(text: string): ModelFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ModelFileError('model.not-json', 'model.json is not valid JSON.');
  }
  if (!Value.Check(ModelFile, content)) {
    const [first] = Value.Errors(ModelFile, content);
    const place = first === undefined || first.instancePath === '' ? 'at its top' : `at ${first.instancePath}`;
    throw new ModelFileError(
      'model.not-described',
      `model.json does not describe a model: ${place}, it ${first?.message ?? 'has another form'}.`
    );
  }
  checkIntensity(content.input.intensity);
  if (content.kind === 'automatic') checkAutomatic(content);
  return content;
}

function checkAutomatic({ input, field, output }: AutomaticModelFile): void {
  const { orientation, acceptedSpacing, multipleOf } = input;
  if (new Set(Array.from(orientation, axisOf)).size !== 3) {
    throw contradiction(`input.orientation ${orientation} names a direction twice: use one of R/L, A/P and S/I each.`);
  }
  if (acceptedSpacing.smallest > acceptedSpacing.largest) {
    throw contradiction('input.acceptedSpacing.smallest is larger than the largest.');
  }
  if (field.kind === 'window' && field.patch.some((size, axis) => size % (multipleOf[axis] ?? 1) !== 0)) {
    throw contradiction('field.patch is not a multiple of input.multipleOf along each axis.');
  }
  const channels = output.segments.map(({ channel }) => channel);
  if (new Set(channels).size !== channels.length) throw contradiction('Two of output.segments have the same channel.');
  const unknown = output.cleanUp?.largestOnly.find(channel => !channels.includes(channel));
  if (unknown !== undefined) throw contradiction(`output.cleanUp names channel ${unknown}, which is no segment.`);
}

function checkIntensity(intensity: Intensity): void {
  if ((intensity.kind === 'window' || intensity.kind === 'percentiles') && intensity.low >= intensity.high) {
    throw contradiction('input.intensity: low must be below high.');
  }
}

function axisOf(letter: string): number {
  return 'RL'.includes(letter) ? 0 : 'AP'.includes(letter) ? 1 : 2;
}

function contradiction(text: string): ModelFileError {
  return new ModelFileError('model.contradiction', `model.json contradicts itself. ${text}`);
}
