import type { Case, Read } from '@voxcord/schemas/api';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import { encodeLiveState, isResync, type LiveState } from '@voxcord/schemas/rooms';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer, type WebSocket as Peer } from 'ws';
import { LiveFeed } from '../../src/client/liveFeed.js';
import { liveObstacle } from '../../src/live/liveObstacle.js';
import { LiveVoxels } from '../../src/live/liveVoxels.js';

const SEED = 20261125;
const DIMS: Dims = [70, 66, 5];
const CASE = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';

const axis = (edge: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.nat({ max: edge - 1 }), fc.nat({ max: edge - 1 })).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
const box: fc.Arbitrary<VoxelBox> = fc
  .tuple(axis(DIMS[0]), axis(DIMS[1]), axis(DIMS[2]))
  .map(([i, j, k]) => ({ min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] }));

test('what is written in boxes is read as one grid, in boxes and in slices', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(box, fc.nat({ max: 3 })), { maxLength: 6 }), box, (writes, asked) => {
      const live = new LiveVoxels(DIMS);
      const whole = new Uint8Array(DIMS[0] * DIMS[1] * DIMS[2]);
      for (const [{ min, max }, value] of writes) {
        const values: number[] = [];
        for (let k = min[2]; k <= max[2]; k++) {
          for (let j = min[1]; j <= max[1]; j++) {
            for (let i = min[0]; i <= max[0]; i++) {
              const stored = value === 0 ? 0 : value + ((i + j + k) % 3);
              values.push(stored);
              whole[i + DIMS[0] * (j + DIMS[1] * k)] = stored;
            }
          }
        }
        live.write({ box: { min, max }, values: Uint8Array.from(values) });
      }
      const all = { min: [0, 0, 0], max: [DIMS[0] - 1, DIMS[1] - 1, DIMS[2] - 1] } as const;
      expect(Buffer.compare(live.read(all), whole)).toBe(0);
      const slice = live.slice('axial', asked.min[2])?.values ?? new Uint8Array(DIMS[0] * DIMS[1]);
      const expected = whole.subarray(asked.min[2] * 4620, (asked.min[2] + 1) * 4620);
      expect(Buffer.compare(slice, expected)).toBe(0);
    }),
    { seed: SEED, numRuns: 60 }
  );
});

describe('why there is no live consensus', () => {
  const read = (changes: Partial<Read>): Read =>
    ({
      purpose: 'reading',
      repeat: false,
      state: 'open',
      access: 'shared',
      protocolVersion: null,
      mayView: true,
      ...changes
    }) as Read;
  const of = (...reads: Partial<Read>[]) => liveObstacle({ reads: reads.map(read) } as unknown as Case);
  const blind = { access: 'blind', protocolVersion: 1 } as const;

  test('is said from what the person may know', () => {
    expect(of({}, {})).toBeNull();
    expect(of({})).toBe('too-few');
    expect(of({}, { state: 'assigned' })).toBe('too-few');
    expect(of({}, { repeat: true })).toBe('too-few');
    expect(of({}, { purpose: 'adjudication' })).toBe('too-few');
    // Kept to oneself, outside any protocol.
    expect(of({}, { access: 'blind' })).toBe('too-few');
    expect(of(blind)).toBe('blind');
    expect(of(blind, { ...blind, mayView: false })).toBe('blind');
    expect(of({ ...blind, state: 'submitted' }, { ...blind, state: 'submitted' })).toBeNull();
  });
});

describe('a feed', () => {
  const servers: WebSocketServer[] = [];
  const feeds: LiveFeed[] = [];
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.dispose();
    for (const server of servers.splice(0)) {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  });

  /** A server that lets the test say what it sends, one connection after the other. */
  async function serve(): Promise<{ feed: LiveFeed; next: () => Promise<Peer>; versions: number[] }> {
    const server = new WebSocketServer({ port: 0 });
    servers.push(server);
    await new Promise(resolve => server.once('listening', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.');
    const peers: Peer[] = [];
    server.on('connection', peer => peers.push(peer));
    const feed = new LiveFeed({
      roomsUrl: `ws://127.0.0.1:${address.port}/rooms`,
      caseId: CASE,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket
    });
    feeds.push(feed);
    const versions: number[] = [];
    feed.received.connect((_, { state }) => versions.push(state.version));
    feed.connect();
    const next = async (): Promise<Peer> => {
      await expect.poll(() => peers.length).toBeGreaterThan(0);
      const peer = peers.shift();
      if (peer === undefined) throw new Error('Nobody connects.');
      return peer;
    };
    return { feed, next, versions };
  }

  const send = (peer: Peer, version: number, follows: number | null): void => {
    const state: LiveState = { version, follows, records: [1, 1], segments: [] };
    for (const frame of encodeLiveState({ state, boxes: [] })) peer.send(frame);
  };

  test('asks for a whole state once where a version is missing, and takes nothing until it has come', async () => {
    const { next, versions } = await serve();
    const peer = await next();
    const asked: Uint8Array[] = [];
    peer.on('message', (data: Buffer) => asked.push(new Uint8Array(data)));
    send(peer, 1, null);
    send(peer, 2, 1);
    send(peer, 4, 3);
    send(peer, 5, 4);
    await expect.poll(() => asked.length).toBe(1);
    expect(asked.every(isResync)).toBe(true);
    send(peer, 6, null);
    send(peer, 7, 6);
    await expect.poll(() => versions).toEqual([1, 2, 6, 7]);
    expect(asked).toHaveLength(1);
  });

  test('connects again by itself, and begins with a whole state', async () => {
    const { feed, next, versions } = await serve();
    const first = await next();
    send(first, 5, null);
    await expect.poll(() => versions).toEqual([5]);
    first.close(4509);
    const second = await next();
    send(second, 6, 5);
    send(second, 2, null);
    await expect.poll(() => versions).toEqual([5, 2]);
    expect(feed.state).toEqual({ kind: 'following' });
  });

  test('stays away once it is refused for good', async () => {
    const { feed, next } = await serve();
    (await next()).close(4404);
    await expect.poll(() => feed.state).toEqual({ kind: 'refused', code: 4404 });
  });
});
