import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OperationName } from '@voxcord/schemas/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { TestService, type Caller } from './testService.js';

let service: TestService;
let anna: Caller;
let bob: Caller;

beforeAll(async () => {
  service = await TestService.start();
  anna = service.as('anna', 'Anna Møller');
  bob = service.as('bob', 'Bob');
});
afterAll(() => service.stop());

test('one is to the server who the identity says', async () => {
  const me = await anna.call('me');
  expect(me.person).toMatchObject({ username: 'anna', displayName: 'Anna Møller', initials: 'AM' });
});

describe('projects', () => {
  test('are open to everybody as readers unless their creator says otherwise', async () => {
    const open = await anna.project({ title: 'Open' });
    const closed = await anna.project({ title: 'Closed', everyone: null });
    const watched = await anna.project({ title: 'Watched', everyone: 'viewer' });
    expect([open.myRole, closed.myRole, watched.myRole]).toEqual(['manager', 'manager', 'manager']);

    const seen = await bob.call('listProjects');
    expect(seen.find(({ id }) => id === open.id)?.myRole).toBe('reader');
    expect(seen.find(({ id }) => id === watched.id)?.myRole).toBe('viewer');
    expect(seen.map(({ id }) => id)).not.toContain(closed.id);

    const problem = await bob.problem('getProject', { params: { projectId: closed.id } });
    expect([problem.status, problem.code]).toEqual([404, 'project.unknown']);
    expect((await bob.problem('listCases', { params: { projectId: closed.id } })).code).toBe('project.unknown');
  });

  test('give their label schema free numbers and colours', async () => {
    const { segments } = await anna.project({ segments: [{ name: 'B', number: 2 }, { name: 'A' }, { name: 'C' }] });
    expect(segments.map(({ number, name }) => [number, name])).toEqual([
      [1, 'A'],
      [2, 'B'],
      [3, 'C']
    ]);
    expect(new Set(segments.map(({ colour }) => colour)).size).toBe(3);
    const twice = {
      title: 'Twice',
      segments: [
        { name: 'A', number: 1 },
        { name: 'B', number: 1 }
      ]
    };
    expect((await anna.problem('createProject', { body: twice })).code).toBe('segments.number-taken');
  });
});

describe('cases', () => {
  test('start from volumes that their creator may see, with a first read if asked for', async () => {
    const { id: projectId } = await anna.project({ segments: [{ name: 'Liver' }] });
    const hash = await anna.volume({ dims: [3, 4, 5] });
    const made = await anna.call('createCase', {
      params: { projectId },
      body: { title: 'Case', volumes: [hash], access: 'shared' }
    });
    expect(made.volumes.map(volume => volume.hash)).toEqual([hash]);
    expect(made.reads).toMatchObject([
      { access: 'shared', state: 'open', volume: hash, mayWrite: true, title: 'Shared read' }
    ]);

    const seen = await bob.call('getCase', { params: { caseId: made.id } });
    expect(seen).toEqual(made);
    expect(await bob.call('listCases', { params: { projectId } })).toEqual([made]);

    const [read] = made.reads;
    const segments = await bob.call('listSegments', { params: { readId: read?.id ?? '' } });
    expect(segments.map(({ number, name }) => [number, name])).toEqual([[1, 'Liver']]);
  });

  test('cannot be started from a volume that one may not see', async () => {
    const { id: projectId } = await bob.project();
    const secret = await anna.volume({ dims: [3, 4, 5], slope: 7 });
    const body = { title: 'Case', volumes: [secret] };
    expect((await bob.problem('createCase', { params: { projectId }, body })).code).toBe('volume.unknown');
    expect((await bob.problem('getVolume', { params: { volumeHash: secret } })).code).toBe('volume.unknown');
    expect((await bob.problem('getVolumeFile', { params: { volumeHash: secret } })).code).toBe('volume.unknown');

    // Somebody who brings the same file may.
    await bob.volume({ dims: [3, 4, 5], slope: 7 });
    expect((await bob.call('createCase', { params: { projectId }, body })).volumes[0]?.hash).toBe(secret);
  });

  test('show their volumes to those who see the project', async () => {
    const hash = await anna.volume({ dims: [3, 4, 5], slope: 9 });
    const { id: projectId } = await anna.project({ everyone: 'viewer' });
    expect((await bob.problem('getVolume', { params: { volumeHash: hash } })).code).toBe('volume.unknown');
    await anna.call('createCase', { params: { projectId }, body: { title: 'Case', volumes: [hash] } });
    expect((await bob.call('getVolume', { params: { volumeHash: hash } })).hash).toBe(hash);
  });
});

