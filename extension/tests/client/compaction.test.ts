import { aboutOf } from '@voxcord/schemas/rooms';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadSession } from '../../src/client/readSession.js';
import { ReadBench, bitmap, block, saved, showTheSame } from './support/readBench.js';
import { isServiceBuilt } from './support/service.js';

if (!isServiceBuilt) console.log('Skipped: server/lib is missing; build the service first.');

const KEEP = 4;
const POLICY = { windowMilliseconds: 0, keepRecords: KEEP, compactAtLeast: 6, snapshotEvery: 6 };
const STROKES = 30;

describe.skipIf(!isServiceBuilt)('a read whose history the server compacts', () => {
  let bench: ReadBench;
  beforeAll(async () => (bench = await ReadBench.start(POLICY)));
  afterEach(() => bench.leaveAll());
  afterAll(() => bench.dispose());

  /** Overlapping strokes, each saved before the next, by turns. */
  async function paintByTurns(sessions: readonly ReadSession[], strokes = STROKES): Promise<void> {
    for (let n = 0; n < strokes; n++) {
      const session = sessions[n % sessions.length] as ReadSession;
      const at = n % 10;
      session.labels.paint(block([at, at, at % 8], [at + 6, at + 5, (at % 8) + 4]), 1 + (n % 2), 'brush');
      await saved(session);
    }
  }

  const base = (session: ReadSession): unknown => aboutOf(session.doc).get('base');
  const liveStrokes = (session: ReadSession): number => session.labels.ownStrokes().length;

  it('shows every page the same labels before and after, and undoes what is left of the own strokes', async () => {
    const read = await bench.newRead();
    const [hers, his] = [await bench.join(bench.ada, read), await bench.join(bench.ben, read)];
    await paintByTurns([hers, his]);

    await expect.poll(() => liveStrokes(hers) + liveStrokes(his)).toBeLessThan(STROKES);
    await expect.poll(() => JSON.stringify(base(hers)) === JSON.stringify(base(his))).toBe(true);
    expect(base(hers)).toBeDefined();
    await showTheSame(hers, his);
    const fresh = await bench.join(bench.ada, read);
    expect(bitmap(fresh)).toBe(bitmap(hers));
    for (const session of [hers, his, fresh]) expect(await session.compare()).toBe('agrees');

    let undone = 0;
    while (hers.labels.undo()) undone++;
    expect(undone).toBeGreaterThan(0);
    expect(undone).toBeLessThan(STROKES / 2);
    await saved(hers);
    await showTheSame(his, hers);
    await expect.poll(async () => hers.compare()).toBe('agrees');
  });

  it('orders what was painted offline across a compaction the same for everybody', async () => {
    const read = await bench.newRead();
    const [hers, his] = [await bench.join(bench.ada, read), await bench.join(bench.ben, read)];
    await paintByTurns([hers]);
    await bench.service.kill();
    await expect.poll(() => his.saveState.kind).toBe('offline');
    his.labels.paint(block([4, 4, 4], [12, 12, 12]), 2, 'brush');
    await bench.service.start();
    his.retry();
    hers.retry();
    await saved(hers, his);
    await paintByTurns([hers]);

    await showTheSame(hers, his);
    for (const session of [hers, his]) await expect.poll(async () => session.compare()).toBe('agrees');
  });

  it('repairs a page whose labels differ from the server’s', async () => {
    const read = await bench.newRead();
    const hers = await bench.join(bench.ada, read);
    await paintByTurns([hers]);
    // From one compaction to the next nothing folds the page's labels anew: some strokes are left after this one.
    const earlier = JSON.stringify(base(hers));
    await expect
      .poll(
        async () => {
          await paintByTurns([hers], 1);
          return JSON.stringify(base(hers));
        },
        { interval: 250 }
      )
      .not.toBe(earlier);
    await expect.poll(async () => hers.compare()).toBe('agrees');
    let layers = 0;
    hers.labels.layerChanged.connect(() => layers++);
    const before = bitmap(hers);
    // A flipped bit in this page's memory; painting beside it makes the brick's fingerprint be taken anew.
    hers.labels.bitmap[0] = (hers.labels.bitmap[0] ?? 0) ^ 1;
    hers.labels.paint(block([20, 15, 12], [22, 18, 14]), 1, 'brush');
    await saved(hers);

    expect(await hers.compare()).toBe('repaired');

    const right = bitmap(hers);
    expect(layers).toBe(1);
    hers.labels.paint(block([0, 0, 0], [2, 2, 2]), 2, 'brush');
    await saved(hers);
    expect(hers.labels.undo()).toBe(true);
    await saved(hers);
    expect(bitmap(hers)).toBe(right);
    expect(hers.labels.undo()).toBe(true);
    await saved(hers);
    expect(bitmap(hers)).toBe(before);
    await expect.poll(async () => hers.compare()).toBe('agrees');
  });
});
