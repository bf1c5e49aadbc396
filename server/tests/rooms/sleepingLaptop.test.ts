import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aboutOf } from '@voxcord/schemas/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FoldedLabels } from '../../src/labelmap/foldRequests.js';
import { eventually } from './support/eventually.js';
import { openRead } from './support/openedRead.js';
import { Painter } from './support/painter.js';
import { entriesOf, recordKeys, someRegion } from './support/painting.js';
import { ANA, BEN } from './support/people.js';
import { recordsOfLog, referenceFold } from './support/referenceFold.js';
import { DIMS, newRead, RoomService } from './support/roomService.js';
import { storedLog } from './support/storedRead.js';

/** How many records are folded in. */
function recordsIn({ frontier }: FoldedLabels): number {
  return Object.values(frontier).reduce((sum, count) => sum + count, 0);
}

describe('A laptop that slept while the room was compacted, unloaded and restarted', () => {
  let folder: string;
  let service: RoomService;
  const painters: Painter[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxcord-laptop-'));
    service = await RoomService.start({ folder });
  });
  afterEach(async () => {
    for (const painter of painters.splice(0)) painter.leave();
    await service.stop();
    await rm(folder, { recursive: true });
  });

  async function joined(...parameters: Parameters<typeof Painter.join>): Promise<Painter> {
    const painter = await Painter.join(...parameters);
    painters.push(painter);
    await eventually(() => painter.isSynced).toBe(true);
    return painter;
  }

  /** Ana and Ben paint, Ben falls asleep; both go on painting, undo included, without knowing of each other. */
  async function paintTogetherThenApart(read: ReturnType<typeof newRead>): Promise<{ ben: Painter; sleptAt: number }> {
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    for (let stroke = 0; stroke < 40; stroke++) {
      ana.paint(someRegion(stroke), 1 + (stroke % 3));
      ben.paint(someRegion(stroke * 3), 1 + (stroke % 4));
    }
    ana.hide(ana.paint(someRegion(500), 5));
    await eventually(() => recordKeys(ben.doc).length).toBe(82);
    await eventually(() => recordKeys(ana.doc).length).toBe(82);
    ben.provider.disconnect();
    await new Promise(resolve => setTimeout(resolve, 20));
    const sleptAt = Date.now();
    await new Promise(resolve => setTimeout(resolve, 20));
    for (let stroke = 100; stroke < 130; stroke++) ana.paint(someRegion(stroke), 2);
    for (let stroke = 100; stroke < 115; stroke++) ben.paint(someRegion(stroke), 3);
    const last = ben.paint(someRegion(128), 4);
    ben.hide(last);
    await eventually(async () => recordsOfLog(await storedLog(folder, read)).length).toBe(112);
    ana.leave();
    painters.splice(painters.indexOf(ana), 1);
    return { ben, sleptAt };
  }

  /** Compacts what came before `youngSince` only. */
  async function compactAndRestart(read: ReturnType<typeof newRead>, youngSince: number): Promise<void> {
    await service.stop();
    const policy = { windowMilliseconds: 1000, keepRecords: 10, compactAtLeast: 1 };
    service = await RoomService.start({ folder, policy, now: () => youngSince + policy.windowMilliseconds });
    expect(await service.rooms.labelMap(read.id).compact()).toBe(true);
    await eventually(() => service.lines.some(line => line.message === 'room unloaded')).toBe(true);
    await service.stop();
    service = await RoomService.start({ folder });
  }

  it('comes back inside the window: merged exactly as the total order says', async () => {
    const read = newRead();
    const { ben, sleptAt } = await paintTogetherThenApart(read);
    await compactAndRestart(read, sleptAt);
    ben.provider.serverUrl = service.url;
    ben.provider.connect();
    await eventually(async () => recordsOfLog(await storedLog(folder, read)).length).toBe(129);
    const all = recordsOfLog(await storedLog(folder, read));
    expect(new Set(all.map(({ id }) => `${id.client}:${id.clock}`)).size).toBe(129);
    const expected = referenceFold(all, DIMS);
    const labels = service.rooms.labelMap(read.id);
    await eventually(async () => recordsIn(await labels.fold())).toBe(129);
    expect(Buffer.compare((await labels.fold()).bitmap, expected)).toBe(0);
    await eventually(() => aboutOf(ben.doc).has('base')).toBe(true);
    await eventually(() => entriesOf(ben.doc).length).toBeLessThan(129);
    expect(Buffer.compare((await openRead(service, read, ben.doc)).bitmap, expected)).toBe(0);
    const cleo = await joined(service.url, read, { username: 'cleo', displayName: 'Cleo' });
    expect(recordKeys(cleo.doc)).toEqual(recordKeys(ben.doc));
    expect(Buffer.compare((await openRead(service, read, cleo.doc)).bitmap, expected)).toBe(0);
  });

  it('comes back after the window: nothing is missing or doubled, and all have the same label map', async () => {
    const read = newRead();
    const { ben } = await paintTogetherThenApart(read);
    await compactAndRestart(read, Date.now() + 1);
    ben.provider.serverUrl = service.url;
    ben.provider.connect();
    await eventually(async () => recordsOfLog(await storedLog(folder, read)).length).toBe(129);
    const all = recordsOfLog(await storedLog(folder, read));
    expect(new Set(all.map(({ id }) => `${id.client}:${id.clock}`)).size).toBe(129);
    const labels = service.rooms.labelMap(read.id);
    await eventually(async () => recordsIn(await labels.fold())).toBe(129);
    const { bitmap, frontier } = await labels.fold();
    expect(frontier[String(ben.doc.clientID)]).toBe(57);
    const cleo = await joined(service.url, read, { username: 'cleo', displayName: 'Cleo' });
    await eventually(() => recordKeys(ben.doc)).toEqual(recordKeys(cleo.doc));
    expect(Buffer.compare((await openRead(service, read, ben.doc)).bitmap, bitmap)).toBe(0);
    expect(Buffer.compare((await openRead(service, read, cleo.doc)).bitmap, bitmap)).toBe(0);
  });
});
