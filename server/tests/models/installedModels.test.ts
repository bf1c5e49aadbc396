import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { InstalledModels, type FoundModels, type ModelTimes } from '../../src/models/installedModels.js';
import { Verdicts } from '../../src/models/verdicts.js';
import { fixture, placeFixture, placePrompted, sha256Of, temporaryFolder } from './modelFolders.js';

const TIMES: ModelTimes = { trialSeconds: 60, settleMilliseconds: 0, patienceMilliseconds: 30_000 };

let temporary: ReturnType<typeof temporaryFolder>;
let own: string;
let shipped: string;
let verdictsFile: string;
let opened: InstalledModels[];
/** What is known of the models that most tests need: they are tried once. */
let known: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  known = temporaryFolder();
  placeFixture(known.folder, 'threshold');
  placeFixture(known.folder, 'click-distance');
  const verdicts = await Verdicts.open(path.join(known.folder, 'checks.json'));
  const models = new InstalledModels({ own: known.folder, shipped: null }, verdicts, TIMES, raise);
  expect(names(await models.list())).toEqual(['click-distance', 'threshold']);
  await models.close();
}, 120_000);
afterAll(() => known.remove());

beforeEach(() => {
  temporary = temporaryFolder();
  own = path.join(temporary.folder, 'own');
  shipped = path.join(temporary.folder, 'shipped');
  verdictsFile = path.join(temporary.folder, 'checks.json');
  cpSync(path.join(known.folder, 'checks.json'), verdictsFile);
  mkdirSync(own);
  mkdirSync(shipped);
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map(models => models.close()));
  temporary.remove();
});

async function open(times: Partial<ModelTimes> = {}): Promise<InstalledModels> {
  const verdicts = await Verdicts.open(verdictsFile);
  const models = new InstalledModels({ own, shipped }, verdicts, { ...TIMES, ...times }, raise);
  opened.push(models);
  return models;
}

function raise(error: unknown): never {
  throw error;
}

function codes({ refused }: FoundModels): Record<string, string> {
  return Object.fromEntries(refused.map(({ name, error }) => [name, error.code]));
}

function names({ models }: FoundModels): string[] {
  return models.map(({ file }) => file.name);
}

test('a folder with a description and its networks is a model, wherever it lies', async () => {
  placeFixture(shipped, 'threshold');
  placeFixture(own, 'click-distance', 'somewhere');
  mkdirSync(path.join(own, 'empty'));
  mkdirSync(path.join(own, '.hidden'));
  cpSync(fixture('nan'), path.join(own, '.hidden'), { recursive: true });
  mkdirSync(path.join(shipped, 'training'));
  writeFileSync(path.join(shipped, 'training', 'train.py'), '');
  writeFileSync(path.join(own, 'notes.txt'), '');

  const models = await open();
  const found = await models.list();
  expect([names(found), codes(found), found.checking]).toEqual([['threshold', 'click-distance'], {}, []]);
  expect(found.models.map(({ folder }) => folder)).toEqual([
    path.join(shipped, 'threshold'),
    path.join(own, 'somewhere')
  ]);
  expect((await models.find('threshold', '1.0.0'))?.file.kind).toBe('automatic');
  expect((await models.find('click-distance', '1.0.0'))?.file.kind).toBe('prompted');
  expect(await models.find('threshold', '1.0.1')).toBeNull();
  expect(await models.find('thresholds', '1.0.0')).toBeNull();
});

test('a model is named by the hash of its description and its networks, as sha256sum tells it', async () => {
  const folder = placeFixture(own, 'click-distance');
  const models = await open();
  const before = await models.find('click-distance', '1.0.0');
  const lines = ['decoder.onnx', 'encoder.onnx', 'model.json'].map(
    name => `${sha256Of(readFileSync(path.join(folder, name)))}  ${name}\n`
  );
  expect(before?.sha256).toBe(sha256Of(lines.join('')));

  rmSync(folder, { recursive: true });
  expect(await models.find('click-distance', '1.0.0')).toBeNull();
  placePrompted(own, 'click-distance', file => ({ ...file, title: 'Another title' }));
  const after = await models.find('click-distance', '1.0.0');
  expect(after?.file.title).toBe('Another title');
  expect(after?.sha256).not.toBe(before?.sha256);
});

