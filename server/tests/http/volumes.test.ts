import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
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
    uploads: {
      bytes: 100_000,
      bytesPerPerson: 150_000,
      perPerson: 5,
      keepMilliseconds: 60_000,
      idleMilliseconds: 60_000
    },
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
  /** Files that are there on purpose. */
  let waiting = 0;

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
    waiting = 2;
  });

  test('that are far too long are refused while they are being sent', async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(64 * 1024));
      }
    });
    expect((await readProblem(await stream(service, anna, endless))).code).toBe('request.too-large');
    expect(scratch()).toHaveLength(waiting);
  });

  test('that stand still are given up, and nothing of them is kept or counted', async () => {
    const impatient = await TestService.start({
      uploads: { bytes: 1000, bytesPerPerson: 1000, perPerson: 5, keepMilliseconds: 60_000, idleMilliseconds: 200 }
    });
    try {
      const caller = impatient.as('anna');
      const still = new ReadableStream<Uint8Array>({ start: controller => controller.enqueue(new Uint8Array(900)) });
      expect((await readProblem(await stream(impatient, caller, still))).code).toBe('upload.interrupted');
      expect(readdirSync(path.join(impatient.folder, 'data', 'scratch'))).toEqual([]);
      await caller.call('uploadFile', { bytes: new Uint8Array(900) });
    } finally {
      await impatient.stop();
    }
  });

  test('that are slow are not forgotten before they are complete', async () => {
    const patient = await TestService.start({
      uploads: { bytes: 1000, bytesPerPerson: 1000, perPerson: 5, keepMilliseconds: 300, idleMilliseconds: 60_000 }
    });
    try {
      const caller = patient.as('anna');
      let parts = 0;
      const slow = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise(resolve => setTimeout(resolve, 100));
          if (parts++ < 6) controller.enqueue(new Uint8Array(100));
          else controller.close();
        }
      });
      expect((await stream(patient, caller, slow)).status).toBe(201);
      const files = readdirSync(path.join(patient.folder, 'data', 'scratch'));
      expect(files).toHaveLength(1);
      await expect.poll(() => readdirSync(path.join(patient.folder, 'data', 'scratch'))).toEqual([]);
    } finally {
      await patient.stop();
    }
  });

  test('of one person are few at a time', async () => {
    const cleo = service.as('cleo');
    for (let n = 0; n < 5; n++) await cleo.call('uploadFile', { bytes: new Uint8Array(1) });
    expect((await cleo.problem('uploadFile', { bytes: new Uint8Array(1) })).code).toBe('upload.quota');
    waiting += 5;
  });

  test('that say another length than they have leave nothing and harm no other request', async () => {
    const token = await anna.token();
    const head = (length: number): string =>
      `POST /api/v1/uploads HTTP/1.1\r\nhost: x\r\nx-voxcord-identity: ${token}\r\n` +
      `content-type: application/octet-stream\r\ncontent-length: ${length}\r\n\r\n`;
    // Less than announced, then the end.
    await rawExchange(`${head(500)}short`, true);
    // More than announced: the rest is no request.
    const answers = await rawExchange(`${head(5)}12345GARBAGE\r\n\r\n`, false);
    expect(answers).toContain('HTTP/1.1 400 ');
    expect(answers).toContain('"code":"request.invalid"');
    await expect.poll(() => scratch().length).toBeLessThanOrEqual(waiting + 1);
    expect((await anna.call('me')).person.username).toBe('anna');
  });

  test('are refused while the disk has no room to spare: strokes need it', async () => {
    const full = await TestService.start({ diskReserve: Number.MAX_SAFE_INTEGER });
    try {
      const caller = full.as('anna');
      const problem = await caller.problem('uploadFile', { bytes: makeNifti({}) });
      expect([problem.status, problem.code]).toEqual([507, 'store.disk-full']);
      full.writeVolume('one.nii', {});
      expect(await caller.importFile('one.nii')).toMatchObject({
        state: 'failed',
        problem: { status: 507, code: 'volume.no-space' }
      });
      expect((await caller.project()).title).toBe('Livers');
    } finally {
      await full.stop();
    }
  });

  function stream(to: TestService, caller: Caller, body: ReadableStream<Uint8Array>): Promise<Response> {
    return caller.token().then(token =>
      fetch(`${to.address}/api/v1/uploads`, {
        method: 'POST',
        headers: { 'x-voxcord-identity': token, 'content-type': 'application/octet-stream' },
        body,
        duplex: 'half'
      })
    );
  }

  /** Sends text as it is; answers all that comes back. */
  function rawExchange(text: string, ends: boolean): Promise<string> {
    return new Promise(resolve => {
      const socket = connect(Number(new URL(service.address).port), '127.0.0.1');
      let received = '';
      socket.on('data', (data: Buffer) => (received += data.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(received));
      if (ends) socket.end(text);
      else socket.write(text);
    });
  }

  /** Sends bytes without saying how many. */
  async function chunked(bytes: Uint8Array): Promise<string> {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.byteLength; at += 10_000) controller.enqueue(bytes.slice(at, at + 10_000));
        controller.close();
      }
    });
    return (await readProblem(await stream(service, anna, body))).code;
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
