import type { AutomaticModelFile, ModelFile, PromptedModelFile } from '@voxcord/schemas/models';
import { MOST_CHANNELS } from '../../inference/networkScores.js';
import type { OnnxSession, Tensor, TensorDescription } from '../../inference/onnx/onnxSession.js';
import { ModelError } from '../errors.js';

/** Opens a network of the model; whoever asks closes it. */
export type Open = (weights: { readonly file: string; readonly sha256: string }) => Promise<OnnxSession>;

type Sizes = readonly [number, number, number];

/** Of a whole field along each axis, at least: smaller ones have no place for what large kernels see. */
const SMALLEST_FIELD = 32;
/** A softmax in float32 does not sum to 1 exactly. */
const PROBABILITY_TOLERANCE = 1e-3;

/**
 * Runs the networks of a model once on a field without content, and checks that they take and give what the model says:
 * names, types, lengths, channels, finite numbers. Throws `ModelError` (`model.tensors`, `model.shape`,
 * `model.not-finite`, `model.not-probabilities`) and what `open` and its sessions throw.
 */
export async function tryModel(file: ModelFile, open: Open): Promise<void> {
  if (file.kind === 'automatic') await tryAutomatic(file, open);
  else await tryPrompted(file, open);
}

async function tryAutomatic({ weights, input, field, output }: AutomaticModelFile, open: Open): Promise<void> {
  const session = await open(weights);
  try {
    const described = new Described(weights.file, session);
    const sizes = field.kind === 'window' ? field.patch : smallestField(input.multipleOf);
    described.input(input.tensor, 1, sizes, field.kind === 'whole');
    described.noOtherInput([input.tensor]);
    described.output(output.tensor);
    // Much of a CT is air: patches without any content are the rule. A whole image is never without.
    const image = field.kind === 'window' ? zeros(1, sizes) : ramp(sizes);
    const scores = await answer(session, new Map([[input.tensor, image]]), output.tensor);
    const channels = checkGrid(weights.file, output.tensor, scores, sizes);
    const highest = Math.max(...output.segments.map(({ channel }) => channel));
    if (channels <= highest) {
      throw new ModelError(
        'model.shape',
        `${output.tensor} of ${weights.file} has ${channels} channels, counted from 0, but model.json names channel ` +
          `${highest}. Correct output.segments.`
      );
    }
    if (channels > MOST_CHANNELS) {
      throw new ModelError(
        'model.shape',
        `${output.tensor} of ${weights.file} has ${channels} channels; a label map has ${MOST_CHANNELS} at most, the ` +
          'background among them. Export it with fewer.'
      );
    }
    checkFinite(weights.file, output.tensor, scores);
    if (output.scores === 'probabilities') checkProbabilities(weights.file, output.tensor, scores, channels);
  } finally {
    await session.close();
  }
}

async function tryPrompted(file: PromptedModelFile, open: Open): Promise<void> {
  const { encoder, decoder, input, features, prompts, output } = file;
  const encoding = await open(encoder);
  const seen = new Map<string, Tensor>();
  try {
    const described = new Described(encoder.file, encoding);
    described.input(input.tensor, 1, input.crop, false);
    described.noOtherInput([input.tensor]);
    for (const feature of features) described.output(feature);
    const found = await encoding.run(new Map([[input.tensor, zeros(1, input.crop)]]), features);
    for (const feature of features) {
      const tensor = found.get(feature);
      if (tensor === undefined) throw noTensor(encoder.file, 'output', feature, []);
      checkFinite(encoder.file, feature, tensor);
      seen.set(feature, tensor);
    }
  } finally {
    await encoding.close();
  }
  const decoding = await open(decoder);
  try {
    const described = new Described(decoder.file, decoding);
    described.input(prompts.tensor, 2, input.crop, false);
    described.noOtherInput([prompts.tensor, ...features]);
    described.output(output.tensor);
    seen.set(prompts.tensor, zeros(2, input.crop));
    const logits = await answer(decoding, seen, output.tensor);
    const channels = checkGrid(decoder.file, output.tensor, logits, input.crop);
    if (channels !== 1) {
      throw new ModelError(
        'model.shape',
        `${output.tensor} of ${decoder.file} has ${channels} channels instead of one.`
      );
    }
    checkFinite(decoder.file, output.tensor, logits);
  } finally {
    await decoding.close();
  }
}

/** What a network says of itself, compared with what `model.json` says. */
class Described {
  constructor(
    private readonly file: string,
    private readonly session: OnnxSession
  ) {}

