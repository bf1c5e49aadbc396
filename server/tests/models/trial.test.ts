import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readModelFolder } from '../../src/models/modelFolder.js';
import { runTrial, TrialCancelled } from '../../src/models/trial/runTrial.js';
import { compiledModule } from '../../src/threads/compiledModule.js';
import { fixture, placeFixture, placePrompted, temporaryFolder } from './modelFolders.js';

/** Where the sources of the register are. */
const MODELS = pathToFileURL(path.resolve(import.meta.dirname, '../../src/models/models.ts')).href;

/** Processes of trials that a process has started. */
function trialsOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter(found => Number(found?.[2]) === parent && found?.[3]?.includes('trialProcess') === true)
    .map(found => Number(found?.[1]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processor time that a process has used; 0 if it is gone. */
function cpuSeconds(pid: number): number {
  try {
    const time = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return time.split(/[-:]/).reduce((seconds, part) => seconds * 60 + Number(part), 0);
  } catch {
    return 0;
  }
}

/** What trying models finds, all in one process: null, or the code of the error. */
function tryAll(folders: readonly string[]): (string | null)[] {
  const script = `
    import { readFileSync } from 'node:fs';
    import { readModelFolder } from '${compiledModule(MODELS, 'modelFolder').href}';
    import { tryModel } from '${compiledModule(MODELS, 'trial/tryModel').href}';
    import { openSession } from '${compiledModule(MODELS, '../inference/onnx/onnxSession').href}';
    const codes = [];
    for (const folder of process.argv.slice(1)) {
      const { file } = await readModelFolder(folder);
      const open = weights => openSession(readFileSync(folder + '/' + weights.file), ['cpu']);
      codes.push(await tryModel(file, open).then(() => null, error => error.code ?? String(error)));
    }
    console.log(JSON.stringify(codes));
  `;
  const args = ['--input-type=module', '-e', script, ...folders];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as (string | null)[];
}

describe('a trial finds out whether a network does what its description says', () => {
  let temporary: ReturnType<typeof temporaryFolder>;
  let root: string;
  beforeEach(() => {
    temporary = temporaryFolder();
    root = temporary.folder;
  });
  afterEach(() => temporary.remove());

  /** Tries what has been placed in `root`, under its names. */
  function tried(): Record<string, string | null> {
    const names = readdirSync(root);
    const codes = tryAll(names.map(name => path.join(root, name)));
    return Object.fromEntries(names.map((name, n) => [name, codes[n] ?? null]));
  }

  test('for one that labels images', () => {
    const expected = {
      threshold: null,
      probabilities: null,
      slow: null,
      'nan-later': null,
      nan: 'model.not-finite',
      'fixed-size': 'model.tensors',
      'wrong-tensor': 'model.tensors',
      'wrong-channels': 'model.shape',
      'many-channels': 'model.shape',
      'wrong-shape': 'model.shape'
    };
    for (const name of Object.keys(expected)) placeFixture(root, name);
    const whole = { field: { kind: 'whole' } };
    placeFixture(root, 'fixed-size', 'patch-of-the-only-size', file => ({
      ...file,
      field: { kind: 'window', patch: [16, 16, 16], overlap: 0.5, blending: 'constant' }
    }));
    placeFixture(root, 'fixed-size', 'whole-of-one-size', file => ({ ...file, ...whole }));
    placeFixture(root, 'probabilities', 'whole', ({ input, ...file }) => ({
      ...file,
      ...whole,
      input: { ...input, multipleOf: [8, 16, 20] }
    }));
    placeFixture(root, 'threshold', 'logits-as-probabilities', ({ output, ...file }) => ({
      ...file,
      output: { ...output, scores: 'probabilities' }
    }));
    expect(tried()).toEqual({
      ...expected,
      'patch-of-the-only-size': null,
      'whole-of-one-size': 'model.tensors',
      whole: null,
      'logits-as-probabilities': 'model.not-probabilities'
    });
  });

  test('for one that answers clicks: its encoder, then its decoder with what that has seen', () => {
    placePrompted(root, 'as-it-is', file => file);
    placePrompted(root, 'other-crop', file => ({ ...file, input: { ...file.input, crop: [16, 24, 20] } }));
    placePrompted(root, 'no-feature', file => ({ ...file, features: ['features', 'edges'] }));
    placePrompted(root, 'other-prompts', ({ prompts, ...file }) => ({
      ...file,
      prompts: { ...prompts, tensor: 'spots' }
    }));
    placePrompted(root, 'other-answer', file => ({ ...file, output: { tensor: 'mask' } }));
    placePrompted(root, 'swapped', ({ encoder, decoder, ...file }) => ({
      ...file,
      encoder: decoder,
      decoder: encoder
    }));
    expect(tried()).toEqual({
      'as-it-is': null,
      'other-crop': null,
      'no-feature': 'model.tensors',
      'other-prompts': 'model.tensors',
      'other-answer': 'model.tensors',
      swapped: 'model.tensors'
    });
  });
});

test('a network that wants more memory than there is takes nothing down but its own process', async () => {
  const model = await readModelFolder(fixture('no-memory'));
  await expect(runTrial(model, 60, new AbortController().signal)).rejects.toMatchObject({ code: 'model.no-memory' });
  expect(trialsOf(process.pid)).toEqual([]);
});

test('a trial that is cancelled leaves no process behind, whatever its network does', async () => {
  const model = await readModelFolder(fixture('never-ends'));
  const abort = new AbortController();
  const trial = runTrial(model, 60, abort.signal);
  await expect.poll(() => trialsOf(process.pid)).toHaveLength(1);
  abort.abort();
  await expect(trial).rejects.toBeInstanceOf(TrialCancelled);
  expect(trialsOf(process.pid)).toEqual([]);
  await expect(runTrial(model, 60, abort.signal)).rejects.toBeInstanceOf(TrialCancelled);
});

test('a trial does not outlive the service, even if that is killed while native code runs', async () => {
  const script = `
    import { readModelFolder } from '${compiledModule(MODELS, 'modelFolder').href}';
    import { runTrial } from '${compiledModule(MODELS, 'trial/runTrial').href}';
    await runTrial(await readModelFolder(process.argv[1]), 600, new AbortController().signal);
  `;
  const service = spawn(process.execPath, ['--input-type=module', '-e', script, fixture('never-ends')]);
  try {
    await expect.poll(() => trialsOf(service.pid ?? 0), { timeout: 30_000 }).toHaveLength(1);
    const trials = trialsOf(service.pid ?? 0);
    // Past its start: by now it reads, or runs what never ends.
    await expect.poll(() => cpuSeconds(trials[0] ?? 0), { timeout: 60_000 }).toBeGreaterThanOrEqual(1);
    service.kill('SIGKILL');
    await expect.poll(() => trials.filter(isAlive), { timeout: 30_000 }).toEqual([]);
  } finally {
    service.kill('SIGKILL');
  }
}, 150_000);
