import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Affine } from '@voxcord/schemas/geometry';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MarkScoresFile } from '../../../src/inference/markScoresFile.js';
import type { Network } from '../../../src/inference/networkScores.js';
import { applyModel, type AppliedModel } from '../../../src/inference/pipeline.js';
import { compactScores } from '../../../src/studies/compactScores.js';
import { spreadOver } from '../../../src/studies/evaluations/keptScores.js';
import { makeLabelBricks } from '../../../src/studies/modelJobs/labelBricks.js';
import { scoredChannels } from '../../../src/studies/modelJobs/markScores.js';

const CHANNELS = 4;
const LESIONS = [2, 3];
/** Channels become other numbers, as in a read. */
const SEGMENT_OF = Uint8Array.from({ length: 256 }, (_, channel) => [0, 5, 1, 7][channel] ?? 0);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-scores-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function modelOf(orientation: string, spacing: [number, number, number] | null, smallestMl: number): AppliedModel {
  return {
    input: {
      tensor: 'image',
      modalities: ['CT'],
      orientation,
      spacing,
      acceptedSpacing: { smallest: 0.1, largest: 10 },
      interpolation: 'linear',
      intensity: { kind: 'none' },
      multipleOf: [1, 1, 1]
    },
    field: { kind: 'window', patch: [4, 4, 4], overlap: 0.25, blending: 'gaussian' },
    output: {
      tensor: 'scores',
      scores: 'logits',
      segments: [1, ...LESIONS].map(channel => {
        const kind = LESIONS.includes(channel) ? 'lesion' : 'structure';
        return { channel, name: `${channel}`, kind, colour: '#56b4e9', codes: [] };
      }),
      cleanUp: { smallestMl, largestOnly: [3] }
    }
  };
}

/** Logits that go up and down with the values of voxels, each channel in its own way. */
const network: Network = (tensor, dims) => {
  const data = new Float32Array(CHANNELS * tensor.length);
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let n = 0; n < tensor.length; n++) {
      data[channel * tensor.length + n] = 3 * Math.sin((tensor[n] ?? 0) * (channel + 1));
    }
  }
  return Promise.resolve({ dims: [1, CHANNELS, ...dims], data });
};

interface Run {
  readonly labels: Uint8Array;
  /** One map per channel over the whole grid, as `voxcord infer --scores` writes them. */
  readonly maps: readonly Float32Array[];
}

async function run(
  model: AppliedModel,
  dims: readonly [number, number, number],
  affine: Affine,
  values: readonly number[]
): Promise<Run> {
  const plane = dims[0] * dims[1];
  const maps = Array.from({ length: CHANNELS }, () => new Float32Array(plane * dims[2]));
  rmSync(path.join(folder, 'scores'), { force: true });
  const file = new MarkScoresFile(path.join(folder, 'scores'), LESIONS);
  const { labels } = await applyModel(
    model,
    network,
    {
      dims,
      affine,
      read: (k, target) => {
        for (let n = 0; n < plane; n++) target[n] = values[(k * plane + n) % values.length] ?? 0;
      }
    },
    {
      report: () => undefined,
      takeScores: slice => {
        maps.forEach((map, channel) =>
          map.set(slice.scores.subarray(channel * plane, (channel + 1) * plane), slice.k * plane)
        );
        file.add(slice);
      }
    }
  );
  file.finish();
  writeFileSync(path.join(folder, 'labels'), labels);
  return { labels, maps };
}

function collected(dims: readonly [number, number, number]): ReturnType<typeof makeLabelBricks> {
  return makeLabelBricks({
    labelsFile: path.join(folder, 'labels'),
    dims,
    segmentOf: SEGMENT_OF,
    scores: { file: path.join(folder, 'scores'), segments: LESIONS.map(channel => SEGMENT_OF[channel] ?? 0) }
  });
}

const edge = fc.integer({ min: 1, max: 7 });
const orientation = fc.constantFrom('RAS', 'LPI', 'SAR', 'IPL', 'ALS', 'PRI');
/** Turned by up to 20 degrees about an axis, with any direction of the axes. */
const affine = fc
  .tuple(fc.double({ min: -0.35, max: 0.35, noNaN: true }), fc.constantFrom(1, -1), fc.constantFrom(1, -1))
  .map(([angle, i, k]): Affine => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [i * cos, -1.5 * sin, 0, 4, i * sin, 1.5 * cos, 0, -3, 0, 0, 2 * k, 9];
  });
