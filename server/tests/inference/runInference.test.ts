import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { InferenceError, type InferenceErrorCode } from '../../src/inference/errors.js';
import type { InferenceTask, InferenceVolume } from '../../src/inference/inferenceTask.js';
import { memoryNeeded } from '../../src/inference/memoryNeeded.js';
import { runInference, type InferenceOptions } from '../../src/inference/runInference.js';
import { inferenceProcesses } from './support/processes.js';
import { taskOf, writeVolume } from './support/tasks.js';

/** A process of the lowest priority waits for all others of a busy machine. */
const MINUTES = 5 * 60_000;

let root = '';
let volume: InferenceVolume;
/** Where results go; empty before each test. */
let folder = '';

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'voxcord-inference-'));
  volume = writeVolume(root, [40, 36, 33]);
});
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'results-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (task: InferenceTask, options: Partial<InferenceOptions> = {}): ReturnType<typeof runInference> =>
  runInference(task, { signal: new AbortController().signal, report: () => undefined, ...options });

/** The error that a run ends with, which leaves nothing. */
async function failureOf(task: InferenceTask, options: Partial<InferenceOptions> = {}): Promise<InferenceError> {
  const error: unknown = await run(task, options).then(
    () => null,
    (reason: unknown) => reason
  );
  if (!(error instanceof InferenceError)) throw new Error(`The run ended otherwise: ${String(error)}`);
  expect(readdirSync(folder)).toEqual([]);
  expect(inferenceProcesses(process.pid)).toEqual([]);
  return error;
}

describe('a run', () => {
  test('leaves labels and scores on the grid of the volume, and tells what it was', async () => {
    const steps: number[] = [];
    const task = taskOf('threshold', volume, folder);
    const outcome = await run(task, { report: done => steps.push(done) });
    const labels = readFileSync(task.labelsFile);
    const stored = readFileSync(volume.path);
    const thresholds = labels.map((_, n) => {
      const value = stored.readInt16LE(2 * n);
      return value > 150.5 ? 2 : value > 50.5 ? 1 : 0;
    });
    expect(labels.equals(thresholds)).toBe(true);
    expect(readFileSync(task.scoresFile).length).toBe(3 * 4 * labels.length);
    expect(outcome.voxelsPerChannel).toEqual([0, 1, 2].map(channel => labels.filter(each => each === channel).length));
    expect(outcome.provider).toBe('cpu');
    expect(outcome.software).toMatch(/^voxcord \d.*, onnxruntime-node \d.*, node \d/);
    expect(outcome.seconds).toBeGreaterThan(0);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
    expect(readdirSync(folder).sort()).toEqual(['labels', 'scores']);
    expect(inferenceProcesses(process.pid)).toEqual([]);
  });

  test(
    'holds no map of the whole volume for each channel',
    async () => {
      const task = taskOf('threshold', writeVolume(folder, [64, 64, 48]), folder, file => ({
        ...file,
        field: { kind: 'window', patch: [64, 64, 48], overlap: 0, blending: 'gaussian' }
      }));
      const { scoresFile: _, ...labelsOnly } = task;
      const { peakMemoryMb: least } = await run(labelsOnly);
      const long = writeVolume(folder, [64, 64, 3000]);
      const bound = memoryNeeded(task.file, long) / 1e6;
      // Three maps would be 147 MB more.
      expect(bound).toBeLessThan(80);
      expect((await run({ ...labelsOnly, volume: long })).peakMemoryMb).toBeLessThan(least + bound + 70);
    },
    MINUTES
  );
});

