import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CaseFile } from '@voxcord/schemas/files';
import { affineFromRows, fromCanonicalIndex, orientationOf } from '@voxcord/schemas/geometry';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNifti } from '../imaging/niftiFile.js';
import { SECRET, serve, voxcord, type Finished } from './command.js';
import { paint } from './paint.js';

let folder = '';
let data = '';
let volume = '';

/** LPS and anisotropic: the canonical grid is turned against the file. */
const AFFINE = [-2, 0, 0, 10, 0, -3, 0, 20, 0, 0, 4, 30];
const DIMS = [6, 7, 8] as const;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-cli-'));
  data = path.join(folder, 'data');
  volume = path.join(folder, 'head.nii');
  writeFileSync(volume, makeNifti({ dims: DIMS, affine: AFFINE, descrip: 'made for a test' }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The one JSON value that standard output holds. */
function json(finished: Finished): Record<string, unknown> {
  expect([finished.code, finished.code === 0 ? '' : finished.stderr]).toEqual([0, '']);
  expect(finished.stdout.endsWith('\n')).toBe(true);
  expect(finished.stdout.trimEnd().split('\n').length).toBe(1);
  return JSON.parse(finished.stdout) as Record<string, unknown>;
}

describe('wrong usage ends with 2 and says nothing on standard output', () => {
  test.each<[string, string[]]>([
    ['no command', []],
    ['an unknown command', ['exprot']],
    ['an unknown option', ['import', 'x.nii', '--fast']],
    ['no file', ['import']],
    ['a frame that is no number', ['import', 'x.nii', '--frame', 'first']],
    ['a negative frame', ['import', 'x.nii', '--frame', '-1']],
    ['no output', ['export', 'abcd']],
    ['an output of another kind', ['export', 'abcd', '-o', 'labels.png']],
    ['no volume', ['demo']],
    ['no address', ['serve']],
    ['two addresses', ['serve', '--socket', 'a', '--port', '1']],
    ['an impossible port', ['serve', '--port', '70000']],
    ['no time for trials', ['serve', '--port', '0', '--model-trial-seconds', '0']],
    ['a trial of weeks', ['serve', '--port', '0', '--model-trial-seconds', '3000000']],
    ['no secret', ['serve', '--port', '0']]
  ])('%s', async (_, args) => {
    const finished = await voxcord(args);
    expect([finished.code, finished.stdout]).toEqual([2, '']);
    expect(finished.stderr.length).toBeGreaterThan(10);
  });
});

describe('refused input ends with 1', () => {
  test('a file that is not there, or no NIfTI file', async () => {
    const data1 = path.join(folder, 'refused');
    const missing = await voxcord(['import', path.join(folder, 'nowhere.nii'), '--data', data1, '--json']);
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('file.unreadable');
    const other = await voxcord(['import', new URL(import.meta.url).pathname, '--data', data1, '--json']);
    expect([other.code, other.stdout]).toEqual([1, '']);
    expect(other.stderr).toContain('nifti.magic');
    expect(readdirSync(path.join(data1, 'scratch'))).toEqual([]);
  });

  test('a folder without data', async () => {
    const finished = await voxcord([
      'export',
      'abcd',
      '-o',
      path.join(folder, 'x.nii'),
      '--data',
      path.join(folder, 'no')
    ]);
    expect([finished.code, finished.stdout]).toEqual([1, '']);
  });

  test('a secret that is too short', async () => {
    const finished = await voxcord(['serve', '--port', '0', '--data', data], { VOXCORD_IDENTITY_SECRET: 'short' });
    expect([finished.code, finished.stdout]).toEqual([1, '']);
    expect(finished.stderr).toContain('32 bytes');
  });
});

test('--help and --version end with 0', async () => {
  expect((await voxcord(['--help'])).code).toBe(0);
  expect(await voxcord(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
});

test('import makes a case with a shared read, once', async () => {
  const args = ['import', volume, '--data', path.join(folder, 'imported'), '--project', 'P', '--case', 'C', '--json'];
  const first = json(await voxcord(args));
  expect(first).toMatchObject({ volumes: [expect.stringMatching(/^[0-9a-f]{64}$/)], reads: [expect.any(String)] });
  expect(json(await voxcord(args))).toEqual(first);
});

test('the data folder comes from --data, else from VOXCORD_DATA', async () => {
  const named = path.join(folder, 'named');
  json(await voxcord(['import', volume, '--json'], { VOXCORD_DATA: named }));
  expect(readdirSync(named)).toContain('voxcord.sqlite');
});

describe('a demonstration', () => {
  test('is made once, painted, and exported on the grid of its file, also while the service runs', async () => {
    const caseFile = path.join(folder, 'Brain demo.voxcord');
    const demo = ['demo', '--volume', volume, '--data', data, '--case-file', caseFile, '--json'];
    const made = json(await voxcord(demo));
    expect(made).toMatchObject({ created: true, caseFile });
    expect(Value.Parse(CaseFile, JSON.parse(readFileSync(caseFile, 'utf8')))).toMatchObject({ case: made.case });
    const readId = String(made.read);

    const service = await serve(['--port', '0', '--data', data]);
    const file = path.join(folder, 'labels.nii.gz');
    const exported = ['export', readId.slice(0, 8), '-o', file, '--data', data, '--json'];
    try {
      expect(json(await voxcord(exported)).voxels).toEqual({});
      await paint(service.address, readId, SECRET, DIMS, [
        { segment: 2, region: { box: { min: [1, 2, 3], max: [1, 2, 3] }, mask: Uint8Array.of(1) } },
        { segment: 3, region: { box: { min: [4, 5, 6], max: [5, 5, 7] }, mask: new Uint8Array(4).fill(1) } }
      ]);
      expect(json(await voxcord(exported)).voxels).toEqual({ 2: 1, 3: 4 });

      // What is there is found; what would have to be written says what to do.
      expect(json(await voxcord(demo))).toEqual({ ...made, created: false });
      const refused = await voxcord(['import', volume, '--data', data, '--json']);
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toContain('Another service is using this data folder: stop it first');
    } finally {
      expect(await service.stop('SIGTERM')).toBe(0);
    }

    expect(json(await voxcord(exported)).voxels).toEqual({ 2: 1, 3: 4 });
    expect(labelsOf(file)).toEqual({ '1,2,3': 2, '4,5,6': 3, '5,5,6': 3, '4,5,7': 3, '5,5,7': 3 });
    const plain = path.join(folder, 'labels.nii');
    json(await voxcord(['export', readId, '-o', plain, '--data', data, '--json']));
    expect(readFileSync(plain)).toEqual(gunzipSync(readFileSync(file)));
    expect(readFileSync(plain).subarray(148, 163).toString()).toBe('made for a test');
    expect(readdirSync(folder).filter(name => name.endsWith('.part'))).toEqual([]);
  });
});

describe('the service', () => {
  test('listens on a socket that is its own alone, and stops with its parent', async () => {
    const socket = path.join(folder, 'service.sock');
    const service = await serve(['--socket', socket, '--data', data]);
    expect(service.address).toBe(socket);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(await get(socket, '/health')).toEqual([200, 'ok\n']);
    expect((await get(socket, '/api/v1/me'))[0]).toBe(401);
    const second = voxcord(['serve', '--socket', socket, '--data', path.join(folder, 'other')], {
      VOXCORD_IDENTITY_SECRET: SECRET
    });
    expect(await second).toMatchObject({ code: 1, stdout: '' });
    expect(await service.stop('end of input')).toBe(0);
  });

  test('takes the place of one that was killed', async () => {
    const socket = path.join(folder, 'killed.sock');
    const first = await serve(['--socket', socket, '--data', data]);
    expect(await first.stop('SIGKILL')).toBe(null);
    const second = await serve(['--socket', socket, '--data', data]);
    expect(await get(socket, '/health')).toEqual([200, 'ok\n']);
    expect(await second.stop('SIGINT')).toBe(0);
  });
});

/** Labels of an exported file by their index on the canonical grid. */
function labelsOf(file: string): Record<string, number> {
  const voxels = gunzipSync(readFileSync(file)).subarray(352);
  const from = orientationOf(affineFromRows(AFFINE));
  const found: Record<string, number> = {};
  for (let k = 0; k < DIMS[2]; k++) {
    for (let j = 0; j < DIMS[1]; j++) {
      for (let i = 0; i < DIMS[0]; i++) {
        const [x, y, z] = fromCanonicalIndex(from, DIMS, [i, j, k]);
        const label = voxels[x + DIMS[0] * (y + DIMS[1] * z)] ?? 0;
        if (label !== 0) found[[i, j, k].join()] = label;
      }
    }
  }
  return found;
}

function get(socketPath: string, url: string): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: url }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve([response.statusCode ?? 0, text]));
    });
    call.on('error', reject).end();
  });
}
