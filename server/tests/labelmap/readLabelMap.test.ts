import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelMapSnapshot } from '@voxcord/schemas/api';
import { aboutOf } from '@voxcord/schemas/rooms';
import { describe, expect, it } from 'vitest';
import { labelMapPack } from '../../src/http/labelMapPack.js';
import { sweepBlobs } from '../../src/housekeeping.js';
import { SnapshotStore } from '../../src/labelmap/snapshotStore.js';
import { eventually } from '../rooms/support/eventually.js';
import { fetchSnapshot, openRead } from '../rooms/support/openedRead.js';
import type { Painter } from '../rooms/support/painter.js';
import { entriesOf, someRegion } from '../rooms/support/painting.js';
import { ANA, BEN } from '../rooms/support/people.js';
import { recordsOfLog, referenceFold } from '../rooms/support/referenceFold.js';
import { DIMS, newRead, type RoomService } from '../rooms/support/roomService.js';
import { useStage } from '../rooms/support/stage.js';
import { storedLog } from '../rooms/support/storedRead.js';

const { start, joined } = useStage();

async function paint(service: RoomService, read: ReturnType<typeof newRead>, strokes: number): Promise<Painter> {
  const ana = await joined(service.url, read, ANA);
  const before = (await storedLog(service.folder, read)).length;
  for (let stroke = 0; stroke < strokes; stroke++) ana.paint(someRegion(stroke * 3 + before), 1 + (stroke % 5));
  await eventually(async () => recordsOfLog(await storedLog(service.folder, read)).length).toBeGreaterThanOrEqual(
    strokes
  );
  return ana;
}

describe("The server's own fold of a read", () => {
  it('equals the definition of a label map, at the frontier that it names', async () => {
    const service = await start();
    const read = newRead();
    const ana = await paint(service, read, 50);
    ana.hide(ana.paint(someRegion(77), 2));
    await eventually(() => ana.durable).toBe(53);
    const { bitmap, frontier } = await service.rooms.labelMap(read.id).fold();
    expect(frontier).toEqual({ [ana.doc.clientID]: 52 });
    const expected = referenceFold(recordsOfLog(await storedLog(service.folder, read)), DIMS);
    expect(Buffer.compare(bitmap, expected)).toBe(0);
    expect(expected.some(label => label !== 0)).toBe(true);
  });

  it('goes on with what comes after it was asked for', async () => {
    const service = await start();
    const read = newRead();
    const ana = await paint(service, read, 5);
    const labels = service.rooms.labelMap(read.id);
    await labels.fold();
    for (let stroke = 0; stroke < 20; stroke++) ana.paint(someRegion(stroke + 40), 3);
    await eventually(() => ana.durable).toBe(26);
    const expected = referenceFold(entriesOf(ana.doc), DIMS);
    expect(Buffer.compare((await labels.fold()).bitmap, expected)).toBe(0);
  });

  it('has the fingerprints that a browser has at the same frontier', async () => {
    const service = await start();
    const read = newRead();
    const ana = await paint(service, read, 30);
    const labels = service.rooms.labelMap(read.id);
    const { frontier, bricks } = await labels.fingerprint();
    const map = await openRead(service, read, ana.doc);
    expect(frontier).toEqual(map.frontier());
    expect(bricks).toEqual(Object.fromEntries(map.fingerprints()));
    expect(Object.keys(bricks).length).toBeGreaterThan(0);
  });

  it('is given up for others when memory is short, and is the same when asked again', async () => {
    const service = await start({ policy: { maxFoldBytes: 1 } });
    const reads = [newRead(), newRead(), newRead()];
    for (const read of reads) await paint(service, read, 8);
    const folds = await Promise.all(
      [...reads, ...reads, ...reads].map(async read => ({
        read,
        bitmap: (await service.rooms.labelMap(read.id).fold()).bitmap
      }))
    );
    for (const { read, bitmap } of folds) {
      const expected = referenceFold(recordsOfLog(await storedLog(service.folder, read)), DIMS);
      expect(Buffer.compare(bitmap, expected)).toBe(0);
    }
  });
});