describe('a run that cannot end well has a code, leaves nothing and no process', () => {
  test.each<[string, InferenceErrorCode]>([
    ['nan-later', 'inference.not-finite'],
    ['wrong-shape', 'inference.wrong-shape'],
    ['wrong-channels', 'inference.wrong-shape'],
    ['many-channels', 'inference.wrong-shape'],
    ['wrong-tensor', 'inference.wrong-shape'],
    ['fixed-size', 'inference.wrong-shape'],
    ['wrong-hash', 'inference.weights-changed'],
    ['custom-domain', 'inference.not-an-onnx']
  ])('%s: %s', async (name, code) => {
    const error = await failureOf(taskOf(name, volume, folder));
    expect(error.code).toBe(code);
    expect(error.message.length).toBeGreaterThan(40);
  });

  test('a network that never ends is stopped when its time is over', async () => {
    const error = await failureOf(taskOf('never-ends', volume, folder), { timeLimit: 2 });
    expect(error.code).toBe('inference.timed-out');
  });

  test('a run that is cancelled ends at once, also within the network', async () => {
    const controller = new AbortController();
    const error = await failureOf(taskOf('never-ends', volume, folder), {
      signal: controller.signal,
      report: (_, step) => {
        if (step.startsWith('Scoring')) controller.abort();
      }
    });
    expect(error.code).toBe('inference.cancelled');
    expect((await failureOf(taskOf('threshold', volume, folder), { signal: controller.signal })).code).toBe(
      'inference.cancelled'
    );
  });

  test.each<[NodeJS.Signals, InferenceErrorCode]>([
    ['SIGSEGV', 'inference.crashed'],
    ['SIGKILL', 'inference.no-memory']
  ])('native code that ends with %s: %s', async (signal, code) => {
    const error = await failureOf(taskOf('never-ends', volume, folder), {
      report: (_, step) => {
        if (!step.startsWith('Scoring')) return;
        for (const pid of inferenceProcesses(process.pid)) process.kill(pid, signal);
      }
    });
    expect(error.code).toBe(code);
  });

  test('a grid that no machine can hold', async () => {
    const task = taskOf('threshold', volume, folder, file => ({
      ...file,
      input: { ...file.input, spacing: [0.001, 0.001, 0.001] }
    }));
    expect((await failureOf(task)).code).toBe('inference.no-memory');
  });

  test('an execution provider that is not there', async () => {
    const error = await failureOf({ ...taskOf('threshold', volume, folder), providers: ['abacus'] });
    expect([error.code, error.message]).toEqual(['inference.no-provider', expect.stringContaining('abacus')]);
  });

  test('a volume of another modality, and voxels of other sizes', async () => {
    const modality = await failureOf(taskOf('threshold', { ...volume, modality: 'MR' }, folder));
    expect([modality.code, modality.message]).toEqual(['inference.wrong-modality', expect.stringContaining('CT')]);
    const large = { ...volume, affine: [12, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] as const };
    const spacing = await failureOf(taskOf('threshold', large, folder));
    expect([spacing.code, spacing.message]).toEqual(['inference.wrong-spacing', expect.stringContaining('12 x 1 x 1')]);
  });

  test('a volume that is not there, ends early, or holds no numbers', async () => {
    const other = path.join(root, 'other');
    expect((await failureOf(taskOf('threshold', { ...volume, path: other }, folder))).code).toBe(
      'inference.unreadable'
    );
    writeFileSync(other, readFileSync(volume.path));
    truncateSync(other, 1000);
    expect((await failureOf(taskOf('threshold', { ...volume, path: other }, folder))).code).toBe(
      'inference.unreadable'
    );
    const dims = [4, 4, 4] as const;
    writeFileSync(other, new Float32Array(64).fill(NaN, 7, 8));
    const broken = { ...volume, path: other, dims, voxelType: 'float32' as const };
    expect((await failureOf(taskOf('threshold', broken, folder))).code).toBe('inference.unreadable');
  });

  test('results that cannot be written', async () => {
    const task = { ...taskOf('threshold', volume, folder), scoresFile: path.join(root, 'nowhere', 'scores') };
    expect((await failureOf(task)).code).toBe('inference.unwritable');
  });

  test('what was there before stays', async () => {
    const task = taskOf('nan', volume, folder);
    writeFileSync(task.labelsFile, 'of yesterday');
    await expect(run(task)).rejects.toMatchObject({ code: 'inference.not-finite' });
    expect(readdirSync(folder)).toEqual(['labels']);
    expect(readFileSync(task.labelsFile, 'utf8')).toBe('of yesterday');
  });
});
