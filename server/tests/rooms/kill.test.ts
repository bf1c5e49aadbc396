import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RoomName } from '@voxcord/schemas/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomPolicy } from '../../src/rooms/roomPolicy.js';
import { eventually } from './support/eventually.js';
import { openRead } from './support/openedRead.js';
import { Painter } from './support/painter.js';
import { foldedLabels, recordKeys, someRegion } from './support/painting.js';
import { ANA, BEN } from './support/people.js';
import { recordsOfLog } from './support/referenceFold.js';
import { newRead, RoomService } from './support/roomService.js';
import { ServiceProcess } from './support/serviceProcess.js';
import { documentOf, recordIdsOf, storedLog } from './support/storedRead.js';

const KILLS = Number(process.env['VOXCORD_KILLS'] ?? 30);
const COMPACTION_KILLS = Math.ceil(KILLS / 3);
const SEED = 20_260_103;

/** The same numbers each time: when to kill and where to paint. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('R5: SIGKILL', () => {
  let folder: string;
  let service: ServiceProcess | null = null;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxcord-kill-'));
  });
  afterEach(async () => {
    await service?.kill();
    await rm(folder, { recursive: true });
  });

  /** Entries of the log that the service itself has written: compactions, after the first three. */
  async function serverEntries(read: RoomName): Promise<number> {
    return (await storedLog(folder, read)).filter(({ author }) => author === null).length;
  }

  interface Outcome {
    readonly read: RoomName;
    readonly painted: number;
    readonly painters: readonly Painter[];
    /** Acknowledgements seen at all kills together. */
    readonly acknowledged: number;
  }

  /** Two people paint, the service is killed and started again; they leave once everything is stored. */
  async function paintThroughKills(
    kills: number,
    policy: Partial<RoomPolicy>,
    /** Counts what has to happen at least once more before each kill. */
    progress: (painters: readonly Painter[], read: RoomName) => number | Promise<number>
  ): Promise<Outcome> {
    const random = randomNumbers(SEED);
    const read = newRead();
    service = await ServiceProcess.start(folder, 0, policy);
    const { port } = service;
    const claims = { exp: Math.floor(Date.now() / 1000) + 290 };
    const painters = [
      await Painter.join(service.url, read, ANA, { claims }),
      await Painter.join(service.url, read, BEN, { claims })
    ];
    for (const painter of painters) await eventually(() => painter.isSynced).toBe(true);
    let painted = 0;
    const painting = { isOn: true };
    const untilPainted = (async () => {
      while (painting.isOn) {
        for (const [index, painter] of painters.entries()) painter.paint(someRegion(painted++), index + 1);
        await sleep(4 + random() * 16);
      }
    })();
    let acknowledgedAtKills = 0;
    for (let kill = 0; kill < kills; kill++) {
      const known = await progress(painters, read);
      await eventually(() => progress(painters, read)).toBeGreaterThan(known);
      await sleep(random() * 150);
      await service.kill();
      const stored = recordIdsOf(await storedLog(folder, read));
      expect(new Set(stored).size).toBe(stored.length);
      for (const { acknowledged } of painters) {
        acknowledgedAtKills += acknowledged.size;
        expect([...acknowledged].filter(id => !stored.includes(id))).toEqual([]);
      }
      service = await ServiceProcess.start(folder, port, policy);
    }
    painting.isOn = false;
    await untilPainted;
    // Also what nobody has acknowledged yet, sent again by the painters themselves.
    await eventually(async () => recordIdsOf(await storedLog(folder, read)).length).toBe(painted);
    return { read, painted, painters, acknowledged: acknowledgedAtKills };
  }

  it(`at ${KILLS} random moments while two people paint loses no acknowledged record and doubles none (seed ${SEED})`, async () => {
    // Small intervals, so that kills fall into checkpoints, snapshots and loading too.
    const policy = { checkpointEvery: 10, snapshotEvery: 10, idleMilliseconds: 10 };
    const { read, painted, painters, acknowledged } = await paintThroughKills(KILLS, policy, people =>
      people.reduce((sum, { acknowledged: ids }) => sum + ids.size, 0)
    );
    for (const { doc } of painters) await eventually(() => recordKeys(doc).length).toBe(painted);
    for (const painter of painters) painter.leave();
    await service?.stop();
    service = null;
    const entries = await storedLog(folder, read);
    const stored = recordIdsOf(entries);
    expect(stored).toHaveLength(painted);
    expect(new Set(stored).size).toBe(painted);
    expect(acknowledged).toBeGreaterThan(KILLS);
    for (const { doc } of painters) {
      expect(recordKeys(doc)).toEqual(recordKeys(documentOf(entries)));
      expect(foldedLabels(doc)).toEqual(foldedLabels(documentOf(entries)));
    }
  }, 300_000);

  it(`at ${COMPACTION_KILLS} random moments while the room is compacted again and again changes no label (seed ${SEED})`, async () => {
    const policy = {
      checkpointEvery: 7,
      snapshotEvery: 5,
      idleMilliseconds: 10,
      windowMilliseconds: 0,
      keepRecords: 8,
      compactAtLeast: 4
    };
    const { read, painted, painters } = await paintThroughKills(COMPACTION_KILLS, policy, (_, room) =>
      serverEntries(room)
    );
    await service?.stop();
    service = null;
    // All but the start of the read and of the two sessions.
    expect((await serverEntries(read)) - 3).toBeGreaterThanOrEqual(COMPACTION_KILLS - 1);
    const all = recordsOfLog(await storedLog(folder, read));
    expect(all).toHaveLength(painted);
    // What the service has folded, what a newcomer opens and what a painter holds: all the same.
    const again = await RoomService.start({ folder });
    try {
      const labels = again.rooms.labelMap(read.id);
      const { bitmap, frontier } = await labels.fold();
      expect(Object.values(frontier).reduce((sum, count) => sum + count, 0)).toBe(painted);
      const newcomer = await Painter.join(again.url, read, { username: 'cleo', displayName: 'Cleo' });
      painters[0]?.provider.disconnect();
      try {
        await eventually(() => newcomer.isSynced).toBe(true);
        expect(Buffer.compare((await openRead(again, read, newcomer.doc)).bitmap, bitmap)).toBe(0);
      } finally {
        newcomer.leave();
      }
      const [ana] = painters;
      if (ana === undefined) throw new Error('Ana has painted.');
      ana.provider.serverUrl = again.url;
      ana.provider.connect();
      await eventually(() => recordKeys(ana.doc)).toEqual(recordKeys(newcomer.doc));
      expect(Buffer.compare((await openRead(again, read, ana.doc)).bitmap, bitmap)).toBe(0);
      for (const painter of painters) painter.leave();
    } finally {
      await again.stop();
    }
  }, 300_000);
});