const spacing = fc.constantFrom<[number, number, number] | null>(null, [1.3, 1, 1.7]);

describe('scores of marks', () => {
  test('are those of the whole maps at the voxels that stay after the clean-up, whichever way the network looks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(edge, edge, edge),
        orientation,
        affine,
        spacing,
        fc.constantFrom(0, 0.02),
        fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 5, maxLength: 40 }),
        async (dims, axes, place, resampled, smallestMl, values) => {
          const { labels, maps } = await run(modelOf(axes, resampled, smallestMl), dims, place, values);
          const made = collected(dims);
          const segments = labels.map(channel => SEGMENT_OF[channel] ?? 0);
          const { scores, damaged } = spreadOver(segments, made?.scores ?? []);
          expect(damaged).toEqual([]);
          for (const channel of LESIONS) {
            const segment = SEGMENT_OF[channel] ?? 0;
            const kept = made?.scores.find(each => each.segment === segment);
            expect(kept?.voxels).toBe(segments.filter(each => each === segment).length);
            const over = scores.get(segment);
            segments.forEach((each, voxel) => {
              if (each === segment) expect(over?.[voxel]).toBe(maps[channel]?.[voxel]);
            });
          }
        }
      ),
      { seed: 20261123, numRuns: 60 }
    );
  });

  test('of a run that left another file than its labels are refused', async () => {
    const dims = [6, 6, 6] as const;
    const plane = 36;
    const values = Array.from({ length: 41 }, (_, n) => Math.sin(n) * 4);
    const { labels } = await run(modelOf('RAS', null, 0), dims, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], values);
    expect(collected(dims)?.scores.map(({ voxels }) => voxels)).toEqual(
      LESIONS.map(channel => labels.filter(each => each === channel).length)
    );
    const file = path.join(folder, 'scores');
    const whole = readFileSync(file);
    const at = (record: number): Buffer => whole.subarray(8 * record, 8 * record + 8);
    const beyond = Buffer.from(whole);
    beyond.writeUInt32LE(6 * plane, 0);
    const broken: Readonly<Record<string, Buffer>> = {
      'cut within a record': whole.subarray(0, -3),
      'a voxel is missing': whole.subarray(8),
      'a voxel comes twice': Buffer.concat([at(0), at(0), whole.subarray(16)]),
      'voxels out of order': Buffer.concat([at(1), at(0), whole.subarray(16)]),
      'a slice in two pieces': Buffer.concat([whole.subarray(8), at(0)]),
      'a voxel beyond the grid': beyond
    };
    for (const [what, bytes] of Object.entries(broken)) {
      writeFileSync(file, bytes);
      expect(collected(dims), what).toBe(null);
    }
  });

  test('fit one label map: those of another one, or damaged ones, are put nowhere', () => {
    const labels = Uint8Array.from([0, 2, 2, 1, 2, 1]);
    const content = compactScores(Float32Array.from([0.25, 0.5, 0.75]));
    const { scores, damaged } = spreadOver(labels, [
      { segment: 2, content },
      { segment: 1, content },
      { segment: 3, content: compactScores(new Float32Array()) },
      { segment: 4, content: null },
      { segment: 5, content: content.subarray(0, -9) }
    ]);
    expect([...(scores.get(2) ?? [])]).toEqual([0, 0.25, 0.5, 0, 0.75, 0]);
    expect([...scores.keys()]).toEqual([2, 3]);
    expect(damaged).toEqual([1, 4, 5]);
    const notFinite = compactScores(Float32Array.from([0.25, NaN, 0.75]));
    expect(spreadOver(labels, [{ segment: 2, content: notFinite }]).damaged).toEqual([2]);
  });

  test('are kept of what the protocol or the model takes for a lesion, and without a protocol of nothing', () => {
    const channels = [1, 2, 3].map(channel => ({ channel, segment: channel + 10, by: 'name' as const }));
    const ofModel = [1, 2, 3].map(channel => ({
      channel,
      kind: channel === 2 ? ('lesion' as const) : ('structure' as const)
    }));
    const ofProtocol = [11, 12, 13].map(number => ({
      number,
      kind: number === 13 ? ('lesion' as const) : ('structure' as const)
    }));
    expect(scoredChannels(channels, ofModel, ofProtocol).map(({ channel }) => channel)).toEqual([2, 3]);
    expect(scoredChannels(channels, ofModel, null)).toEqual([]);
  });
});
