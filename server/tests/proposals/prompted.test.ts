import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseModelFile, type PromptedModelFile } from '@voxcord/schemas/models';
import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FeatureCache } from '../../src/inference/prompted/featureCache.js';
import { coveredBox, cropTensor, maskOfAnswer, networkCropAbout } from '../../src/inference/prompted/networkCrop.js';
import { PromptedRunner } from '../../src/inference/prompted/promptedRunner.js';
import type { PromptedTask } from '../../src/inference/prompted/promptedTask.js';
import { promptMaps } from '../../src/inference/prompted/promptMaps.js';
import type { Place } from '../../src/proposals/prompts.js';
import type { StoredCrop } from '../../src/proposals/storedCrop.js';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const DIMS: Dims = [40, 36, 30];
const SPACING: Vector = [0.8, 1, 1.25];
const NEVER = new AbortController().signal;

let folder = '';
let runner: PromptedRunner;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-prompted-'));
  runner = new PromptedRunner({ answer: 20_000, grace: 200, idle: 60_000 });
});
afterAll(() => {
  runner.stop();
  rmSync(folder, { recursive: true, force: true });
});

function modelIn(at: string): { folder: string; file: PromptedModelFile } {
  const file = parseModelFile(readFileSync(path.join(at, 'model.json'), 'utf8'));
  if (file.kind !== 'prompted') throw new Error(`${at} is no prompted model.`);
  return { folder: at, file };
}

/** A bright half of an image: i from 20 on. */
function image(): Promise<StoredCrop> {
  const values = new Int16Array(DIMS[0] * DIMS[1] * DIMS[2]);
  for (let n = 0; n < values.length; n++) values[n] = n % DIMS[0] >= 20 ? 300 : 0;
  const box = { min: [0, 0, 0], max: [DIMS[0] - 1, DIMS[1] - 1, DIMS[2] - 1] } as const;
  return Promise.resolve({ box, voxelType: 'int16', slope: 1, intercept: 0, bytes: new Uint8Array(values.buffer) });
}

function taskOf(name: string, places: readonly Place[], volume = 'one'): PromptedTask {
  const model = modelIn(path.join(FIXTURES, name));
  const crop = networkCropAbout(places[0]?.at ?? [0, 0, 0], model.file.input.crop, model.file.input.spacing, SPACING);
  return { ...model, sha256: name, volume, dims: DIMS, spacing: SPACING, crop, places };
}

const ON: Place = { at: [26, 18, 15], on: true };
const BESIDE: Place = { at: [34, 18, 15], on: false };

describe('a prompted model', () => {
  test('looks at a crop once, however often one clicks in it', async () => {
    const first = await runner.answer(taskOf('nearer', [ON]), image, NEVER);
    const second = await runner.answer(taskOf('nearer', [ON, BESIDE]), image, NEVER);
    const third = await runner.answer(taskOf('nearer', [ON]), image, NEVER);
    expect([first.encoderRuns, second.encoderRuns, third.encoderRuns]).toEqual([1, 1, 1]);
    expect([first.decoderRuns, second.decoderRuns, third.decoderRuns]).toEqual([1, 2, 3]);
    expect(third.runs).toEqual(first.runs);
    expect(second.voxels).toBeGreaterThan(0);
    expect(second.voxels).toBeLessThan(first.voxels);
    const other = await runner.answer(taskOf('nearer', [ON], 'two'), image, NEVER);
    expect(other.encoderRuns).toBe(2);
  });

  test('sees grey values and places where they are: what it answers lies on the bright side, about the click', async () => {
    const { runs } = await runner.answer(taskOf('nearer', [ON]), image, NEVER);
    for (let n = 0; n < runs.length; n += 2) {
      const i = (runs[n] ?? 0) % DIMS[0];
      expect(i).toBeGreaterThanOrEqual(20);
      expect(i + (runs[n + 1] ?? 0)).toBeLessThanOrEqual(DIMS[0]);
    }
  });

  test.each([
    ['nan', 'inference.not-finite'],
    ['wrong-shape', 'inference.wrong-shape'],
    ['never-ends', 'inference.timed-out']
  ])('that is bad (%s) ends in %s, and the next click finds a fresh process', async (name, code) => {
    const hasty = new PromptedRunner({ answer: 3000, grace: 200, idle: 60_000 });
    try {
      await hasty.answer(taskOf('nearer', [ON]), image, NEVER);
      const before = hasty.processId;
      await expect(hasty.answer(taskOf(name, [ON]), image, NEVER)).rejects.toMatchObject({ code });
      const after = await hasty.answer(taskOf('nearer', [ON]), image, NEVER);
      expect(after.encoderRuns).toBe(1);
      expect(hasty.processId).not.toBe(before);
    } finally {
      hasty.stop();
    }
  });

  test('whose process dies says so, and answers again', async () => {
    const pid = runner.processId ?? (await runner.answer(taskOf('nearer', [ON]), image, NEVER), runner.processId);
    const dying = (): Promise<StoredCrop> => {
      if (pid !== null) process.kill(pid, 'SIGKILL');
      return image();
    };
    await expect(runner.answer(taskOf('nearer', [ON], 'three'), dying, NEVER)).rejects.toMatchObject({
      code: 'inference.crashed'
    });
    expect((await runner.answer(taskOf('nearer', [ON]), image, NEVER)).encoderRuns).toBe(1);
  });

  test('whose weights were exchanged is not run', async () => {
    const changed = path.join(folder, 'changed');
    cpSync(path.join(FIXTURES, 'nearer'), changed, { recursive: true });
    const encoder = path.join(changed, 'encoder.onnx');
    writeFileSync(encoder, Buffer.concat([readFileSync(encoder), Buffer.of(0)]));
    const task = { ...taskOf('nearer', [ON]), ...modelIn(changed), sha256: 'changed' };
    await expect(runner.answer(task, image, NEVER)).rejects.toMatchObject({ code: 'inference.weights-changed' });
  });

  test('that nobody waits for any more gives way', async () => {
    const hasty = new PromptedRunner({ answer: 60_000, grace: 100, idle: 60_000 });
    const newer = new AbortController();
    const asked = hasty.answer(taskOf('never-ends', [ON]), image, newer.signal);
    setTimeout(() => newer.abort(), 500);
    await expect(asked).rejects.toMatchObject({ code: 'proposal.superseded' });
    expect((await hasty.answer(taskOf('nearer', [ON]), image, NEVER)).encoderRuns).toBe(1);
    hasty.stop();
  });
});

