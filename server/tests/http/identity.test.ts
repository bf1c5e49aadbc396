import { API_PREFIX, IDENTITY_HEADER, operations, type OperationName } from '@voxcord/schemas/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createApp, serveApi } from '../../src/http/app.js';
import { readProblem, SECRET, sendOperation, signIdentity, TestService } from './testService.js';

const ID = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';
const HASH = '0'.repeat(64);
const PARAMS = {
  projectId: ID,
  caseId: ID,
  readId: ID,
  importId: ID,
  number: 1,
  name: 'liver',
  version: '1.0.0',
  volumeHash: HASH,
  snapshotHash: HASH
};
const NAMES = Object.keys(operations) as OperationName[];

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** Tokens that are none, and the code that refuses them. */
async function badTokens(): Promise<[string, string, string][]> {
  const anna = { sub: 'anna', name: 'Anna' };
  const good = await signIdentity(anna);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  const somebody = Buffer.from(JSON.stringify({ ...decode(payload), sub: 'bob' })).toString('base64url');
  return [
    ['empty', '', 'identity.missing'],
    ['no token', 'anna', 'identity.invalid'],
    ['signed with another secret', await signIdentity({ ...anna, secret: `${SECRET}!` }), 'identity.invalid'],
    ['expired', await signIdentity({ ...anna, expires: -30 }), 'identity.expired'],
    ['valid for a day', await signIdentity({ ...anna, expires: 86400 }), 'identity.invalid'],
    ['of another issuer', await signIdentity({ ...anna, issuer: 'somebody' }), 'identity.invalid'],
    ['for another audience', await signIdentity({ ...anna, audience: 'somebody' }), 'identity.invalid'],
    ['for nobody', await signIdentity({ ...anna, sub: '' }), 'identity.invalid'],
    ['unsigned', `${unsigned}.${payload}.`, 'identity.invalid'],
    ['with another payload', `${header}.${somebody}.${signature}`, 'identity.invalid'],
    ['huge', 'x'.repeat(10_000), 'identity.invalid']
  ];
}

function decode(payload: string): object {
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object;
}

describe('every operation', () => {
  test('is refused without an identity', async () => {
    for (const name of NAMES) {
      const response = await sendOperation(service.address, name, { params: PARAMS }, {});
      expect(response.status, name).toBe(401);
      expect((await readProblem(response)).code, name).toBe('identity.missing');
    }
  });

  test('is refused with an identity that is none', async () => {
    for (const [what, token, code] of await badTokens()) {
      for (const name of NAMES) {
        const response = await sendOperation(service.address, name, { params: PARAMS }, { [IDENTITY_HEADER]: token });
        expect(response.status, `${name}, ${what}`).toBe(401);
        expect((await readProblem(response)).code, `${name}, ${what}`).toBe(code);
      }
    }
  });

  test('answers somebody who is signed in with something else than 401', async () => {
    for (const name of NAMES) {
      const response = await service.as('anna').send(name, { params: PARAMS });
      expect([200, 201, 202, 400, 404, 415], `${name}: ${response.status}`).toContain(response.status);
      await response.arrayBuffer();
    }
  });
});

test('there is no route but the operations and /health', async () => {
  const app = createApp({ logLevel: 'silent', logStream: process.stderr });
  const routes: string[] = [];
  app.addHook('onRoute', route => {
    routes.push(`${String(route.method)} ${route.url}`);
  });
  const never = (): never => {
    throw new Error('not called');
  };
  const handlers = Object.fromEntries(NAMES.map(name => [name, never])) as never;
  const parts = { identify: never, limiter: { take: never } as never, blobs: {} as never, handlers, maxJsonBytes: 1 };
  serveApi(app, parts, { handleUpgrade: never }, { handleUpgrade: never });
  await app.ready();
  const expected = Object.values(operations).map(
    ({ method, path }) => `${method} ${API_PREFIX}${path.replace(/\{([a-zA-Z]+)\}/g, ':$1')}`
  );
  expect(routes.sort()).toEqual(expected.sort());
  await app.close();
});

test('/health says ok to everybody and nothing more', async () => {
  const response = await fetch(`${service.address}/health`);
  expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
});

test('an unknown address is a problem', async () => {
  for (const path of ['/', '/api/v1', '/api/v1/nothing', '/api/v2/me', '/rooms/read:x', '/api/v1/../../health/x']) {
    expect((await readProblem(await fetch(`${service.address}${path}`))).code, path).toBe('request.not-found');
  }
});

describe('rooms', () => {
  test('are closed with 4401 without an identity, and with one that is none', async () => {
    for (const kind of ['read', 'case']) {
      expect(await closeCode(`/rooms/${kind}:${ID}`, {})).toBe(4401);
      for (const [what, token] of await badTokens()) {
        expect(await closeCode(`/rooms/${kind}:${ID}`, { [IDENTITY_HEADER]: token }), what).toBe(4401);
      }
    }
  });

  test('that do not exist are closed with 4404', async () => {
    const identity = { [IDENTITY_HEADER]: await service.as('anna').token() };
    expect(await closeCode(`/rooms/read:${ID}`, identity)).toBe(4404);
    expect(await closeCode(`/rooms/case:${ID}`, identity)).toBe(4404);
    expect(await closeCode('/rooms/consensus:1', identity)).toBe(4404);
  });

  test('are the only WebSockets', async () => {
    await expect(closeCode('/api/v1/me', {})).rejects.toThrow('404');
  });
});

function closeCode(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${service.address.replace('http', 'ws')}${path}`, { headers });
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}
