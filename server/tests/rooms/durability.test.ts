import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloseCode, formatRoomName, MessageType, segmentsOf, sessionsOf } from '@voxcord/schemas/rooms';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { eventually } from './support/eventually.js';
import { Gate } from './support/gate.js';
import { boxRegion, recordKeys, someRegion, strokeBytes } from './support/painting.js';
import { ANA, BEN } from './support/people.js';
import { INITIAL, newRead } from './support/roomService.js';
import { useStage } from './support/stage.js';
import { logOf } from './support/storedRead.js';

const { start, asked, joined, connect } = useStage();

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

  it('makes known who paints, also if the service died between claiming a client id and saying so', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    await service.store.log.claimClient(formatRoomName(read), ana.doc.clientID, 'ana');
    ana.provider.disconnect();
    await eventually(() => service.lines.some(({ message }) => message === 'room unloaded')).toBe(true);
    ana.paint(someRegion(1), 1);
    ana.provider.connect();
    await eventually(() => sessionsOf(ana.doc).get(String(ana.doc.clientID))?.username).toBe('ana');
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
    const ben = await asked(service.url, read, BEN, { doc: copy, epoch: 'another-epoch-altogether' });
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