test('a card comes with its model', async () => {
  const folder = placeFixture(own, 'threshold', 'with-card', file => ({ ...file, card: 'card.md' }));
  writeFileSync(path.join(folder, 'card.md'), '# Høy oppløsning\n');
  const [model] = (await (await open()).list()).models;
  expect(model?.card).toBe('# Høy oppløsning\n');
});

describe('a folder is refused, with the reason', () => {
  test('if its network is not what the description says', async () => {
    const expected = {
      'external-data-nested': 'model.external-data',
      nan: 'model.not-finite',
      'wrong-hash': 'model.wrong-hash',
      'wrong-opset': 'model.opset'
    };
    for (const name of Object.keys(expected)) placeFixture(own, name);
    const found = await (await open()).list();
    expect(codes(found)).toEqual(expected);
    expect(names(found)).toEqual([]);
    for (const { error } of found.refused) expect(error.message).toMatch(/^\S.+\.$/s);
  });

  test('if its description lacks something or is none', async () => {
    placeFixture(own, 'threshold', 'no-licence', ({ licence, ...file }) => (licence.name === '' ? {} : file));
    placeFixture(own, 'threshold', 'no-use', ({ intendedUse, ...file }) => (intendedUse === '' ? {} : file));
    placeFixture(own, 'threshold', 'outside', file => ({
      ...file,
      weights: { ...file.weights, file: '../model.onnx' }
    }));
    placeFixture(own, 'threshold', 'no-card', file => ({ ...file, card: 'card.md' }));
    placeFixture(own, 'threshold', 'latin');
    writeFileSync(path.join(own, 'latin', 'model.json'), Buffer.from([0x22, 0xe9, 0x22]));
    placeFixture(own, 'threshold', 'no-json');
    writeFileSync(path.join(own, 'no-json', 'model.json'), 'format: voxcord-model/1');
    placeFixture(own, 'threshold', 'huge');
    writeFileSync(path.join(own, 'huge', 'model.json'), ' '.repeat(300 * 1024));
    placeFixture(own, 'threshold', 'heavy');
    // It takes no room on the disk.
    truncateSync(path.join(own, 'heavy', 'model.onnx'), 2 ** 30 + 1);
    placeFixture(own, 'threshold', 'undescribed');
    rmSync(path.join(own, 'undescribed', 'model.json'));
    placeFixture(own, 'threshold', 'weightless');
    rmSync(path.join(own, 'weightless', 'model.onnx'));
    const found = await (await open()).list();
    expect(codes(found)).toEqual({
      'no-licence': 'model.not-described',
      'no-use': 'model.not-described',
      outside: 'model.not-described',
      'no-card': 'model.file-missing',
      latin: 'model.unreadable',
      'no-json': 'model.not-json',
      huge: 'model.too-large',
      heavy: 'model.too-large',
      undescribed: 'model.no-description',
      weightless: 'model.file-missing'
    });
    const [text] = found.refused.filter(({ name }) => name === 'no-licence').map(({ error }) => error.message);
    expect(text).toBe('model.json does not describe a model: it lacks licence.');
  });

  test('if it, or a file of it, is a link or no file, even if that leads to the right bytes', async () => {
    symlinkSync(fixture('threshold'), path.join(own, 'a-link'));
    for (const file of ['model.onnx', 'model.json']) {
      const folder = placeFixture(own, 'threshold', `linked-${file}`);
      rmSync(path.join(folder, file));
      symlinkSync(path.join(fixture('threshold'), file), path.join(folder, file));
    }
    const piped = placeFixture(own, 'threshold', 'piped');
    rmSync(path.join(piped, 'model.onnx'));
    execFileSync('mkfifo', [path.join(piped, 'model.onnx')]);
    const nested = placeFixture(own, 'threshold', 'nested');
    rmSync(path.join(nested, 'model.onnx'));
    mkdirSync(path.join(nested, 'model.onnx'));
    const found = await (await open()).list();
    expect(new Set(Object.values(codes(found)))).toEqual(new Set(['model.not-a-file']));
    expect(found.refused.map(({ name }) => name)).toEqual([
      'a-link',
      'linked-model.json',
      'linked-model.onnx',
      'nested',
      'piped'
    ]);
  });

  test('if another folder holds the same name and version: the first one counts', async () => {
    placeFixture(own, 'threshold', 'a-copy');
    placeFixture(shipped, 'threshold', 'z-shipped');
    placeFixture(own, 'threshold', 'next', file => ({ ...file, version: '1.1.0' }));
    const models = await open();
    const found = await models.list();
    expect(found.models.map(({ folder }) => path.basename(folder))).toEqual(['z-shipped', 'next']);
    expect(codes(found)).toEqual({ 'a-copy': 'model.twice' });
    expect(found.refused[0]?.error.message).toContain('z-shipped');

    rmSync(path.join(shipped, 'z-shipped'), { recursive: true });
    expect((await models.find('threshold', '1.0.0'))?.folder).toBe(path.join(own, 'a-copy'));
    expect(codes(await models.list())).toEqual({});
  });

  test('if its network never answers; others are still found, and it is tried again at the next start', async () => {
    placeFixture(own, 'never-ends', 'a-never-ends');
    const stuck = await (await open({ trialSeconds: 1 })).list();
    expect(codes(stuck)).toEqual({ 'a-never-ends': 'model.timed-out' });
    placeFixture(own, 'threshold');
    const models = await open({ trialSeconds: 1000, patienceMilliseconds: 0 });
    // The trial goes on as long as the service: closing ends it.
    expect((await models.list()).checking).toContain('a-never-ends');
  });
});

