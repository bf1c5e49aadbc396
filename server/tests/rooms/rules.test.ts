import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloseCode,
  formatRoomName,
  MAX_FRAME_BYTES,
  MessageType,
  segmentsOf,
  sessionsOf
} from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { LogEntry, Store } from '../../src/store/store.js';
import { eventually } from './support/eventually.js';
import { Painter } from './support/painter.js';
import { boxRegion, recordKeys, someRegion, strokeBytes } from './support/painting.js';
import { ANA, BEN, signedIdentity } from './support/people.js';
import { RawClient } from './support/rawClient.js';
import { INITIAL, newCase, newRead, RoomService, type RoomServiceOptions } from './support/roomService.js';

const painters: Painter[] = [];
const clients: RawClient[] = [];
const services: RoomService[] = [];

afterEach(async () => {
  for (const painter of painters.splice(0)) painter.leave();
  for (const client of clients.splice(0)) client.leave();
  for (const service of services.splice(0)) await service.stop();
});

async function start(options?: RoomServiceOptions): Promise<RoomService> {
  const service = await RoomService.start(options);
  services.push(service);
  return service;
}

async function joined(...parameters: Parameters<typeof Painter.join>): Promise<Painter> {
  const painter = await Painter.join(...parameters);
  painters.push(painter);
  await eventually(() => painter.isSynced).toBe(true);
  return painter;
}

async function connect(...parameters: Parameters<typeof RawClient.connect>): Promise<RawClient> {
  const client = await RawClient.connect(...parameters);
  clients.push(client);
  return client;
}

async function logOf(store: Store, room: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of store.log.read(room, 0)) entries.push(...batch);
  return entries;
}

/** Holds back what is appended while `isHeld`, and can let it fail. */
class Gate {
  isHeld = false;
  fails = false;
  waiting: (() => void)[] = [];

  readonly wrap = (store: Store): Store => ({
    ...store,
    blobs: store.blobs,
    catalogue: store.catalogue,
    close: () => store.close(),
    log: {
      ...store.log,
      append: async (room, author, update) => {
        if (this.isHeld) await new Promise<void>(resolve => this.waiting.push(resolve));
        if (this.fails) throw new Error('The disk is gone.');
        return store.log.append(room, author, update);
      }
    }
  });

