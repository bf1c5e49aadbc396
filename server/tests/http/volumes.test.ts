import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { OperationName } from '@voxcord/schemas/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNifti } from '../imaging/niftiFile.js';
import { readProblem, TestService, type Caller } from './testService.js';

let service: TestService;
let anna: Caller;
let bob: Caller;

beforeAll(async () => {
  service = await TestService.start({
    uploads: { bytes: 100_000, bytesPerPerson: 150_000, keepMilliseconds: 60_000 },
    imports: { running: 1, perPerson: 3, keepMilliseconds: 60_000 }
  });
  anna = service.as('anna');
  bob = service.as('bob');
});
afterAll(() => service.stop());

function scratch(): string[] {
  return readdirSync(path.join(service.folder, 'data', 'scratch'));
}

describe('volume files', () => {
  let hash = '';
  let whole = new Uint8Array();

  beforeAll(async () => {
    hash = await anna.volume({ dims: [3, 4, 5] });
    whole = new Uint8Array(await (await file()).arrayBuffer());
  });

  const file = (headers: Record<string, string> = {}): Promise<Response> =>
    anna.send('getVolumeFile', { params: { volumeHash: hash }, headers });

  test('are whole NIfTI files named by their hash, cacheable for ever', async () => {
    const response = await file();
    const { bytes } = await anna.call('getVolume', { params: { volumeHash: hash } });
    expect(response.status).toBe(200);
    expect(whole.byteLength).toBe(352 + 120);
    expect(bytes).toBe(whole.byteLength);
    expect(response.headers.get('content-length')).toBe(String(whole.byteLength));
    expect(response.headers.get('etag')).toBe(`"${createHash('sha256').update(whole).digest('hex')}"`);
    expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(new TextDecoder().decode(whole.subarray(344, 347))).toBe('n+1');
  });

  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-351', 0, 352],
    ['bytes=352-', 352, 472],
    ['bytes=-20', 452, 472],
    ['bytes=400-999999', 400, 472],
    ['bytes=-999999', 0, 472]
  ])('come in a range: %s', async (range, start, end) => {
    const response = await file({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/472`);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(whole.subarray(start, end));
  });

  test.each(['bytes=0-1,5-6', 'bytes=5-1', 'bytes=-', 'lines=1-2', 'bytes=a-b', 'bytes=0x1-'])(
    'come whole where the range is none: %s',
    async range => {
      const response = await file({ range });
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(472);
    }
  );

  test.each(['bytes=472-', 'bytes=99999999999-', 'bytes=-0'])('have nothing at %s', async range => {
    const response = await file({ range });
    expect(response.headers.get('content-range')).toBe('bytes */472');
    expect((await readProblem(response)).code).toBe('request.range');
  });

  test('are not sent again to who has them, and never in parts of two versions', async () => {
    const etag = (await file()).headers.get('etag') ?? '';
    expect((await file({ 'if-none-match': etag })).status).toBe(304);
    expect((await file({ 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    expect((await file({ 'if-none-match': '"x"' })).status).toBe(200);
    expect((await file({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await file({ range: 'bytes=0-9', 'if-range': '"x"' })).status).toBe(200);
  });
});

describe('imports by path', () => {
  test('make one volume of one content', async () => {
    service.writeVolume('one.nii', { slope: 21 });
    writeFileSync(path.join(service.root, 'two.nii.gz'), gzipSync(makeNifti({ slope: 21, version: 2 })));
    const first = await anna.importFile('one.nii');
    const second = await anna.importFile('two.nii.gz');
    expect(first).toMatchObject({ state: 'done', fraction: 1 });
    expect(second.volumes).toEqual(first.volumes);
    expect(first.volumes[0]?.name).toBe('one.nii');
    expect(scratch()).toEqual([]);
  });

  test('take all frames or one', async () => {
    service.writeVolume('series.nii', { dims: [3, 4, 5, 3], slope: 31 });
    const all = await anna.importFile('series.nii');
    expect(all.volumes.map(({ frame, frames }) => [frame, frames])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3]
    ]);
    const one = await anna.importFile('series.nii', 1);
    expect(one.volumes).toEqual(all.volumes.slice(1, 2));
    expect((await anna.importFile('series.nii', 9)).problem?.code).toBe('frame.unknown');
  });

  test('say what is wrong with a file and keep nothing of it', async () => {
    const whole = gzipSync(makeNifti({ dims: [3, 4, 5, 3], slope: 33 }));
    writeFileSync(path.join(service.root, 'cut.nii.gz'), whole.subarray(0, whole.byteLength - 100));
    const job = await anna.importFile('cut.nii.gz');
    expect(job).toMatchObject({ state: 'failed', volumes: [], problem: { status: 422, code: 'nifti.truncated' } });
    expect(scratch()).toEqual([]);
  });

  test('never leave the allowed folder', async () => {
    const outside = path.join(service.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'secret.nii'), makeNifti({}));
    symlinkSync(path.join(outside, 'secret.nii'), path.join(service.root, 'link.nii'));
    symlinkSync(outside, path.join(service.root, 'folder'));
    mkdirSync(path.join(service.root, 'inside'));
    const paths = [
      '../outside/secret.nii',
      path.join(outside, 'secret.nii'),
      'link.nii',
      'folder/secret.nii',
      'inside/../../outside/secret.nii',
      'inside/../folder/secret.nii',
      'one.nii\0.txt',
      '.',
      '..',
      'inside',
      'nowhere.nii',
      '../files-of-somebody-else/x.nii'
    ];
    mkdirSync(path.join(service.folder, 'files-of-somebody-else'));
    writeFileSync(path.join(service.folder, 'files-of-somebody-else', 'x.nii'), makeNifti({}));
    for (const wanted of paths) {
      const problem = await anna.problem('startImport', { body: { kind: 'path', path: wanted } });
      expect([problem.status, problem.code], wanted).toEqual([404, 'path.unknown']);
    }
    symlinkSync(path.join(service.root, 'one.nii'), path.join(service.root, 'inside', 'link.nii'));
    expect((await anna.importFile('inside/../inside/link.nii')).state).toBe('done');
  });

  test('belong to who started them', async () => {
    const job = await anna.call('startImport', { body: { kind: 'path', path: 'one.nii' } });
    const params = { importId: job.id };
    for (const name of ['getImport', 'cancelImport'] satisfies OperationName[]) {
      expect((await bob.problem(name, { params })).code).toBe('import.unknown');
    }
    expect((await anna.finished(job)).state).toBe('done');
  });

  test('can be cancelled, also while they wait, and leave nothing', async () => {
    service.writeVolume('long.nii', { dims: [8, 8, 8, 8], slope: 55 });
    const jobs = [];
    for (let n = 0; n < 3; n++) {
      jobs.push(await bob.call('startImport', { body: { kind: 'path', path: 'long.nii' } }));
    }
    const tooMany = await bob.send('startImport', { body: { kind: 'path', path: 'long.nii' } });
    expect(tooMany.headers.get('retry-after')).toBe('5');
    expect((await readProblem(tooMany)).code).toBe('import.too-many');
    for (const { id } of jobs) await bob.call('cancelImport', { params: { importId: id } });
    for (const job of jobs) {
      const { state, volumes } = await bob.finished(job);
      expect(['cancelled', 'done']).toContain(state);
      if (state === 'cancelled') expect(volumes).toEqual([]);
    }
    // The last one waited behind the others.
    const last = jobs.at(-1);
    if (last !== undefined) expect((await bob.finished(last)).state).toBe('cancelled');
    expect(scratch()).toEqual([]);
  });
});

describe('uploads', () => {
  test('are imported once and are gone then', async () => {
    const { upload } = await anna.call('uploadFile', { bytes: gzipSync(makeNifti({ slope: 66 })) });
    expect(scratch().length).toBe(1);
    const body = { kind: 'upload', upload, name: 'local.nii.gz' };
    expect((await bob.problem('startImport', { body })).code).toBe('upload.unknown');
    const job = await anna.finished(await anna.call('startImport', { body }));
    expect(job.volumes[0]?.name).toBe('local.nii.gz');
    await expect.poll(scratch).toEqual([]);
    expect((await anna.problem('startImport', { body })).code).toBe('upload.unknown');
  });

  test('have a size, announced or not', async () => {
    const bytes = new Uint8Array(100_001);
    const problem = await anna.problem('uploadFile', { bytes });
    expect([problem.status, problem.code]).toEqual([413, 'request.too-large']);
    expect(await chunked(bytes)).toBe('request.too-large');
    expect(scratch()).toEqual([]);
  });

  test('that wait for their import have a size together, for each person', async () => {
    const half = { bytes: new Uint8Array(80_000) };
    await bob.call('uploadFile', half);
    expect((await bob.problem('uploadFile', half)).code).toBe('upload.quota');
    await anna.call('uploadFile', half);
    expect(scratch().length).toBe(2);
  });

  /** Sends bytes without saying how many. */
  async function chunked(bytes: Uint8Array): Promise<string> {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.byteLength; at += 10_000) controller.enqueue(bytes.slice(at, at + 10_000));
        controller.close();
      }
    });
    const response = await fetch(`${service.address}/api/v1/uploads`, {
      method: 'POST',
      headers: { 'x-voxcord-identity': await anna.token(), 'content-type': 'application/octet-stream' },
      body,
      duplex: 'half'
    });
    return (await readProblem(response)).code;
  }
});

test('requests have a rate, for each person', async () => {
  const slow = await TestService.start({ requests: { rate: 0.001, burst: 3 } });
  try {
    const [first, second] = [slow.as('anna'), slow.as('bob')];
    for (let n = 0; n < 3; n++) await first.call('me');
    const refused = await first.send('me');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await readProblem(refused)).code).toBe('request.too-many');
    await second.call('me');
  } finally {
    await slow.stop();
  }
});
