import type { Intensity, ModelField, ModelInput, ModelOutput } from '@voxcord/schemas/models';

export interface ParityCase {
  readonly name: string;
  readonly file: string;
  readonly network: 'random' | 'threshold';
  readonly image: TestImage;
  readonly model: object;
}

/** Smooth noise. */
interface TestImage {
  readonly seed: number;
  readonly dims: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
  /** Where i, j and k point to, before they are turned by some degrees. */
  readonly axes: string;
  readonly oblique: number;
  readonly type: string;
  readonly bigEndian: boolean;
  readonly slope: number;
  readonly intercept: number;
  readonly mean: number;
  readonly deviation: number;
  /** Whether a third of the voxels is 0. */
  readonly background: boolean;
}

interface Described {
  readonly orientation?: string;
  readonly spacing?: ModelInput['spacing'];
  readonly interpolation?: ModelInput['interpolation'];
  readonly intensity?: Intensity;
  readonly multipleOf?: ModelInput['multipleOf'];
  readonly field?: ModelField;
  readonly scores?: ModelOutput['scores'];
  readonly cleanUp?: ModelOutput['cleanUp'];
  readonly channels?: readonly number[];
}

const CT: TestImage = {
  seed: 1,
  dims: [37, 30, 26],
  spacing: [0.7, 0.8, 1.5],
  axes: 'RAS',
  oblique: 0,
  type: 'int16',
  bigEndian: false,
  slope: 1,
  intercept: 0,
  mean: 100,
  deviation: 150,
  background: false
};

const WINDOW: ModelField = { kind: 'window', patch: [16, 16, 16], overlap: 0.25, blending: 'gaussian' };

function modelOf(described: Described): object {
  const { field = WINDOW, scores = 'logits', cleanUp = null, channels = [1, 2, 3, 4], ...input } = described;
  return {
    format: 'voxcord-model/1',
    name: 'parity',
    version: '1.0.0',
    title: 'Numbers to compare',
    licence: { name: 'BSD-3-Clause', attribution: '' },
    intendedUse: 'Tests of Voxcord. It says nothing about any person.',
    limitations: 'Its weights are random.',
    card: null,
    kind: 'automatic',
    input: {
      tensor: 'image',
      modalities: ['CT'],
      orientation: 'RAS',
      spacing: null,
      acceptedSpacing: { smallest: 0.1, largest: 10 },
      interpolation: 'linear',
      intensity: { kind: 'window', low: -200, high: 400 },
      multipleOf: [2, 2, 2],
      ...input
    },
    field,
    output: {
      tensor: 'scores',
      scores,
      segments: channels.map(channel => ({
        channel,
        name: `Segment ${channel}`,
        kind: 'structure',
        colour: '#56b4e9',
        codes: []
      })),
      cleanUp
    }
  };
}

function caseOf(
  name: string,
  image: Partial<TestImage>,
  described: Described,
  { file = 'image.nii.gz', network = 'random' }: Partial<Pick<ParityCase, 'file' | 'network'>> = {}
): ParityCase {
  return { name, file, network, image: { ...CT, ...image }, model: modelOf(described) };
}

/** Every rule of a description, over volumes of every kind. */
export const CASES: readonly ParityCase[] = [
  caseOf(
    'thresholds on an oblique volume with slope and intercept',
    { axes: 'LPS', oblique: 20, slope: 0.5, intercept: -1024, type: 'uint16' },
    { channels: [1, 2], intensity: { kind: 'window', low: -100, high: 400 } },
    { network: 'threshold' }
  ),
  caseOf(
    'windows with Gaussian weights, axes flipped, z-score',
    { axes: 'LPI', seed: 2 },
    {
      intensity: { kind: 'z-score', over: 'all' }
    }
  ),
  caseOf(
    'windows that are not cubes, axes permuted both in the file and for the network',
    { axes: 'SPR', seed: 3 },
    {
      orientation: 'PIR',
      field: { kind: 'window', patch: [16, 8, 24], overlap: 0.6, blending: 'gaussian' }
    }
  ),
  caseOf(
    'linear resampling, constant weights, percentiles',
    { axes: 'ILA', seed: 4, spacing: [0.9, 0.6, 2.5] },
    {
      orientation: 'LIA',
      spacing: [1.2, 1.5, 1.1],
      intensity: { kind: 'percentiles', low: 2, high: 98.5 },
      field: { kind: 'window', patch: [16, 16, 16], overlap: 0.5, blending: 'constant' }
    }
  ),
  caseOf(
    'B-spline resampling, finer and coarser',
    { axes: 'RIP', oblique: 7, seed: 5, spacing: [0.6, 2, 1] },
    {
      spacing: [1, 0.8, 1.4],
      interpolation: 'bspline',
      intensity: { kind: 'min-max' }
    }
  ),
  caseOf(
    'whole field, padded to a multiple, min-max',
    { seed: 6, dims: [23, 29, 19], axes: 'PSR' },
    {
      multipleOf: [4, 2, 8],
      intensity: { kind: 'min-max' },
      field: { kind: 'whole' }
    }
  ),
  caseOf(
    'whole field after B-spline resampling',
    { seed: 7, dims: [21, 25, 17], axes: 'LAS' },
    {
      orientation: 'ASR',
      spacing: [0.9, 0.9, 0.9],
      interpolation: 'bspline',
      field: { kind: 'whole' }
    }
  ),
  caseOf('a volume smaller than a window along all axes', { seed: 8, dims: [9, 12, 7], axes: 'LPS' }, {}),
  caseOf('a volume of one slice', { seed: 9, dims: [33, 28, 1], spacing: [0.7, 0.7, 5] }, {}),
  caseOf(
    'one slice, resampled with B-splines within the slice',
    { seed: 10, dims: [1, 40, 36], axes: 'SAR' },
    {
      spacing: [1.1, 1.1, 1.1],
      interpolation: 'bspline'
    }
  ),
  caseOf(
    'z-score of what is not 0',
    { seed: 11, type: 'uint8', mean: 120, deviation: 30, background: true },
    {
      intensity: { kind: 'z-score', over: 'non-zero' }
    }
  ),
  caseOf(
    'big-endian floating point as it is, scores as they are',
    { seed: 12, type: 'float64', bigEndian: true, mean: 0.4, deviation: 0.5 },
    { intensity: { kind: 'none' }, scores: 'probabilities' },
    { file: 'image.nii' }
  ),
  caseOf(
    'small and further components dropped',
    { seed: 13, axes: 'PIL' },
    {
      cleanUp: { smallestMl: 0.02, largestOnly: [1, 3] }
    }
  ),
  caseOf('channels that are no segments', { seed: 14, axes: 'RSP', type: 'int32', slope: 0.01 }, { channels: [2, 3] }),
  caseOf(
    'coarser windows than the volume, back by interpolation',
    { seed: 15, spacing: [0.4, 0.4, 0.8] },
    {
      spacing: [1.7, 1.3, 2.1]
    }
  )
];