test('places fade with the distance to the nearest one, on the thing and beside it apart', () => {
  const maps = promptMaps(
    [
      { at: [1, 2, 3], on: true },
      { at: [1.4, 2, 0.2], on: true },
      { at: [9, 0, 0], on: false }
    ],
    [3, 4, 5],
    2
  );
  const at = (channel: number, x: number, y: number, z: number): number =>
    maps[z + 5 * (y + 4 * (x + 3 * channel))] ?? -1;
  expect(at(0, 1, 2, 3)).toBe(1);
  expect(at(0, 1, 2, 0)).toBe(1);
  expect(at(0, 1, 2, 1)).toBeCloseTo(Math.exp(-1 / 2), 6);
  expect(at(0, 0, 0, 4)).toBeCloseTo(Math.exp(-Math.sqrt(6) / 2), 6);
  // What lies outside counts at the border.
  expect(at(1, 2, 0, 0)).toBe(1);
  expect(
    promptMaps([{ at: [0, 0, 0], on: true }], [2, 2, 2], 1)
      .subarray(8)
      .every(value => value === 0)
  ).toBe(true);
});

test('a crop is where its first place is, and what it answers comes back there', () => {
  const crop = networkCropAbout([26.3, 17.8, 15], [16, 16, 16], 1, SPACING);
  const box = coveredBox(crop, DIMS);
  if (box === null) throw new Error('The crop lies in the volume.');
  expect(box).toEqual({ min: [16, 10, 9], max: [34, 25, 20] });
  const [ni, nj, nk] = [box.max[0] - box.min[0] + 1, box.max[1] - box.min[1] + 1, box.max[2] - box.min[2] + 1];
  // A ramp in mm along each axis comes back as it is, in tensor order.
  const ramp = new Float32Array(ni * nj * nk);
  let index = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) {
        ramp[index++] = (box.min[0] + i) * 0.8 + 100 * (box.min[1] + j) + 10_000 * (box.min[2] + k) * 1.25;
      }
    }
  }
  const tensor = cropTensor(crop, ramp, box);
  expect(tensor[8 + 16 * (8 + 16 * 8)]).toBeCloseTo(26 * 0.8 + 1800 + 10_000 * 15 * 1.25, 0);
  expect(tensor[9 + 16 * (7 + 16 * 11)]).toBeCloseTo(26 * 0.8 + 3 + 1700 + 10_000 * (15 * 1.25 + 1), 0);
  const half = tensor.map((_, n) => (Math.floor(n / 256) >= 8 ? 1 : -1));
  const mask = maskOfAnswer(crop, half, box);
  for (let n = 0; n < mask.length; n++) expect(mask[n]).toBe(box.min[0] + (n % ni) >= 26 ? 1 : 0);
});

test('what encoders said is kept as far as there is room, the newest longest', () => {
  const cache = new FeatureCache(3 * 40);
  const features = (): ReadonlyMap<string, { dims: number[]; data: Float32Array }> =>
    new Map([['features', { dims: [10], data: new Float32Array(10) }]]);
  for (const key of ['a', 'b', 'c']) cache.set(key, features());
  expect(cache.get('a')).not.toBeNull();
  cache.set('d', features());
  expect(['a', 'b', 'c', 'd'].filter(key => cache.get(key) !== null)).toEqual(['a', 'c', 'd']);
});
