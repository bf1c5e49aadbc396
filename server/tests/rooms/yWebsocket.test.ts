import { sessionsOf, segmentsOf } from '@voxcord/schemas/rooms';
import { WebsocketProvider } from 'y-websocket';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { eventually } from './support/eventually.js';
import { Painter } from './support/painter.js';
import { foldedLabels, recordKeys, someRegion } from './support/painting.js';
import { ANA, BEN, signedIdentity, socketClass } from './support/people.js';
import { newRead, RoomService } from './support/roomService.js';

describe('An unmodified y-websocket client', () => {
  let service: RoomService;
  const painters: Painter[] = [];
  beforeEach(async () => {
    service = await RoomService.start();
  });
  afterEach(async () => {
    for (const painter of painters.splice(0)) painter.leave();
    await service.stop();
  });

  async function join(...parameters: Parameters<typeof Painter.join>): Promise<Painter> {
    const painter = await Painter.join(...parameters);
    painters.push(painter);
    await eventually(() => painter.isSynced).toBe(true);
    return painter;
  }

  it('joins with an identity and nothing else of ours, and syncs', async () => {
    const read = newRead();
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(service.url, `read:${read.id}`, doc, {
      disableBc: true,
      WebSocketPolyfill: socketClass(await signedIdentity(ANA))
    });
    await eventually(() => provider.synced).toBe(true);
    expect(segmentsOf(doc).size).toBe(5);
    provider.destroy();
  });

  it('paints together with another one: both hold the same records and label map', async () => {
    const read = newRead();
    const ana = await join(service.url, read, ANA);
    const ben = await join(service.url, read, BEN);
    for (let stroke = 0; stroke < 20; stroke++) {
      ana.paint(someRegion(stroke), 1);
      ben.paint(someRegion(stroke), 2);
    }
    await eventually(() => recordKeys(ana.doc).length).toBe(40);
    await eventually(() => recordKeys(ben.doc)).toEqual(recordKeys(ana.doc));
    expect(foldedLabels(ben.doc)).toEqual(foldedLabels(ana.doc));
    expect(sessionsOf(ana.doc).get(String(ben.doc.clientID))?.username).toBe('ben');
    const { bitmap } = await service.rooms.labelMap(read.id).fold();
    expect(Buffer.compare(bitmap, foldedLabels(ana.doc))).toBe(0);
  });

  it('paints while it is cut off, and everything arrives once when it is back', async () => {
    const read = newRead();
    const ana = await join(service.url, read, ANA);
    const ben = await join(service.url, read, BEN);
    ana.paint(someRegion(1), 1);
    await eventually(() => recordKeys(ben.doc).length).toBe(1);
    ana.provider.disconnect();
    for (let stroke = 2; stroke < 10; stroke++) {
      ana.paint(someRegion(stroke), 1);
      ben.paint(someRegion(stroke + 20), 3);
    }
    ana.provider.connect();
    await eventually(() => recordKeys(ana.doc).length).toBe(17);
    await eventually(() => recordKeys(ben.doc)).toEqual(recordKeys(ana.doc));
    expect(foldedLabels(ben.doc)).toEqual(foldedLabels(ana.doc));
  });

  it('comes back by itself after the service was restarted', async () => {
    const read = newRead();
    const { folder } = service;
    const ana = await join(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBeGreaterThanOrEqual(2);
    await service.rooms.shutdown();
    await service.store.close();
    const again = await RoomService.start({ folder });
    ana.provider.serverUrl = again.url;
    ana.paint(someRegion(2), 1);
    await eventually(() => ana.isSynced).toBe(true);
    const ben = await join(again.url, read, BEN);
    expect(recordKeys(ben.doc)).toEqual(recordKeys(ana.doc));
    expect(recordKeys(ben.doc)).toHaveLength(2);
    for (const painter of painters.splice(0)) painter.leave();
    await again.rooms.shutdown();
    await again.store.close();
  });
});