test('a network that works is not tried again, at no start, until something changes', async () => {
  placeFixture(own, 'threshold');
  placeFixture(own, 'nan');
  rmSync(verdictsFile);
  const first = await (await open()).list();
  // A trial would now take longer than it may.
  const again = await (await open({ trialSeconds: 0.001 })).list();
  expect([names(again), codes(again)]).toEqual([['threshold'], { nan: 'model.not-finite' }]);
  expect(again.models[0]?.sha256).toBe(first.models[0]?.sha256);
  expect(again.refused[0]?.error.message).toBe(first.refused[0]?.error.message);

  placeFixture(own, 'threshold', 'changed', file => ({ ...file, version: '2.0.0' }));
  expect(codes(await (await open({ trialSeconds: 0.001 })).list())).toMatchObject({ changed: 'model.timed-out' });

  writeFileSync(verdictsFile, '{"checks":1,"verdicts":');
  expect(names(await (await open()).list())).toEqual(['threshold', 'threshold']);
});

test('a folder that somebody is still copying is no broken one, and becomes a model when it is complete', async () => {
  const folder = placeFixture(own, 'threshold');
  const weights = readFileSync(path.join(folder, 'model.onnx'));
  writeFileSync(path.join(folder, 'model.onnx'), weights.subarray(0, 50));
  const patient = await open({ settleMilliseconds: 1_000_000 });
  const strict = await open();
  const early = await patient.list();
  expect([names(early), codes(early), early.checking]).toEqual([[], {}, ['threshold']]);
  expect(await patient.find('threshold', '1.0.0')).toBeNull();
  expect(codes(await strict.list())).toEqual({ threshold: 'model.wrong-hash' });

  writeFileSync(path.join(folder, 'model.onnx'), weights);
  for (const models of [patient, strict]) {
    const complete = await models.list();
    expect([names(complete), codes(complete), complete.checking]).toEqual([['threshold'], {}, []]);
  }
});

test('weights that are changed in place are noticed', async () => {
  const folder = placeFixture(own, 'threshold');
  const models = await open();
  expect(await models.find('threshold', '1.0.0')).not.toBeNull();
  const weights = readFileSync(path.join(folder, 'model.onnx'));
  weights[weights.length - 1] = (weights.at(-1) ?? 0) ^ 1;
  writeFileSync(path.join(folder, 'model.onnx'), weights);
  expect(await models.find('threshold', '1.0.0')).toBeNull();
  expect(codes(await models.list())).toEqual({ threshold: 'model.wrong-hash' });
});

test('a model that comes is checked before anybody asks', async () => {
  rmSync(verdictsFile);
  const models = await open();
  expect(names(await models.list())).toEqual([]);
  const aside = placeFixture(temporary.folder, 'threshold');
  renameSync(aside, path.join(own, 'threshold'));
  await expect.poll(() => existsSync(verdictsFile), { timeout: 30_000 }).toBe(true);
});
