import { segmentsOf } from '@voxcord/schemas/rooms';
import { describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { Gate } from './support/gate.js';
import { entriesOf, recordKeys, someRegion } from './support/painting.js';
import { ANA, BEN } from './support/people.js';
import { newRead } from './support/roomService.js';
import { useStage } from './support/stage.js';

const { start, joined } = useStage();

describe('Segments', () => {
  it('are added and changed by the server, for everybody, and survive a restart', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const added = await service.rooms.addSegment(read.id, { name: 'Liver' });
    expect(added).toMatchObject({ number: 6, name: 'Liver', retired: false });
    await eventually(() => segmentsOf(ana.doc).get('6')).toEqual(added);
    await service.rooms.changeSegment(read.id, 6, { name: 'Liver, right lobe', retired: true });
    await eventually(() => segmentsOf(ana.doc).get('6')).toMatchObject({ name: 'Liver, right lobe' });
    ana.leave();
    await eventually(() => service.lines.some(({ message }) => message === 'room unloaded')).toBe(true);
    expect(await service.rooms.readSegments(read.id)).toHaveLength(6);
    expect((await service.rooms.readSegments(read.id))[5]).toMatchObject({ retired: true });
  });

  it('keep their number once something is painted with it', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 2);
    await eventually(() => ana.durable).toBe(2);
    await expect(service.rooms.changeSegment(read.id, 2, { number: 9 })).rejects.toMatchObject({
      code: 'segment.in-use'
    });
    await expect(service.rooms.changeSegment(read.id, 3, { number: 2 })).rejects.toMatchObject({
      code: 'segment.exists'
    });
    await expect(service.rooms.changeSegment(read.id, 99, { name: 'x' })).rejects.toMatchObject({
      code: 'segment.unknown'
    });
    expect(await service.rooms.changeSegment(read.id, 3, { number: 9 })).toMatchObject({ number: 9 });
    expect((await service.rooms.readSegments(read.id)).map(({ number }) => number)).toEqual([1, 2, 4, 5, 9]);
  });

  it('keep it while what was painted is undone: it may be shown again', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.hide(ana.paint(someRegion(1), 2));
    await eventually(() => ana.durable).toBe(3);
    await expect(service.rooms.changeSegment(read.id, 2, { number: 9 })).rejects.toMatchObject({
      code: 'segment.in-use'
    });
  });

  it('keep it while a stroke is on its way to the disk', async () => {
    const gate = new Gate();
    const service = await start({ wrapStore: gate.wrap });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    gate.isHeld = true;
    ana.paint(someRegion(2), 2);
    await eventually(() => gate.waiting.length).toBe(1);
    const change = service.rooms.changeSegment(read.id, 2, { number: 9 });
    await expect(Promise.race([change, Promise.resolve().then(() => change)])).rejects.toMatchObject({
      code: 'segment.in-use'
    });
    gate.open();
    await eventually(() => ana.durable).toBe(3);
  });

  it('keep it when what was painted is compacted, after a restart too', async () => {
    const policy = { keepRecords: 1, compactAtLeast: 1, windowMilliseconds: 0 };
    const service = await start({ policy });
    const { folder } = service;
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 2);
    // Nothing of it is in sight: but if this is undone, it is again.
    const above = ana.paint(someRegion(1), 3);
    await eventually(() => ana.durable).toBe(3);
    expect(await service.rooms.labelMap(read.id).compact()).toBe(true);
    await eventually(() => entriesOf(ana.doc).length).toBe(1);
    ana.leave();
    await service.rooms.shutdown();
    await service.store.close();
    const again = await start({ folder });
    await expect(again.rooms.changeSegment(read.id, 2, { number: 9 })).rejects.toMatchObject({
      code: 'segment.in-use'
    });
    expect(above.clock).toBe(1);
    expect(await again.rooms.changeSegment(read.id, 4, { number: 9 })).toMatchObject({ number: 9 });
  });

  it('come back under a number that was given up if somebody has painted with it meanwhile', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    ben.provider.disconnect();
    ben.paint(someRegion(1), 2);
    await service.rooms.changeSegment(read.id, 2, { number: 9 });
    ana.provider.disconnect();
    await eventually(() => service.lines.some(({ message }) => message === 'room unloaded')).toBe(true);
    ana.provider.connect();
    ben.provider.connect();
    await eventually(() => recordKeys(ana.doc).length).toBe(1);
    await eventually(() => segmentsOf(ana.doc).get('2')).toMatchObject({ number: 2, retired: false });
    expect(ben.closeCode).not.toBe(4422);
    expect((await service.rooms.readSegments(read.id)).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 9]);
  });
});