describe('reads', () => {
  let caseId = '';
  let watchedCaseId = '';

  beforeAll(async () => {
    const hash = await anna.volume({ dims: [3, 4, 5], slope: 11 });
    const body = { title: 'Case', volumes: [hash], access: 'shared' };
    caseId = (await anna.call('createCase', { params: { projectId: (await anna.project()).id }, body })).id;
    const watched = await anna.project({ everyone: 'viewer' });
    watchedCaseId = (await anna.call('createCase', { params: { projectId: watched.id }, body })).id;
  });

  test('that are blind exist for their reader alone, whatever the role of others', async () => {
    const blind = await bob.call('createRead', { params: { caseId }, body: { access: 'blind', title: 'Mine' } });
    const params = { readId: blind.id };
    expect([blind.mayWrite, blind.reader.username]).toEqual([true, 'bob']);
    expect((await bob.call('getRead', { params })).id).toBe(blind.id);
    expect((await bob.call('getCase', { params: { caseId } })).reads.map(({ id }) => id)).toContain(blind.id);

    expect((await anna.call('getCase', { params: { caseId } })).reads.map(({ id }) => id)).not.toContain(blind.id);
    const names: OperationName[] = ['getRead', 'listSegments', 'getLabelMapHead', 'getLabelMapFingerprint'];
    for (const name of names) {
      const problem = await anna.problem(name, { params });
      expect([problem.status, problem.code], name).toEqual([404, 'read.unknown']);
    }
    const pack = { ...params, snapshotHash: '0'.repeat(64) };
    expect((await anna.problem('getLabelMapPack', { params: pack })).code).toBe('read.unknown');
    expect((await anna.problem('addSegment', { params, body: { name: 'X' } })).code).toBe('read.unknown');
    const change = { params: { ...params, number: 1 }, body: { name: 'X' } };
    expect((await anna.problem('changeSegment', change)).code).toBe('read.unknown');
    expect(await closeCode(anna, `read:${blind.id}`)).toBe(4404);
  });

  test('answer for what is not there exactly as for what one may not see', async () => {
    const blind = await bob.call('createRead', { params: { caseId }, body: { access: 'blind' } });
    const nowhere = { readId: '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11' };
    expect(await anna.problem('getRead', { params: { readId: blind.id } })).toEqual(
      await anna.problem('getRead', { params: nowhere })
    );
  });

  test('are watched by viewers, who change nothing', async () => {
    const seen = await bob.call('getCase', { params: { caseId: watchedCaseId } });
    const [read] = seen.reads;
    expect(read?.mayWrite).toBe(false);
    const params = { readId: read?.id ?? '' };
    const problems = [
      await bob.problem('addSegment', { params, body: { name: 'X' } }),
      await bob.problem('changeSegment', { params: { ...params, number: 1 }, body: { name: 'X' } }),
      await bob.problem('createRead', { params: { caseId: watchedCaseId }, body: { access: 'blind' } }),
      await bob.problem('createCase', {
        params: { projectId: seen.projectId },
        body: { title: 'X', volumes: ['0'.repeat(64)] }
      })
    ];
    expect(problems.map(({ status, code }) => [status, code])).toEqual(problems.map(() => [403, 'access.denied']));
  });

  test('share their segments with everybody in them', async () => {
    const [read] = (await anna.call('getCase', { params: { caseId } })).reads;
    const params = { readId: read?.id ?? '' };
    const added = await bob.call('addSegment', { params, body: { name: 'Tumour', number: 7 } });
    expect(await anna.call('listSegments', { params })).toContainEqual(added);
    const changed = await anna.call('changeSegment', { params: { ...params, number: 7 }, body: { colour: '#123456' } });
    expect(changed).toEqual({ ...added, colour: '#123456' });
    expect((await bob.problem('addSegment', { params, body: { name: 'X', number: 7 } })).code).toBe('segment.exists');
    const unknown = { params: { ...params, number: 99 }, body: { name: 'X' } };
    expect((await bob.problem('changeSegment', unknown)).code).toBe('segment.unknown');
  });

  test('have a label map from the first moment', async () => {
    const [read] = (await anna.call('getCase', { params: { caseId } })).reads;
    const params = { readId: read?.id ?? '' };
    expect(await anna.call('getLabelMapHead', { params })).toEqual({ head: null, base: null });
    expect(await anna.call('getLabelMapFingerprint', { params })).toEqual({ frontier: {}, bricks: {} });
    const pack = { ...params, snapshotHash: '0'.repeat(64) };
    expect((await anna.problem('getLabelMapPack', { params: pack })).code).toBe('snapshot.unknown');
  });
});

