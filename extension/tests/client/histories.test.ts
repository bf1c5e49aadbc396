import 'fake-indexeddb/auto';
import type { Read } from '@voxcord/schemas/api';
import { CloseCode } from '@voxcord/schemas/rooms';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadSession } from '../../src/client/readSession.js';
import { TabLock } from '../../src/client/tabLock.js';
import { UnsavedStore } from '../../src/client/unsavedStore.js';
import { ReadBench, bitmap, block, saved, showTheSame } from './support/readBench.js';
import { isServiceBuilt } from './support/service.js';

if (!isServiceBuilt) console.log('Skipped: server/lib is missing; build the service first.');

/** Visible strokes of a session's own author. */
function ownCount(session: ReadSession): number {
  return session.labels.ownStrokes().length;
}

async function refused(session: ReadSession): Promise<void> {
  await expect.poll(() => session.saveState).toMatchObject({ kind: 'refused', code: CloseCode.otherEpoch });
}

describe.skipIf(!isServiceBuilt)('a server that comes back with another history', () => {
  let bench: ReadBench;
  let stores = 0;
  beforeAll(async () => (bench = await ReadBench.start()));
  afterEach(() => bench.leaveAll());
  afterAll(() => bench.dispose());

  async function newStore(): Promise<UnsavedStore> {
    return UnsavedStore.open(new TabLock(), `histories-${(stores += 1)}`);
  }

  /** Ada and Ben have painted, the data are backed up, both paint on, and the backup comes back. */
  async function restoredBackup(store: UnsavedStore): Promise<{ read: Read; hers: ReadSession; his: ReadSession }> {
    const read = await bench.newRead();
    const [hers, his] = [await bench.join(bench.ada, read, store), await bench.join(bench.ben, read)];
    hers.labels.paint(block([1, 1, 1], [4, 4, 4]), 1, 'brush');
    his.labels.paint(block([3, 3, 3], [8, 8, 8]), 2, 'brush');
    await saved(hers, his);
    await bench.service.kill();
    bench.service.backUp();
    await bench.service.start();
    hers.retry();
    his.retry();
    await saved(hers, his);
    hers.labels.paint(block([5, 5, 5], [12, 12, 12]), 1, 'brush');
    await saved(hers);
    his.labels.paint(block([7, 7, 7], [10, 10, 10]), 2, 'brush');
    await saved(hers, his);
    await showTheSame(hers, his);
    await bench.service.kill();
    await expect.poll(() => hers.saveState.kind).toBe('offline');
    hers.labels.paint(block([0, 0, 0], [2, 2, 2]), 2, 'brush');
    hers.labels.paint(block([14, 14, 14], [15, 15, 15]), 1, 'brush');
    expect(hers.labels.undo()).toBe(true);
    bench.service.restore();
    await bench.service.start();
    return { read, hers, his };
  }

  it('clears nothing and takes every own stroke once when it was restored from a backup', async () => {
    const store = await newStore();
    const { read, hers, his } = await restoredBackup(store);
    const [before, strokes] = [bitmap(hers), ownCount(hers)];
    hers.retry();
    his.retry();
    await refused(hers);
    await refused(his);
    expect([bitmap(hers), ownCount(hers)]).toEqual([before, strokes]);

    const hersAfter = await bench.join(bench.ada, read, store, true);
    const hisAfter = await bench.join(bench.ben, read, null, true);
    expect(hersAfter.repainted).toBe(0);
    expect(await hersAfter.takeOver(hers)).toBe(2);
    await saved(hersAfter);
    expect(await hisAfter.takeOver(his)).toBe(1);
    await saved(hersAfter, hisAfter);
    hers.dispose();
    his.dispose();

    await showTheSame(hersAfter, hisAfter);
    expect([ownCount(hersAfter), ownCount(hisAfter)]).toEqual([3, 2]);
    expect(await hersAfter.takeOver(hersAfter)).toBe(0);
    expect(await store.waiting('ada')).toEqual([]);
    // A page that is opened now has all of it too, and repeats nothing.
    const fresh = await bench.join(bench.ada, read, store);
    expect([bitmap(fresh), ownCount(fresh)]).toEqual([bitmap(hisAfter), 3]);
    expect(await fresh.compare()).toBe('agrees');
  });

  it('tells a page that is reloaded in between, keeps its unsaved strokes and adds them when asked', async () => {
    const store = await newStore();
    const { read, hers, his } = await restoredBackup(store);
    await expect.poll(() => hers.isAtRisk).toBe(false);
    hers.dispose();
    his.dispose();
    expect(await store.waiting('ada')).toMatchObject([{ room: `read:${read.id}`, count: 3 }]);

    await expect(bench.join(bench.ada, read, store)).rejects.toMatchObject({ closeCode: CloseCode.otherEpoch });
    expect(await store.waiting('ada')).toMatchObject([{ room: `read:${read.id}`, count: 3 }]);

    const after = await bench.join(bench.ada, read, store, true);
    await saved(after);
    // What the server had acknowledged and lost was in the page that is gone; the undone stroke stays undone.
    expect([after.repainted, ownCount(after)]).toEqual([1, 2]);
    expect(await store.waiting('ada')).toEqual([]);
    expect(await after.compare()).toBe('agrees');
  });

  it('takes everything again when it has lost the room', async () => {
    const store = await newStore();
    const read = await bench.newRead();
    const hers = await bench.join(bench.ada, read, store);
    hers.labels.paint(block([1, 1, 1], [4, 4, 4]), 1, 'brush');
    hers.labels.paint(block([2, 2, 2], [6, 6, 6]), 2, 'brush');
    await saved(hers);
    await bench.service.kill();
    await expect.poll(() => hers.saveState.kind).toBe('offline');
    hers.labels.paint(block([5, 5, 5], [9, 9, 9]), 1, 'brush');
    const before = bitmap(hers);
    bench.service.loseRoom(`read:${read.id}`);
    await bench.service.start();
    hers.retry();
    await refused(hers);
    expect(bitmap(hers)).toBe(before);

    const after = await bench.join(bench.ada, read, store, true);
    expect(await after.takeOver(hers)).toBe(3);
    await saved(after);
    hers.dispose();
    expect([bitmap(after), ownCount(after)]).toEqual([before, 3]);
    expect(await store.waiting('ada')).toEqual([]);
    expect(await after.compare()).toBe('agrees');
    expect([after.labels.undo(), after.labels.undo(), after.labels.undo(), after.labels.undo()]).toEqual([
      ...[true, true, true],
      false
    ]);
    await saved(after);
    expect([ownCount(after), after.labels.counts()[1], after.labels.counts()[2]]).toEqual([0, 0, 0]);
  });
});