  open(): void {
    this.isHeld = false;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

describe('R1: an update is on disk before anybody sees it and before it is acknowledged', () => {
  it('reaches nobody and is not acknowledged while it is being written', async () => {
    const gate = new Gate();
    const service = await start({ wrapStore: gate.wrap });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    ana.paint(someRegion(1), 1);
    await eventually(() => recordKeys(ben.doc).length).toBe(1);
    await eventually(() => ana.durable).toBe(2);

    gate.isHeld = true;
    ana.paint(someRegion(2), 1);
    await eventually(() => gate.waiting.length).toBe(1);
    const late = await joined(service.url, read, BEN);
    expect(recordKeys(late.doc)).toHaveLength(1);
    expect(recordKeys(ben.doc)).toHaveLength(1);
    expect(ana.durable).toBe(2);
    expect(await logOf(service.store, formatRoomName(read))).toHaveLength(3);

    gate.open();
    await eventually(() => ana.durable).toBe(3);
    await eventually(() => recordKeys(late.doc).length).toBe(2);
    expect(recordKeys(ben.doc)).toEqual(recordKeys(ana.doc));
  });

  it('is in the log with its verified author, in sequence, the session before its first records', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const before = Date.now();
    ana.paint(someRegion(1), 1);
    ana.paint(someRegion(2), 1);
    await eventually(() => ana.durable).toBe(3);
    const entries = await logOf(service.store, formatRoomName(read));
    expect(entries.map(({ sequence, author }) => [sequence, author])).toEqual([
      [1, null],
      [2, null],
      [3, 'ana'],
      [4, 'ana']
    ]);
    expect(entries.at(-1)?.time).toBeGreaterThanOrEqual(before);
    const doc = new Y.Doc();
    for (const entry of entries.slice(0, 2)) Y.applyUpdate(doc, entry.update);
    expect(sessionsOf(doc).get(String(ana.doc.clientID))?.username).toBe('ana');
  });

  it('is refused with 4501 if it cannot be written; the room goes on from its log and nothing acknowledged is lost', async () => {
    const gate = new Gate();
    const service = await start({ wrapStore: gate.wrap });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    ana.paint(someRegion(1), 1);
    await eventually(() => recordKeys(ben.doc).length).toBe(1);
    gate.fails = true;
    ana.paint(someRegion(2), 1);
    await eventually(() => ana.closeCode).toBe(CloseCode.storeFailed);
    await eventually(() => ben.closeCode).toBe(CloseCode.storeFailed);
    expect(recordKeys(ben.doc)).toHaveLength(1);
    gate.fails = false;
    await eventually(() => recordKeys(ben.doc).length).toBe(2);
    expect(recordKeys(ben.doc)).toEqual(recordKeys(ana.doc));
  });

  it('is not acknowledged while something before it is missing, and is once that has come', async () => {
    const service = await start();
    const read = newRead();
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const log = doc.getArray<Uint8Array>(`strokes/${doc.clientID}`);
    for (let stroke = 1; stroke <= 3; stroke++) log.push([strokeBytes(stroke, 1, someRegion(stroke))]);
    const ana = await connect(service.url, read, ANA);
    const [first, second, third] = updates as [Uint8Array, Uint8Array, Uint8Array];
    ana.sendSync(2, first);
    await eventually(() => ana.durable).toBe(1);
    const asked = ana.framesOfType(MessageType.sync).length;
    ana.sendSync(2, third);
    await eventually(() => ana.framesOfType(MessageType.sync).length).toBe(asked + 1);
    expect(await logOf(service.store, formatRoomName(read))).toHaveLength(3);
    expect(ana.durable).toBe(1);
    ana.sendSync(1, Y.mergeUpdates([second, third]));
    await eventually(() => ana.durable).toBe(3);
    const ben = await joined(service.url, read, BEN);
    expect(recordKeys(ben.doc)).toEqual(recordKeys(doc));
  });
});

describe('R2: the log is the truth', () => {
  it('starts a read once, whatever is said about its start later', async () => {
    let segments = INITIAL.segments;
    const service = await start({
      authorise: () => Promise.resolve({ mayJoin: true, mayWrite: true, initial: { ...INITIAL, segments } })
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    expect(segmentsOf(ana.doc).size).toBe(5);
    ana.leave();
    segments = [];
    await eventually(() => service.lines.some(line => line.message === 'room unloaded')).toBe(true);
    const ben = await joined(service.url, read, BEN);
    expect(segmentsOf(ben.doc).size).toBe(5);
    expect(await logOf(service.store, formatRoomName(read))).toHaveLength(1);
  });

  it('gives the same document without any cache', async () => {
    const service = await start({ policy: { checkpointEvery: 5, snapshotEvery: 5 } });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    for (let stroke = 0; stroke < 23; stroke++) ana.paint(someRegion(stroke), 1);
    await eventually(() => ana.durable).toBe(24);
    const doc = new Y.Doc();
    for (const entry of await logOf(service.store, formatRoomName(read))) Y.applyUpdate(doc, entry.update);
    expect(recordKeys(doc)).toEqual(recordKeys(ana.doc));
    await eventually(
      async () => (await service.store.log.readCheckpoint(formatRoomName(read)))?.sequence
    ).toBeGreaterThan(5);
  });
});

describe('R3: a room has one history', () => {
  it('turns away a copy of another history with 4409, and changes it on neither side', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    const copy = new Y.Doc();
    copy.getArray<Uint8Array>(`strokes/${copy.clientID}`).push([strokeBytes(1, 2, someRegion(9))]);
    const before = recordKeys(copy);
    const ben = await Painter.join(service.url, read, BEN, { doc: copy, epoch: 'another-epoch-altogether' });
    painters.push(ben);
    await eventually(() => ben.closeCode).toBe(CloseCode.otherEpoch);
    expect(recordKeys(copy)).toEqual(before);
    expect(recordKeys(ana.doc)).toHaveLength(1);
    const epoch = ana.welcome?.epoch ?? '';
    const back = await joined(service.url, read, ANA, { epoch });
    expect(back.welcome?.epoch).toBe(epoch);
  });
});

describe('R4: a room that cannot be loaded is refused', () => {
  it('closes with 4500 and not one frame if an entry of its log is damaged', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(boxRegion([1, 1, 1], [3, 3, 3]), 1);
    await eventually(() => ana.durable).toBe(2);
    ana.leave();
    const { folder } = service;
    const [entry] = (await logOf(service.store, formatRoomName(read))).slice(-1);
    await service.rooms.shutdown();
    const checkpointless = formatRoomName(read);
    await service.store.log.writeCheckpoint(checkpointless, { sequence: 0, state: Y.encodeStateAsUpdate(new Y.Doc()) });
    await service.store.close();
    const file = join(folder, 'voxcord.sqlite');
    const content = await readFile(file);
    const at = content.lastIndexOf(Buffer.from(entry?.update ?? []));
    expect(at).toBeGreaterThan(0);
    content[at + 20] = (content[at + 20] ?? 0) ^ 1;
    await writeFile(file, content);

    const damaged = await start({ folder });
    const ben = await connect(damaged.url, read, BEN);
    expect(await ben.whenClosed()).toMatchObject({ code: CloseCode.loadFailed });
    expect(ben.frames).toEqual([]);
    const other = await joined(damaged.url, newRead(), BEN);
    expect(other.isSynced).toBe(true);
  });

  it('closes with 4500 if its log has a hole', async () => {
    const service = await start();
    const read = newRead();
    const room = formatRoomName(read);
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const log = doc.getArray<Uint8Array>(`strokes/${doc.clientID}`);
    for (let stroke = 1; stroke <= 2; stroke++) log.push([strokeBytes(stroke, 1, someRegion(stroke))]);
    await service.store.log.openRoom(room);
    await service.store.log.append(room, 'ana', updates[1] ?? new Uint8Array());
    const ben = await connect(service.url, read, BEN);
    expect(await ben.whenClosed()).toMatchObject({ code: CloseCode.loadFailed });
    expect(ben.frames).toEqual([]);
  });
});

describe('R5: stopping the service loses nothing', () => {
  it('stores what was received, says 4503, and leaves a checkpoint and a snapshot behind', async () => {
    const service = await start();
    const { folder } = service;
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    for (let stroke = 0; stroke < 30; stroke++) ana.paint(someRegion(stroke), 1);
    await eventually(async () => (await logOf(service.store, formatRoomName(read))).length).toBeGreaterThan(5);
    await service.rooms.shutdown();
    expect(ana.closeCode).toBe(CloseCode.shuttingDown);
    ana.leave();
    expect(await service.store.log.readCheckpoint(formatRoomName(read))).not.toBeNull();
    const stored = (await logOf(service.store, formatRoomName(read))).filter(entry => entry.author === 'ana').length;
    await service.store.close();
    const again = await start({ folder });
    const ben = await joined(again.url, read, BEN);
    expect(recordKeys(ben.doc)).toHaveLength(stored);
    expect((await again.rooms.labelMap(read.id).head()).head?.frontier).toEqual({ [ana.doc.clientID]: stored });
  });
});

describe('R6: the server decides who is in a room', () => {
  it('gives nobody else a byte of a blind read, and tells its reader of nobody else', async () => {
    const service = await start({
      authorise: person =>
        Promise.resolve(
          person.username === 'ana'
            ? { mayJoin: true, mayWrite: true, initial: INITIAL }
            : { mayJoin: false, code: 4403 }
        )
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    const ben = await connect(service.url, read, BEN);
    ben.sendSync(0, Y.encodeStateVector(new Y.Doc()));
    expect(await ben.whenClosed()).toMatchObject({ code: CloseCode.notAllowed });
    expect(ben.frames).toEqual([]);
    expect([...ana.provider.awareness.getStates().keys()]).toEqual([ana.doc.clientID]);
  });

  it('lets a viewer look but not paint', async () => {
    const service = await start({
      authorise: person => Promise.resolve({ mayJoin: true, mayWrite: person.username === 'ana', initial: INITIAL })
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    const ben = await joined(service.url, read, BEN);
    await eventually(() => recordKeys(ben.doc).length).toBe(1);
    expect(ben.welcome?.mayWrite).toBe(false);
    ben.paint(someRegion(2), 1);
    await eventually(() => ben.closeCode).toBe(CloseCode.notAllowed);
    expect(recordKeys(ana.doc)).toHaveLength(1);
  });

  it('sends away who loses access while being in the room', async () => {
    let mayJoin = true;
    const service = await start({
      authorise: person =>
        Promise.resolve(
          mayJoin || person.username === 'ana'
            ? { mayJoin: true, mayWrite: person.username === 'ana' || mayJoin, initial: INITIAL }
            : { mayJoin: false, code: 4403 }
        )
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    mayJoin = false;
    await service.rooms.refreshRights(read);
    await eventually(() => ben.closeCode).toBe(CloseCode.notAllowed);
    expect(ana.provider.wsconnected).toBe(true);
  });

  it('lets clients write nothing in the room of a case', async () => {
    const service = await start();
    const room = newCase();
    const ana = await joined(service.url, room, ANA);
    ana.doc.getMap('threads').set('t', 'hello');
    await eventually(() => ana.closeCode).toBe(CloseCode.notAllowed);
    expect(await logOf(service.store, formatRoomName(room))).toEqual([]);
  });
});

describe('R7: who somebody is comes from the verified identity', () => {
  it('overwrites what a browser says about its user, and stores no presence', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    ben.provider.awareness.setLocalState({ user: { username: 'ana', displayName: 'Ana' }, cursor: null });
    const seen = (): unknown => ana.provider.awareness.getStates().get(ben.doc.clientID);
    await eventually(seen).toMatchObject({ cursor: null, user: { username: 'ben', displayName: 'Ben Ito' } });
    const entries = await logOf(service.store, formatRoomName(read));
    expect(entries).toHaveLength(1);
    ben.leave();
    await eventually(seen).toBeUndefined();
  });
});

describe('R8: a document has the shape that the server gave it', () => {
  it.each([
    ['a root of their own', (doc: Y.Doc) => doc.getArray('mine').push([new Uint8Array([1])])],
    [
      'a segment',
      (doc: Y.Doc) => segmentsOf(doc).set('9', { number: 9, name: 'x', colour: '#000000', codes: [], retired: false })
    ],
    ['a container in a record log', (doc: Y.Doc) => doc.getArray(`strokes/${doc.clientID}`).push([new Y.Map()])],
    ['a text', (doc: Y.Doc) => doc.getText('notes').insert(0, 'hello')]
  ])('lets clients not write %s', async (_what, write) => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    write(ben.doc);
    await eventually(() => ben.closeCode).toSatisfy(code => code === CloseCode.forged || code === CloseCode.badMessage);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    expect(segmentsOf(ana.doc).size).toBe(5);
    expect(await logOf(service.store, formatRoomName(read))).toHaveLength(3);
  });
});

describe('R9: the close code says whether trying again helps', () => {
  it.each([
    ['4401 without an identity', null, '', CloseCode.signIn],
    ['4401 with a forged identity', 'x.y.z', '', CloseCode.signIn],
    ['4409 with another epoch', ANA, '?epoch=another', CloseCode.otherEpoch],
    ['4426 with an older program', ANA, '?protocolVersion=0', CloseCode.olderClient]
  ] as const)('closes with %s', async (_what, person, query, code) => {
    const service = await start();
    const client = await connect(service.url, newRead(), person, query);
    expect(await client.whenClosed()).toMatchObject({ code });
    expect(client.frames).toEqual([]);
  });

  it('closes with 4401 if the identity has expired', async () => {
    const service = await start();
    const now = Math.floor(Date.now() / 1000);
    const token = await signedIdentity(ANA, { iat: now - 200, exp: now - 100 });
    const client = await connect(service.url, newRead(), token);
    expect(await client.whenClosed()).toMatchObject({ code: CloseCode.signIn });
  });

  it.each(['read:unknown', 'nothing', 'read:..%2f..', 'consensus:6f1c'])('closes with 4404 for %s', async room => {
    const service = await start();
    const client = await connect(service.url, room, ANA);
    expect(await client.whenClosed()).toMatchObject({ code: CloseCode.gone });
  });

  it('closes with 4404 if the project says that there is no such read', async () => {
    const service = await start({ authorise: () => Promise.resolve({ mayJoin: false, code: 4404 }) });
    const client = await connect(service.url, newRead(), ANA);
    expect(await client.whenClosed()).toMatchObject({ code: CloseCode.gone });
  });
});

describe('R10: frames stay below 1 MiB', () => {
  it('sends a large document in parts, the last one marked as the last', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    for (let stroke = 0; stroke < 60; stroke++) ana.paint(noisyRegion(stroke), 1);
    await eventually(() => ana.durable).toBe(61);
    const ben = await connect(service.url, read, BEN);
    ben.sendSync(0, Y.encodeStateVector(new Y.Doc()));
    const kinds = (): number[] =>
      ben.framesOfType(MessageType.sync).map(frame => {
        const decoder = decoding.createDecoder(frame);
        decoding.readVarUint(decoder);
        return decoding.readVarUint(decoder);
      });
    await eventually(() => kinds().includes(1)).toBe(true);
    expect(Math.max(...ben.frames.map(frame => frame.length))).toBeLessThan(MAX_FRAME_BYTES);
    expect(kinds().at(-1)).toBe(1);
    expect(ben.frames.reduce((sum, frame) => sum + frame.length, 0)).toBeGreaterThan(MAX_FRAME_BYTES);
    const joiner = await joined(service.url, read, BEN);
    expect(recordKeys(joiner.doc)).toEqual(recordKeys(ana.doc));
  }, 120_000);

  it('closes with 4413 for a larger frame and disturbs nobody else', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await connect(service.url, read, BEN);
    ben.send(new Uint8Array(MAX_FRAME_BYTES + 1));
    expect(await ben.whenClosed()).toMatchObject({ code: CloseCode.tooLarge });
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
  });
});

/** Every other voxel of most of the grid, at random: as many runs as can be. */
function noisyRegion(seed: number): ReturnType<typeof boxRegion> {
  const region = boxRegion([0, 0, 0], [60, 48, 40]);
  let state = 12_345 + seed;
  for (let voxel = 0; voxel < region.mask.length; voxel++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    region.mask[voxel] = (state >>> 16) & 1;
  }
  region.mask[0] = 1;
  return region;
}
