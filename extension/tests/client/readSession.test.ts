import 'fake-indexeddb/auto';
import { type PaintedRegion, RecordLog, encodeStroke } from '@voxcord/schemas/labelmap';
import { CloseCode } from '@voxcord/schemas/rooms';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { VoxcordError } from '../../src/client/problems.js';
import { TabLock } from '../../src/client/tabLock.js';
import { UnsavedChanges } from '../../src/client/unsavedChanges.js';
import { UnsavedStore } from '../../src/client/unsavedStore.js';
import { VolumeStore } from '../../src/client/volumeStore.js';
import { importVolumes } from '../../src/service/volumeImport.js';
import { DIMS, ReadBench, bitmap, block, saved, showTheSame } from './support/readBench.js';
import { isServiceBuilt } from './support/service.js';

if (!isServiceBuilt) console.log('Skipped: server/lib is missing; build the service first.');

describe.skipIf(!isServiceBuilt)('a read, against the real service', () => {
  let bench: ReadBench;
  beforeAll(async () => (bench = await ReadBench.start()));
  afterEach(() => bench.leaveAll());
  afterAll(() => bench.dispose());

  it('gives back the volume that was imported, in one piece', async () => {
    const loaded = await new VolumeStore(bench.ada, () => false).load(bench.volume);
    expect(loaded.byteLength).toBe(bench.volume.bytes);
  });

  it('reads a file that was sent, and stops when it is told to', async () => {
    const sent = await bench.ada.upload(new Blob([bench.phantom]));
    const source = { kind: 'upload', upload: sent.upload, name: 'sent.nii' } as const;
    const [volume] = await importVolumes(bench.ada, source);
    expect(volume?.hash).toBe(bench.volume.hash);

    const again = await bench.ada.upload(new Blob([bench.phantom]));
    const started = await bench.ada.call('startImport', {
      body: { kind: 'upload', upload: again.upload, name: 'sent.nii' }
    });
    await bench.ada.call('cancelImport', { params: { importId: started.id } });
    const ended = async (): Promise<string> =>
      (await bench.ada.call('getImport', { params: { importId: started.id } })).state;
    await expect.poll(ended).not.toBe('running');
  });

  it('says in words what the service refuses', async () => {
    const refused = bench.ada.call('getCase', { params: { caseId: '00000000-0000-4000-8000-000000000000' } });
    await expect(refused).rejects.toThrow(VoxcordError);
    await expect(refused).rejects.toMatchObject({ status: 404 });
  });

  it('shows both painters the same label map, and each takes back only their own strokes', async () => {
    const read = await bench.newRead();
    const [hers, his] = [await bench.join(bench.ada, read), await bench.join(bench.ben, read)];

    hers.labels.paint(block([2, 2, 2], [9, 9, 4]), 1, 'brush');
    his.labels.paint(block([6, 6, 2], [12, 12, 4]), 2, 'brush');
    await saved(hers, his);
    await showTheSame(hers, his);
    const both = hers.labels.counts();
    expect((both[1] ?? 0) + (both[2] ?? 0)).toBe(8 * 8 * 3 + 7 * 7 * 3 - 4 * 4 * 3);

    expect(hers.labels.undo()).toBe(true);
    expect(hers.labels.undo()).toBe(false);
    await saved(hers, his);
    await expect.poll(() => [his.labels.counts()[1], his.labels.counts()[2]]).toEqual([0, 7 * 7 * 3]);
    expect(hers.labels.redo()).toBe(true);
    await saved(hers, his);
    await showTheSame(his, hers);
    expect(await hers.compare()).toBe('agrees');
    expect(await his.compare()).toBe('agrees');
  });

  it('opens again from what the server keeps, with undo of an earlier visit', async () => {
    const read = await bench.newRead();
    const first = await bench.join(bench.ada, read);
    first.labels.paint(block([1, 1, 1], [4, 4, 4]), 1, 'brush');
    await saved(first);
    const before = bitmap(first);
    first.dispose();

    const second = await bench.join(bench.ada, read);

    expect(bitmap(second)).toBe(before);
    expect(second.labels.undo()).toBe(true);
    expect(second.labels.counts()[1]).toBe(0);
  });

  it('shows segments that somebody adds to everybody', async () => {
    const read = await bench.newRead();
    const [hers, his] = [await bench.join(bench.ada, read), await bench.join(bench.ben, read)];
    await hers.addSegment({ name: 'Spleen' });
    await expect.poll(() => his.segments.map(({ name }) => name)).toEqual(['Liver', 'Nodule', 'Spleen']);
  });

  it('names people as the server knows them and shows their strokes as they paint', async () => {
    const read = await bench.newRead();
    const [hers, his] = [await bench.join(bench.ada, read), await bench.join(bench.ben, read)];
    const previews: { client: number; colour: string }[] = [];
    his.previewed.connect((_, { preview, colour }) => previews.push({ client: preview.client, colour }));
    await expect.poll(() => his.people.present().map(({ user }) => user.username)).toEqual(['ben', 'ada']);

    hers.people.show({ cursor: { world: [1, 2, 3], plane: 'axial', radius: 5, painting: true } });
    hers.beginStroke();
    hers.sendPreview({ segment: 1, shape: 'disc', normal: [0, 0, 1], radius: 5, points: [1, 2, 3], done: false });

    await expect.poll(() => his.people.present()[1]?.cursor?.world).toEqual([1, 2, 3]);
    await expect.poll(() => previews).toHaveLength(1);
    expect(previews[0]).toEqual({ client: hers.doc.clientID, colour: his.people.present()[1]?.user.colour });
  });

  it('that is closed right after a stroke has it confirmed: nothing is said to wait', async () => {
    const read = await bench.newRead();
    const store = await UnsavedStore.open(new TabLock(), 'closed-right-after-a-stroke');
    const his = await bench.join(bench.ben, read);
    const hers = await bench.join(bench.ada, read, store);
    hers.labels.paint(block([2, 2, 2], [9, 9, 4]), 1, 'brush');
    hers.dispose();

    await expect.poll(() => his.labels.counts()[1]).toBe(8 * 8 * 3);
    await expect.poll(() => his.people.present().map(({ user }) => user.username)).toEqual(['ben']);
    await expect.poll(() => store.waiting('ada')).toEqual([]);
  });

  it('keeps what is painted while the server is dead, over a reload of the page, exactly once', async () => {
    const read = await bench.newRead();
    const name = 'unsaved-over-a-reload';
    const tab = new TabLock();
    const store = await UnsavedStore.open(tab, name);
    const first = await bench.join(bench.ada, read, store);
    first.labels.paint(block([0, 0, 0], [3, 3, 3]), 1, 'brush');
    await saved(first);

    await bench.service.kill();
    await expect.poll(() => first.saveState.kind).toBe('offline');
    first.labels.paint(block([10, 10, 3], [14, 14, 6]), 2, 'brush');
    first.labels.paint(block([2, 2, 2], [11, 11, 3]), 1, 'brush');
    expect(first.saveState).toMatchObject({ kind: 'offline', count: 2 });
    await expect.poll(() => first.isAtRisk).toBe(false);
    const painted = bitmap(first);
    const epoch = (await store.lastEpoch('ada', `read:${read.id}`)) ?? '';
    first.dispose();
    store.close();
    tab.dispose();

    await bench.service.start();
    const nextTab = new TabLock();
    await expect.poll(() => nextTab.isGone(tab.id)).toBe(true);
    const nextStore = await UnsavedStore.open(nextTab, name);
    const second = await bench.join(bench.ada, read, nextStore);
    await saved(second);

    expect(bitmap(second)).toBe(painted);
    expect(await second.compare()).toBe('agrees');
    await expect.poll(() => nextStore.count({ username: 'ada', room: `read:${read.id}`, epoch })).toBe(0);
    nextStore.close();
    nextTab.dispose();
  });

  it('clears nothing when the server has another history, and paints it there again when asked', async () => {
    const read = await bench.newRead();
    const tab = new TabLock();
    const store = await UnsavedStore.open(tab, 'another-history');
    // What an earlier page could not save before the server was restored from elsewhere.
    const lost = new Y.Doc();
    const place = { username: 'ada', room: `read:${read.id}`, epoch: 'a-history-that-is-gone' };
    const changes = new UnsavedChanges(lost, () => false, store);
    changes.settle(place);
    const region = block([3, 3, 3], [6, 6, 6]);
    const stroke = encodeStroke({ lamport: 7, segment: 2, tool: 'brush', continues: false, region, dims: DIMS });
    new RecordLog(lost).append(stroke);
    await expect.poll(() => changes.isAtRisk).toBe(false);
    await store.noteEpoch(place, null);
    // The page that could not save is gone.
    changes.dispose();

    await expect(bench.join(bench.ada, read, store)).rejects.toMatchObject({ closeCode: CloseCode.otherEpoch });
    expect(await store.count(place)).toBe(1);

    const session = await bench.join(bench.ada, read, store, true);
    await saved(session);
    expect(session.labels.counts()[2]).toBe(4 * 4 * 4);
    expect(await store.count(place)).toBe(0);
    store.close();
    tab.dispose();
  });

  it('sends long work offline in frames below the limit', async () => {
    const read = await bench.newRead();
    const session = await bench.join(bench.ada, read);
    await bench.service.kill();
    await expect.poll(() => session.saveState.kind).toBe('offline');
    // Noise does not compress: together these are far above one frame.
    const noise = noisyRegion();
    const strokes = 700;
    for (let n = 0; n < strokes; n++) session.labels.paint(noise, 1 + (n % 2), 'brush');
    expect(session.saveState).toMatchObject({ count: strokes });

    await bench.service.start();
    session.retry();
    await saved(session);

    expect(await session.compare()).toBe('agrees');
  });

  it('goes on by itself when the server comes back, with both painters in agreement', async () => {
    const read = await bench.newRead();
    const [hers, his] = [await bench.join(bench.ada, read), await bench.join(bench.ben, read)];
    await bench.service.kill();
    await expect.poll(() => [hers.saveState.kind, his.saveState.kind]).toEqual(['offline', 'offline']);
    hers.labels.paint(block([2, 2, 2], [9, 9, 4]), 1, 'brush');
    his.labels.paint(block([6, 6, 2], [12, 12, 4]), 2, 'brush');

    await bench.service.start();
    await saved(hers, his);

    await showTheSame(hers, his);
    expect(await hers.compare()).toBe('agrees');
  });
});

/** Every other voxel or so, by a fixed rule. */
function noisyRegion(): PaintedRegion {
  let state = 20_261_123;
  const mask = Uint8Array.from({ length: DIMS[0] * DIMS[1] * DIMS[2] }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 31;
  });
  mask[0] = 1;
  mask[mask.length - 1] = 1;
  return { box: { min: [0, 0, 0], max: [DIMS[0] - 1, DIMS[1] - 1, DIMS[2] - 1] }, mask };
}