describe('A head snapshot', () => {
  it('opens a read to the label map that folding its history gives', async () => {
    const service = await start();
    const read = newRead();
    const ana = await paint(service, read, 40);
    const labels = service.rooms.labelMap(read.id);
    const { head, base } = await labels.head();
    expect(base).toBeNull();
    expect(head?.frontier).toEqual({ [ana.doc.clientID]: 40 });
    ana.paint(someRegion(300), 4);
    await eventually(() => ana.durable).toBe(42);
    const map = await openRead(service, read, ana.doc);
    expect(Buffer.compare(map.bitmap, referenceFold(entriesOf(ana.doc), DIMS))).toBe(0);
  });

  it('is stored now and then by itself, and found again after a restart', async () => {
    const service = await start({ policy: { snapshotEvery: 10 } });
    const read = newRead();
    const ana = await paint(service, read, 35);
    await eventually(async () => (await service.store.catalogue.list('snapshot', read.id)).length).toBeGreaterThan(0);
    ana.leave();
    await eventually(() => service.lines.some(({ message }) => message === 'room unloaded')).toBe(true);
    const stored = await service.store.catalogue.list('snapshot', read.id);
    const { head } = await service.rooms.labelMap(read.id).head();
    expect(head).toEqual(stored.at(-1));
  });

  it('is a cache: without its bricks the read opens all the same', async () => {
    const service = await start();
    const { folder } = service;
    const read = newRead();
    const ana = await paint(service, read, 20);
    await service.rooms.labelMap(read.id).head();
    ana.leave();
    await service.rooms.shutdown();
    await service.store.close();
    await rm(join(folder, 'blobs'), { recursive: true });
    const again = await start({ folder });
    const { bitmap } = await again.rooms.labelMap(read.id).fold();
    const expected = referenceFold(recordsOfLog(await storedLog(folder, read)), DIMS);
    expect(Buffer.compare(bitmap, expected)).toBe(0);
  });

  it('is stored once for all who ask at the same time', async () => {
    const service = await start({ policy: { snapshotEvery: 30 } });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    for (let stroke = 0; stroke < 20; stroke++) ana.paint(someRegion(stroke), 1);
    await eventually(() => ana.durable).toBe(21);
    const labels = service.rooms.labelMap(read.id);
    const heads = await Promise.all(Array.from({ length: 10 }, () => labels.head()));
    expect(new Set(heads.map(({ head }) => head?.hash)).size).toBe(1);
    // What has come since is counted from there: thirty more make the next one.
    for (let stroke = 0; stroke < 30; stroke++) ana.paint(someRegion(stroke), 2);
    await eventually(async () => (await service.store.catalogue.list('snapshot', read.id)).length).toBe(2);
  });

  it('takes the place of older ones, whose bricks are swept away; base and newest heads stay whole', async () => {
    const policy = { snapshotEvery: 5, keepRecords: 10, compactAtLeast: 20, windowMilliseconds: 0 };
    const service = await start({ policy });
    const { folder } = service;
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    for (let stroke = 0; stroke < 150; stroke++) {
      ana.paint(someRegion(stroke), 1 + (stroke % 5));
      if (stroke % 5 === 0) await eventually(() => ana.durable).toBe(stroke + 2);
    }
    await eventually(() => ana.durable).toBe(151);
    await eventually(() => aboutOf(ana.doc).has('base')).toBe(true);
    ana.leave();
    await service.rooms.shutdown();
    await service.store.close();

    const again = await start({ folder });
    const manifests = await again.store.catalogue.list('snapshot', read.id);
    expect(manifests.length).toBeLessThanOrEqual(6);
    expect(await sweepBlobs(again.store)).toBeGreaterThan(0);
    expect(await sweepBlobs(again.store)).toBe(0);
    const expected = referenceFold(recordsOfLog(await storedLog(folder, read)), DIMS);
    const ben = await joined(again.url, read, BEN);
    expect(Buffer.compare((await openRead(again, read, ben.doc)).bitmap, expected)).toBe(0);
    for (const manifest of manifests) await fetchSnapshot(again.store, read.id, manifest as LabelMapSnapshot);
  });

  it('belongs to its read: no other read gives it away', async () => {
    const service = await start();
    const [mine, other] = [newRead(), newRead()];
    await paint(service, mine, 5);
    await paint(service, other, 3);
    const { head } = await service.rooms.labelMap(mine.id).head();
    const snapshots = new SnapshotStore(service.store);
    expect((await labelMapPack(snapshots, mine.id, head?.hash ?? '')).parts).toHaveLength(head?.bricks.length ?? -1);
    await expect(labelMapPack(snapshots, other.id, head?.hash ?? '')).rejects.toMatchObject({
      code: 'snapshot.unknown'
    });
  });

  it('is empty for a read in which nobody has painted', async () => {
    const service = await start();
    const labels = service.rooms.labelMap(newRead().id);
    expect(await labels.head()).toEqual({ head: null, base: null });
    expect((await labels.fold()).bitmap.every(label => label === 0)).toBe(true);
    expect(await labels.fingerprint()).toEqual({ frontier: {}, bricks: {} });
  });
});