  /** float32 [1, channels, ...sizes]; lengths that the network leaves open fit everything. */
  input(name: string, channels: number, sizes: Sizes, mustBeOpen: boolean): void {
    const found = this.find('input', name, this.session.inputs);
    const wanted = [1, channels, ...sizes];
    const fits = found.dims.length === wanted.length && found.dims.every((dim, n) => dim === null || dim === wanted[n]);
    if (!fits) throw this.otherLengths(name, found, wanted);
    if (mustBeOpen && found.dims.slice(2).some(dim => dim !== null)) {
      throw new ModelError(
        'model.tensors',
        `${name} of ${this.file} takes images of ${found.dims.slice(2).join(' × ')} only. Export it with open lengths, ` +
          'or let model.json say that it works in windows of this size.'
      );
    }
  }

  noOtherInput(known: readonly string[]): void {
    const other = this.session.inputs.find(({ name }) => !known.includes(name));
    if (other === undefined) return;
    throw new ModelError('model.tensors', `${this.file} also wants ${other.name}, of which model.json says nothing.`);
  }

  output(name: string): void {
    this.find('output', name, this.session.outputs);
  }

  private find(what: 'input' | 'output', name: string, among: readonly TensorDescription[]): TensorDescription {
    const found = among.find(tensor => tensor.name === name);
    if (found === undefined) throw noTensor(this.file, what, name, among);
    if (found.type === 'float32') return found;
    throw new ModelError(
      'model.tensors',
      `${name} of ${this.file} holds ${found.type ?? 'no tensor'}. Export it with float32 inputs and outputs.`
    );
  }

  private otherLengths(name: string, { dims }: TensorDescription, wanted: readonly number[]): ModelError {
    const told = dims.map(dim => dim ?? '?').join(', ');
    return new ModelError(
      'model.tensors',
      `${name} of ${this.file} is [${told}], but model.json needs [${wanted.join(', ')}]. Correct the one or the other.`
    );
  }
}

async function answer(session: OnnxSession, feeds: ReadonlyMap<string, Tensor>, output: string): Promise<Tensor> {
  const tensor = (await session.run(feeds, [output])).get(output);
  if (tensor === undefined) throw new ModelError('model.tensors', `${output} was not answered.`);
  return tensor;
}

/** Number of channels of a tensor [1, channels, ...sizes]. */
function checkGrid(file: string, name: string, { dims }: Tensor, sizes: Sizes): number {
  const [batch, channels = 0, ...rest] = dims;
  if (batch === 1 && channels > 0 && rest.length === sizes.length && rest.every((size, n) => size === sizes[n])) {
    return channels;
  }
  throw new ModelError(
    'model.shape',
    `${name} of ${file} is [${dims.join(', ')}] for an image of ${sizes.join(' × ')} voxels. A model gives ` +
      `[1, channels, ${sizes.join(', ')}]: one score per voxel and channel.`
  );
}

function checkFinite(file: string, name: string, { data }: Tensor): void {
  if (data.every(Number.isFinite)) return;
  throw new ModelError(
    'model.not-finite',
    `${name} of ${file} holds values that are no numbers, already for an image without content. Check the export.`
  );
}

function checkProbabilities(file: string, name: string, { data }: Tensor, channels: number): void {
  const voxels = data.length / channels;
  for (let voxel = 0; voxel < voxels; voxel += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const value = data[channel * voxels + voxel] ?? 0;
      if (value < -PROBABILITY_TOLERANCE) sum = Number.NaN;
      sum += value;
    }
    if (Math.abs(sum - 1) <= PROBABILITY_TOLERANCE) continue;
    throw new ModelError(
      'model.not-probabilities',
      `${name} of ${file} holds no probabilities that sum to 1 over the channels. If these are logits, let model.json ` +
        'say so.'
    );
  }
}

function noTensor(file: string, what: string, name: string, among: readonly TensorDescription[]): ModelError {
  const there = among.map(tensor => tensor.name).join(', ');
  return new ModelError('model.tensors', `${file} has no ${what} ${name}; it has ${there}. Correct model.json.`);
}

function smallestField(multipleOf: Sizes): Sizes {
  const [x, y, z] = multipleOf.map(multiple => Math.ceil(SMALLEST_FIELD / multiple) * multiple);
  return [x ?? SMALLEST_FIELD, y ?? SMALLEST_FIELD, z ?? SMALLEST_FIELD];
}

function zeros(channels: number, sizes: Sizes): Tensor {
  const dims = [1, channels, ...sizes];
  return { dims, data: new Float32Array(dims.reduce((product, size) => product * size, 1)) };
}

/** From 0 to 1 through the whole field. */
function ramp(sizes: Sizes): Tensor {
  const tensor = zeros(1, sizes);
  const { data } = tensor;
  for (let n = 0; n < data.length; n += 1) data[n] = n / (data.length - 1);
  return tensor;
}