describe('bodies that the schemas refuse', () => {
  const negative = fileURLToPath(new URL('../../../schemas/negative', import.meta.url));
  const cases: readonly [string, OperationName][] = [
    ['NewProject', 'createProject'],
    ['NewCase', 'createCase'],
    ['NewRead', 'createRead'],
    ['NewSegment', 'addSegment'],
    ['SegmentChange', 'changeSegment'],
    ['ImportSource', 'startImport']
  ];
  const id = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';
  const params = { projectId: id, caseId: id, readId: id, number: 1 };

  test.each(cases)('%s is refused by %s', async (schema, name) => {
    const files = readdirSync(path.join(negative, schema));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const body: unknown = JSON.parse(readFileSync(path.join(negative, schema, file), 'utf8'));
      const problem = await anna.problem(name, { params, body });
      expect([problem.status, problem.code], file).toEqual([400, 'request.invalid']);
    }
  });

  test('ids in addresses are ids', async () => {
    for (const readId of ['..%2f..', 'READ', '%00', "'; DROP TABLE document; --", '0b0c7a52']) {
      expect((await anna.problem('getRead', { params: { readId } })).code, readId).toBe('request.invalid');
    }
  });

  test('text that is no JSON, other types and too much of it are refused', async () => {
    const json = { 'content-type': 'application/json' };
    const send = async (bytes: string, headers: Record<string, string>): Promise<string> => {
      const input = { bytes: new TextEncoder().encode(bytes), headers };
      return (await anna.problem('createProject', input)).code;
    };
    expect(await send('{"title":', json)).toBe('request.not-json');
    expect(await send('', json)).toBe('request.not-json');
    expect(await send('{"title":"A","__proto__":{"x":1}}', json)).toBe('request.not-json');
    expect(await send('title=A', { 'content-type': 'application/x-www-form-urlencoded' })).toBe('request.media-type');
    expect(await send(JSON.stringify({ title: 'x'.repeat(2 * 1024 * 1024) }), json)).toBe('request.too-large');
  });
});

test('the log says what happened and nothing about whom', async () => {
  const project = await anna.project({ title: 'Secret title' });
  await anna.problem('startImport', { body: { kind: 'path', path: 'private/folder.nii' } });
  const text = service.log.join('');
  expect(text).toContain('"operation":"createProject","status":201');
  for (const personal of ['anna', 'Anna', 'bob', 'Secret title', 'private', service.folder, project.id, '127.0.0.1']) {
    expect(text.includes(personal), personal).toBe(false);
  }
});

async function closeCode(caller: Caller, room: string): Promise<number> {
  const headers = { [IDENTITY_HEADER]: await caller.token() };
  const socket = new WebSocket(`${service.address.replace('http', 'ws')}/rooms/${room}`, { headers });
  return new Promise((resolve, reject) => {
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}
