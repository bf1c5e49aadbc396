import { strokeLogName } from '@voxcord/schemas/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyUpdate, YDoc } from 'ywasm';
import { eventually } from './support/eventually.js';
import { Painter } from './support/painter.js';
import { someRegion } from './support/painting.js';
import { ANA, BEN } from './support/people.js';
import { newRead, RoomService } from './support/roomService.js';
import { storedLog } from './support/storedRead.js';

describe('Another implementation of the CRDT', () => {
  let service: RoomService;
  const painters: Painter[] = [];
  beforeEach(async () => {
    service = await RoomService.start({ policy: { keepRecords: 10, compactAtLeast: 1, windowMilliseconds: 0 } });
  });
  afterEach(async () => {
    for (const painter of painters.splice(0)) painter.leave();
    await service.stop();
  });

  it('reads the stored log to the same document, compaction included', async () => {
    const read = newRead();
    for (const person of [ANA, BEN]) painters.push(await Painter.join(service.url, read, person));
    const [ana, ben] = painters as [Painter, Painter];
    for (const painter of painters) await eventually(() => painter.isSynced).toBe(true);
    for (let stroke = 0; stroke < 20; stroke++) {
      ana.paint(someRegion(stroke), 1);
      ben.paint(someRegion(stroke + 7), 2);
    }
    await eventually(() => ana.log.entries().length).toBe(40);
    expect(await service.rooms.labelMap(read.id).compact()).toBe(true);
    await eventually(() => ana.log.entries().length).toBeLessThan(40);
    await service.rooms.addSegment(read.id, { name: 'Added later' });
    await eventually(() => ana.doc.getMap('segments').size).toBe(6);
    await eventually(() => ben.log.entries().length).toBe(ana.log.entries().length);

    const other = new YDoc({});
    for (const { update } of await storedLog(service.folder, read)) applyUpdate(other, update, 'log');
    for (const { doc } of painters) {
      const records = other.getArray(strokeLogName(doc.clientID)).toJson(undefined) as Uint8Array[];
      const own = ana.doc.getArray<Uint8Array>(strokeLogName(doc.clientID)).toArray();
      expect(records.map(record => Buffer.from(record).toString('hex'))).toEqual(
        own.map(record => Buffer.from(record).toString('hex'))
      );
      expect(own.length).toBeGreaterThan(0);
    }
    for (const root of ['segments', 'sessions', 'about']) {
      expect(other.getMap(root).toJson(undefined)).toEqual(ana.doc.getMap(root).toJSON());
    }
  });
});
