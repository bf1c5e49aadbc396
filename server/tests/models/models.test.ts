import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ModelList } from '@voxcord/schemas/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_MODEL_TIMES } from '../../src/models/installedModels.js';
import { MAX_FOLDERS } from '../../src/models/limits.js';
import { Models } from '../../src/models/models.js';
import { StoreError } from '../../src/store/store.js';
import { TestService, type Caller } from '../http/testService.js';
import { filesOf, fixture, placeFixture, temporaryFolder, zipOf } from './modelFolders.js';

let service: TestService;
let anna: Caller;
let bob: Caller;
let carl: Caller;
let folder: string;

beforeAll(async () => {
  service = await TestService.start({ models: { ...DEFAULT_MODEL_TIMES, settleMilliseconds: 0 } });
  folder = path.join(service.folder, 'data', 'models');
  anna = service.as('anna', 'Anna Møller');
  bob = service.as('bob', 'Bob');
  carl = service.as('carl', 'Carl');
  await anna.project({ title: 'Of Anna' });
  await bob.project({ title: 'Of Bob' });
});
afterAll(() => service.stop());

async function upload(caller: Caller, archive: Uint8Array): Promise<{ readonly body: { readonly upload: string } }> {
  return { body: await caller.call('uploadFile', { bytes: archive }) };
}

async function archiveOf(name: string): Promise<Buffer> {
  return zipOf(filesOf(fixture(name), `${name}/`));
}

function modelsIn({ models }: ModelList): string[] {
  return models.map(({ file }) => `${file.name}@${file.version}`);
}

const THRESHOLD = { params: { name: 'threshold', version: '1.0.0' } };

test('who manages a project adds a model for everybody, and takes it away again', async () => {
  expect(await anna.call('listModels')).toEqual({ models: [], refused: [], checking: [], mayAdd: true });
  const added = await anna.call('addModel', await upload(anna, await archiveOf('threshold')));
  expect(added).toMatchObject({ uploadedBy: { username: 'anna', displayName: 'Anna Møller' }, mayRemove: true });
  expect(added.file.licence.name).toBe('BSD-3-Clause');
  expect(readdirSync(folder)).toEqual(['threshold-1.0.0']);
  expect((await anna.call('listModels')).models).toEqual([added]);

  const seen = await carl.call('listModels');
  expect(seen).toEqual({ models: [{ ...added, mayRemove: false }], refused: [], checking: [], mayAdd: false });

  const denied = await bob.problem('removeModel', THRESHOLD);
  expect([denied.status, denied.code]).toEqual([403, 'model.not-allowed']);
  await anna.call('removeModel', THRESHOLD);
  expect(modelsIn(await anna.call('listModels'))).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  expect((await anna.problem('removeModel', THRESHOLD)).code).toBe('model.unknown');
});

test('who manages no project adds no model', async () => {
  const problem = await carl.problem('addModel', await upload(carl, await archiveOf('threshold')));
  expect([problem.status, problem.code]).toEqual([403, 'model.not-allowed']);
  expect(readdirSync(folder)).toEqual([]);
});

test('nobody adds what somebody else has uploaded', async () => {
  const input = await upload(anna, await archiveOf('threshold'));
  expect((await bob.problem('addModel', input)).code).toBe('upload.unknown');
  expect((await bob.problem('addModel', { body: { upload: '../../threshold.zip' } })).code).toBe('request.invalid');
});

describe('a model that cannot be run is refused, and nothing is left of it', () => {
  test.each([
    ['nan', 'model.not-finite'],
    ['external-data', 'model.external-data'],
    ['wrong-hash', 'model.wrong-hash']
  ])('%s', async (name, code) => {
    const problem = await anna.problem('addModel', await upload(anna, await archiveOf(name)));
    expect([problem.status, problem.code]).toEqual([422, code]);
    expect(readdirSync(folder)).toEqual([]);
    expect((await anna.call('listModels')).refused).toEqual([]);
  });

  test('a file that is no archive', async () => {
    const problem = await anna.problem('addModel', await upload(anna, Buffer.from('no archive')));
    expect([problem.status, problem.code]).toEqual([422, 'archive.unreadable']);
  });
});

