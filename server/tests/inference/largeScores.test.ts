import { describe, expect, test } from 'vitest';
import { applyModel, type AppliedModel } from '../../src/inference/pipeline.js';

/** The largest number of single precision. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const CHANNELS = 3;

/** Windows that overlap, so that scores are added up before they are divided. */
const model = (scores: 'logits' | 'probabilities'): AppliedModel => ({
  input: {
    tensor: 'image',
    modalities: ['CT'],
    orientation: 'RAS',
    spacing: null,
    acceptedSpacing: { smallest: 0.1, largest: 10 },
    interpolation: 'linear',
    intensity: { kind: 'none' },
    multipleOf: [1, 1, 1]
  },
  field: { kind: 'window', patch: [8, 8, 8], overlap: 0.5, blending: 'constant' },
  output: {
    tensor: 'scores',
    scores,
    segments: [{ channel: 1, name: 'One', kind: 'structure', colour: '#56b4e9', codes: [] }],
    cleanUp: null
  }
});

/** Of a network that gives each channel the same score everywhere. */
async function scoresOf(channels: readonly number[], kind: 'logits' | 'probabilities'): Promise<number[][]> {
  const plane = 12 * 8;
  const found: number[][] = [];
  await applyModel(
    model(kind),
    (_, dims) => {
      const voxels = dims[0] * dims[1] * dims[2];
      const data = new Float32Array(CHANNELS * voxels);
      channels.forEach((score, channel) => data.fill(score, channel * voxels, (channel + 1) * voxels));
      return Promise.resolve({ dims: [1, CHANNELS, ...dims], data });
    },
    { dims: [12, 8, 8], affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], read: (_, target) => void target.fill(1) },
    {
      report: () => undefined,
      takeScores: ({ scores }) => {
        for (let n = 0; n < plane; n++) found.push([0, 1, 2].map(channel => scores[channel * plane + n] ?? NaN));
      }
    }
  );
  return found;
}

describe('scores that are too large to be added up', () => {
  test('are no chance at all where they are the lowest of logits, as networks mask channels', async () => {
    const found = await scoresOf([0, 0, -LARGEST], 'logits');
    expect(found.every(scores => scores.join() === '0.5,0.5,0')).toBe(true);
  });

  test.each([
    ['all channels as low as can be', [-LARGEST, -LARGEST, -LARGEST], 'logits'],
    ['two channels as high as can be', [0, LARGEST, LARGEST], 'logits'],
    ['what is called probabilities', [0, LARGEST, 0], 'probabilities']
  ] as const)('end a run: %s', async (_, channels, kind) => {
    await expect(scoresOf(channels, kind)).rejects.toMatchObject({ code: 'inference.not-finite' });
  });
});