describe('Compaction', () => {
  const policy = { windowMilliseconds: 0, keepRecords: 15, compactAtLeast: 1 };

  it('changes no label, keeps the newest records, and leaves the log as it is', async () => {
    const service = await start({ policy });
    const read = newRead();
    const ana = await paint(service, read, 60);
    const ben = await joined(service.url, read, BEN);
    const labels = service.rooms.labelMap(read.id);
    const before = (await labels.fold()).bitmap;
    expect(await labels.compact()).toBe(true);
    expect(Buffer.compare((await labels.fold()).bitmap, before)).toBe(0);
    await eventually(() => entriesOf(ben.doc).length).toBe(15);
    await eventually(() => entriesOf(ana.doc).length).toBe(15);
    expect(recordsOfLog(await storedLog(service.folder, read))).toHaveLength(60);
    const { base, head } = await labels.head();
    expect(aboutOf(ben.doc).get('base')).toEqual({ snapshot: base?.hash, horizon: base?.lamport });
    expect(head?.frontier).toEqual({ [ana.doc.clientID]: 60 });
    expect(Buffer.compare((await openRead(service, read, ben.doc)).bitmap, before)).toBe(0);
    if (base === null) throw new Error('There is no base.');
    expect((await fetchSnapshot(service.store, read.id, base)).bricks.size).toBe(base.bricks.length);
    ana.hide({ client: ana.doc.clientID, clock: 59 });
    ana.paint(someRegion(5), 5);
    await eventually(() => entriesOf(ben.doc).length).toBe(17);
    expect(Buffer.compare((await labels.fold()).bitmap, (await openRead(service, read, ben.doc)).bitmap)).toBe(0);
  });

  it('leaves records alone that are younger than the window', async () => {
    const service = await start({ policy: { ...policy, windowMilliseconds: 60_000 } });
    const read = newRead();
    await paint(service, read, 60);
    expect(await service.rooms.labelMap(read.id).compact()).toBe(false);
  });

  it('runs by itself once enough has gathered, and again and again', async () => {
    const service = await start({ policy: { ...policy, snapshotEvery: 20, compactAtLeast: 20 } });
    const read = newRead();
    const ana = await paint(service, read, 120);
    await eventually(() => entriesOf(ana.doc).length).toBeLessThan(60);
    for (let stroke = 0; stroke < 120; stroke++) ana.paint(someRegion(stroke + 9), 2);
    await eventually(() => ana.durable).toBe(241);
    await eventually(() => entriesOf(ana.doc).length).toBeLessThan(60);
    const expected = referenceFold(recordsOfLog(await storedLog(service.folder, read)), DIMS);
    expect(Buffer.compare((await service.rooms.labelMap(read.id).fold()).bitmap, expected)).toBe(0);
  });

  it('loads again to the same after a restart, from the log alone and from a checkpoint', async () => {
    const service = await start({ policy });
    const { folder } = service;
    const read = newRead();
    const ana = await paint(service, read, 60);
    expect(await service.rooms.labelMap(read.id).compact()).toBe(true);
    const expected = (await service.rooms.labelMap(read.id).fold()).bitmap;
    ana.leave();
    await service.rooms.shutdown();
    await service.store.close();
    const again = await start({ folder });
    const ben = await joined(again.url, read, BEN);
    expect(entriesOf(ben.doc)).toHaveLength(15);
    const labels = again.rooms.labelMap(read.id);
    expect(Buffer.compare((await openRead(again, read, ben.doc)).bitmap, expected)).toBe(0);
    expect(Buffer.compare((await labels.fold()).bitmap, expected)).toBe(0);
  });
});