test('of several who add the same model at once, one succeeds', async () => {
  const archive = await archiveOf('click-distance');
  const inputs = await Promise.all(
    [anna, bob, anna].map(async caller => ({ caller, input: await upload(caller, archive) }))
  );
  const answers = await Promise.all(inputs.map(({ caller, input }) => caller.send('addModel', input)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  const problems = await Promise.all(answers.filter(({ status }) => status === 409).map(answer => answer.json()));
  expect(problems.map(problem => (problem as { code: string }).code)).toEqual(['model.exists', 'model.exists']);
  expect(readdirSync(folder)).toEqual(['click-distance-1.0.0']);
});

test('a folder that was put there is a model that nobody removes from afar, refused ones are told of', async () => {
  placeFixture(folder, 'threshold', 'put-there');
  placeFixture(folder, 'wrong-opset');
  await expect.poll(async () => (await bob.call('listModels')).checking, { timeout: 30_000 }).toEqual([]);
  const { models, refused } = await bob.call('listModels');
  const put = models.find(({ file }) => file.name === 'threshold');
  expect([put?.uploadedBy, put?.mayRemove]).toEqual([null, false]);
  expect(refused).toMatchObject([{ folder: 'wrong-opset', problem: { code: 'model.opset', status: 422 } }]);
  expect(JSON.stringify(refused)).not.toContain(service.folder);
  expect((await bob.problem('removeModel', THRESHOLD)).code).toBe('model.not-uploaded');
  expect((await anna.problem('addModel', await upload(anna, await archiveOf('threshold')))).code).toBe('model.exists');
});

test('models survive the service; what was half-way in does not, and who was waiting for it is told', async () => {
  const waiting = anna.send('addModel', await upload(anna, await archiveOf('never-ends')));
  await expect.poll(() => readdirSync(folder).some(name => name.startsWith('.incoming-'))).toBe(true);
  mkdirSync(path.join(folder, '.incoming-of-a-service-that-was-killed'));
  await service.running.stop();
  const answer = await waiting;
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'store.closed']);

  service = await service.restart();
  anna = service.as('anna', 'Anna Møller');
  expect(modelsIn(await anna.call('listModels'))).toEqual(['click-distance@1.0.0', 'threshold@1.0.0']);
  expect(readdirSync(folder).filter(name => name.startsWith('.'))).toEqual([]);
});

describe('without a service', () => {
  let temporary: ReturnType<typeof temporaryFolder>;
  let own: string;
  let opened: Models[];

  beforeEach(() => {
    temporary = temporaryFolder();
    own = path.join(temporary.folder, 'models');
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map(models => models.close()));
    temporary.remove();
  });

  async function open(reserve: () => Promise<void>): Promise<Models> {
    const verdicts = path.join(temporary.folder, 'checks.json');
    const reportFailure = (error: unknown): never => {
      throw error;
    };
    const models = await Models.open({ folder: own, shipped: null, verdicts, reserve, reportFailure });
    opened.push(models);
    return models;
  }

  async function store(name: string): Promise<string> {
    const archive = path.join(temporary.folder, `${name}.zip`);
    writeFileSync(archive, await archiveOf(name));
    return archive;
  }

  test('on a full disk nothing comes in', async () => {
    const full = new StoreError('disk-full', 'The disk of the service is full. Make room, then try again.');
    const models = await open(() => Promise.reject(full));
    await expect(models.add(await store('threshold'), 'anna')).rejects.toBe(full);
    expect(readdirSync(own)).toEqual([]);
    expect(existsSync(path.join(temporary.folder, 'checks.json'))).toBe(false);
  });

  test('a folder that is in the way stays as it is; a folder with too many takes no more', async () => {
    const models = await open(() => Promise.resolve());
    placeFixture(own, 'wrong-hash', 'threshold-1.0.0');
    const added = await models.add(await store('threshold'), 'anna');
    expect(path.basename(added.folder)).toBe('threshold-1.0.0-2');
    expect(readdirSync(own)).toEqual(['threshold-1.0.0', 'threshold-1.0.0-2']);
    for (let n = 0; n < MAX_FOLDERS; n += 1) mkdirSync(path.join(own, `empty-${n}`));
    await expect(models.add(await store('click-distance'), 'anna')).rejects.toMatchObject({ code: 'model.too-many' });
    expect(readdirSync(own).filter(name => name.startsWith('.') || name.startsWith('click'))).toEqual([]);
  });
});
