import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { Painter } from './support/painter.js';
import { foldedLabels, recordKeys, someRegion } from './support/painting.js';
import { ANA, BEN } from './support/people.js';
import { newRead } from './support/roomService.js';
import { ServiceProcess } from './support/serviceProcess.js';
import { documentOf, recordIdsOf, storedLog } from './support/storedRead.js';

const KILLS = Number(process.env['VOXCORD_KILLS'] ?? 30);
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

  it(`at ${KILLS} random moments while two people paint loses no acknowledged record and doubles none (seed ${SEED})`, async () => {
    const random = randomNumbers(SEED);
    const read = newRead();
    // Small intervals, so that kills fall into checkpoints, snapshots and loading too.
    const policy = { checkpointEvery: 10, snapshotEvery: 10, idleMilliseconds: 10 };
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
    for (let kill = 0; kill < KILLS; kill++) {
      const known = painters.reduce((sum, painter) => sum + painter.acknowledged.size, 0);
      await eventually(() => painters.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0)).toBeGreaterThan(
        known
      );
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
    for (const { doc } of painters) await eventually(() => recordKeys(doc).length).toBe(painted);
    for (const painter of painters) painter.leave();
    await service.stop();
    service = null;
    const entries = await storedLog(folder, read);
    const stored = recordIdsOf(entries);
    expect(stored).toHaveLength(painted);
    expect(new Set(stored).size).toBe(painted);
    expect(acknowledgedAtKills).toBeGreaterThan(KILLS);
    for (const { doc } of painters) {
      expect(recordKeys(doc)).toEqual(recordKeys(documentOf(entries)));
      expect(foldedLabels(doc)).toEqual(foldedLabels(documentOf(entries)));
    }
  }, 300_000);
});
