import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { interrupted, voxcord, type Finished } from '../cli/command.js';
import { makeNifti } from '../imaging/niftiFile.js';
import { fixture } from '../models/modelFolders.js';
import { inferenceProcesses, isAlive } from './support/processes.js';

const COMMAND = fileURLToPath(new URL('../../bin/voxcord.mjs', import.meta.url));
const DIMS = [16, 16, 16] as const;
const FIRST_VOXEL = 352;

let root = '';
let image = '';
let folder = '';

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'voxcord-infer-'));
  image = path.join(root, 'image.nii.gz');
  // HU from 0 to 4095.
  const bytes = makeNifti({ dims: DIMS, affine: [-2, 0, 0, 10, 0, 0, 3, 20, 0, 1, 0, 30] });
  writeFileSync(image, gzipSync(bytes));
  writeFileSync(path.join(root, 'image.nii'), bytes);
});
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'results-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const labelsFile = (): string => path.join(folder, 'labels.nii.gz');
const infer = (name: string, more: readonly string[] = []): Promise<Finished> =>
  voxcord(['infer', fixture(name), image, '-o', labelsFile(), '--threads', '1', ...more]);

test('prints model, segments, time and memory as JSON and nothing else', async () => {
  const { code, stdout, stderr } = await infer('threshold', ['--json']);
  expect([code, stderr]).toEqual([0, '']);
  const labels = gunzipSync(readFileSync(labelsFile())).subarray(FIRST_VOXEL);
  const count = (number: number): number => labels.filter(label => label === number).length;
  expect(JSON.parse(stdout)).toEqual({
    model: { name: 'threshold', version: '1.0.0', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
    segments: [1, 2].map(number => ({ number, voxels: count(number), volumeMl: (count(number) * 6) / 1000 })),
    seconds: expect.any(Number) as unknown,
    peakMemoryMb: expect.any(Number) as unknown
  });
  expect(count(1) + count(2)).toBeGreaterThan(0);
  expect(readdirSync(folder)).toEqual(['labels.nii.gz']);
});

describe('refused, with a code and without a trace', () => {
  test.each<[string, string]>([
    ['nan', 'inference.not-finite'],
    ['wrong-hash', 'model.wrong-hash'],
    ['external-data-nested', 'model.external-data'],
    ['wrong-opset', 'model.opset'],
    ['click-distance', 'model.prompted']
  ])('%s: %s', async (name, code) => {
    const { code: exit, stdout, stderr } = await infer(name, ['--json']);
    expect([exit, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toMatchObject({ code, exitCode: 1 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('results that have no place, before anything runs', async () => {
    mkdirSync(path.join(folder, 'a-folder.nii'));
    const [taken, missing] = [path.join(folder, 'a-folder.nii'), path.join(folder, 'nowhere', 'scores.nii')];
    // The model would never end.
    expect((await infer('never-ends', ['--scores', taken])).code).toBe(2);
    const { code, stderr } = await infer('never-ends', ['--scores', missing, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'output.unwritable' });
    expect(readdirSync(folder)).toEqual(['a-folder.nii']);
  });

  test('a series of volumes', async () => {
    const series = path.join(root, 'series.nii');
    writeFileSync(series, makeNifti({ dims: [8, 8, 8, 2] }));
    const { code, stderr } = await voxcord(['infer', fixture('threshold'), series, '-o', labelsFile(), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'image.frames' });
  });

  test.each(['image.nii', 'image.nii.gz'])('a disk without room for what comes of %s', async file => {
    const limited = await new Promise<{ code: unknown; stderr: string }>(resolve => {
      const script = 'ulimit -f 2; exec "$0" "$@"';
      const given = path.join(root, file);
      const args = [process.execPath, COMMAND, 'infer', fixture('threshold'), given, '-o', labelsFile(), '--json'];
      execFile('bash', ['-c', script, ...args], (error, _, stderr) => resolve({ code: error?.code, stderr }));
    });
    expect(limited.code).toBe(1);
    expect(JSON.parse(limited.stderr)).toMatchObject({ code: 'inference.disk-full' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each([
  ['an output of another kind', ['-o', 'labels.png']],
  ['scores over the labels', ['-o', 'labels.nii', '--scores', './labels.nii']],
  ['no output', []],
  ['no threads', ['-o', 'labels.nii', '--threads', '0']]
])('wrong usage: %s', async (_, more) => {
  const { code, stdout } = await voxcord(['infer', fixture('threshold'), image, ...more]);
  expect([code, stdout]).toEqual([2, '']);
});

describe('a command that is ended', () => {
  /** Processes with results in this folder are those of the run. */
  const isRunning = (): boolean =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(name => name.endsWith('.part'));

  test('by Ctrl-C leaves nothing', async () => {
    const signal = await interrupted(['infer', fixture('never-ends'), image, '-o', labelsFile()], isRunning);
    expect(signal).toBe('SIGINT');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('by force takes the process of the model with it, and leaves nothing', async () => {
    const child = execFile(process.execPath, [COMMAND, 'infer', fixture('never-ends'), image, '-o', labelsFile()]);
    await expect.poll(isRunning, { timeout: 30_000 }).toBe(true);
    const [model] = inferenceProcesses(child.pid ?? 0);
    expect(model === undefined ? false : isAlive(model)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(model ?? 0), { timeout: 30_000 }).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
