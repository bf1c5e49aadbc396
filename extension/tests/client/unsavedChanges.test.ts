import 'fake-indexeddb/auto';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { TabLock } from '../../src/client/tabLock.js';
import { MAX_BATCH_BYTES, UnsavedChanges } from '../../src/client/unsavedChanges.js';
import { type Place, UnsavedStore } from '../../src/client/unsavedStore.js';

const PLACE: Place = { username: 'ada', room: 'read:1', epoch: 'epoch-of-the-first-history' };

let databases = 0;
const open: { close(): void }[] = [];

afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

async function openStore(name: string): Promise<{ store: UnsavedStore; tab: TabLock }> {
  const tab = new TabLock();
  const store = await UnsavedStore.open(tab, name);
  open.push({
    close: () => {
      store.close();
      tab.dispose();
    }
  });
  return { store, tab };
}

function newDatabase(): string {
  return `unsaved-${(databases += 1)}`;
}

function append(doc: Y.Doc, bytes: Uint8Array): void {
  doc.getArray<Uint8Array>(`strokes/${doc.clientID}`).push([bytes]);
}

function records(doc: Y.Doc, client: number): number[][] {
  return doc
    .getArray<Uint8Array>(`strokes/${client}`)
    .toArray()
    .map(bytes => [...bytes]);
}

/** Waits until what was changed has reached the browser's storage. */
async function settled(changes: UnsavedChanges): Promise<void> {
  await expect.poll(() => changes.isAtRisk, { interval: 1 }).toBe(false);
}

/** A document with these strokes, none of which the server has, all of them in the browser's storage. */
async function painted(store: UnsavedStore, ...strokes: number[]): Promise<{ doc: Y.Doc; changes: UnsavedChanges }> {
  const doc = new Y.Doc();
  const changes = new UnsavedChanges(doc, () => false, store);
  changes.settle(PLACE);
  for (const stroke of strokes) append(doc, Uint8Array.of(stroke));
  await settled(changes);
  return { doc, changes };
}

describe('changes that the server has not acknowledged', () => {
  it('are kept once, also if the server names their place again while they are written', async () => {
    const { store } = await openStore(newDatabase());
    const doc = new Y.Doc();
    const changes = new UnsavedChanges(doc, () => false, store);
    changes.settle(PLACE);
    append(doc, Uint8Array.of(1));
    changes.settle(PLACE);
    await settled(changes);
    expect(await store.count(PLACE)).toBe(1);
    changes.sent(1);
    changes.acknowledged(1);
    await expect.poll(() => store.count(PLACE)).toBe(0);
  });

  it('come back in the next page, in order, under the client that made them', async () => {
    const database = newDatabase();
    const before = await openStore(database);
    const { doc } = await painted(before.store, 1, 2, 3);
    before.tab.dispose();

    const after = await openStore(database);
    const nextDoc = new Y.Doc();
    const next = new UnsavedChanges(nextDoc, () => false, after.store);
    await expect.poll(() => after.tab.isGone(before.tab.id)).toBe(true);
    await next.restore(PLACE);

    expect(records(nextDoc, doc.clientID)).toEqual([[1], [2], [3]]);
    expect(next.count).toBe(3);
    expect(next.isAtRisk).toBe(false);
  });

  it('are forgotten once they are acknowledged, and not before', async () => {
    const { store } = await openStore(newDatabase());
    const doc = new Y.Doc();
    const changes = new UnsavedChanges(doc, () => false, store);
    changes.settle(PLACE);
    for (const n of [1, 2, 3]) {
      append(doc, Uint8Array.of(n));
      changes.sent(n);
    }
    await settled(changes);

    changes.acknowledged(2);

    expect(changes.count).toBe(1);
    await expect.poll(() => store.count(PLACE)).toBe(1);
    changes.acknowledged(3);
    expect(changes.count).toBe(0);
    await expect.poll(() => store.count(PLACE)).toBe(0);
  });

  it('need an acknowledgement of the connection that carried them', () => {
    const doc = new Y.Doc();
    const changes = new UnsavedChanges(doc, () => false, null);
    append(doc, Uint8Array.of(1));
    changes.sent(1);
    changes.disconnected();

    changes.acknowledged(1);

    expect(changes.count).toBe(1);
  });

  it('are not those of others', () => {
    const doc = new Y.Doc();
    const server = Symbol('server');
    const changes = new UnsavedChanges(doc, origin => origin === server, null);
    const other = new Y.Doc();
    append(other, Uint8Array.of(7));

    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), server);

    expect(changes.count).toBe(0);
  });

  it('stay with a tab that lives and pass to another when it is gone', async () => {
    const database = newDatabase();
    const living = await openStore(database);
    await painted(living.store, 1);

    const second = await openStore(database);
    const holder = second.store.newHolder();
    expect(await second.store.adopt(PLACE, holder)).toEqual([]);
    living.tab.dispose();
    await expect.poll(() => second.tab.isGone(living.tab.id)).toBe(true);

    expect(await second.store.adopt(PLACE, holder)).toHaveLength(1);
  });

  it('come back by themselves when the page that holds them closes after the next one has opened the room', async () => {
    const database = newDatabase();
    const closing = await openStore(database);
    const { doc } = await painted(closing.store, 1, 2);
    const after = await openStore(database);
    const nextDoc = new Y.Doc();
    // The first of them has reached the server in time.
    const first = new Y.Doc();
    first.clientID = doc.clientID;
    append(first, Uint8Array.of(1));
    Y.applyUpdate(nextDoc, Y.encodeStateAsUpdate(first), 'server');
    const next = new UnsavedChanges(nextDoc, origin => origin === 'server', after.store);
    const sent: number[] = [];
    nextDoc.on('update', () => {
      sent.push(1);
      next.sent(sent.length);
    });

    await next.restore(PLACE);
    await next.restoreFromOthers();
    expect(next.count).toBe(0);
    closing.tab.dispose();

    await expect.poll(() => next.count).toBe(1);
    expect(records(nextDoc, doc.clientID)).toEqual([[1], [2]]);
    expect(sent).toHaveLength(1);
    await expect.poll(() => after.store.count(PLACE)).toBe(1);
    next.acknowledged(1);
    await expect.poll(() => after.store.count(PLACE)).toBe(0);
  });

  it('of a page that closes late wait for the next visit while the server lacks what they follow', async () => {
    const database = newDatabase();
    const closing = await openStore(database);
    const doc = new Y.Doc();
    append(doc, Uint8Array.of(1));
    const changes = new UnsavedChanges(doc, () => false, closing.store);
    changes.settle(PLACE);
    append(doc, Uint8Array.of(2));
    await settled(changes);
    const after = await openStore(database);
    const nextDoc = new Y.Doc();
    const next = new UnsavedChanges(nextDoc, () => false, after.store);
    await next.restore(PLACE);
    await next.restoreFromOthers();
    closing.tab.dispose();
    await expect.poll(() => nextDoc.store.pendingStructs).not.toBeNull();

    append(nextDoc, Uint8Array.of(3));
    next.sent(1);
    next.acknowledged(1);

    expect(next.count).toBe(0);
    await expect.poll(() => after.store.count(PLACE)).toBe(1);
  });

  it('wait for what they follow: nothing is dropped because the document does not have its beginning yet', async () => {
    const database = newDatabase();
    const before = await openStore(database);
    const doc = new Y.Doc();
    append(doc, Uint8Array.of(1));
    const saved = Y.encodeStateAsUpdate(doc);
    const changes = new UnsavedChanges(doc, () => false, before.store);
    changes.settle(PLACE);
    append(doc, Uint8Array.of(2));
    await settled(changes);
    changes.dispose();
    const nextDoc = new Y.Doc();
    const next = new UnsavedChanges(nextDoc, origin => origin === 'server', before.store);

    await next.restore(PLACE);

    expect(next.count).toBe(1);
    Y.applyUpdate(nextDoc, saved, 'server');
    expect(records(nextDoc, doc.clientID)).toEqual([[1], [2]]);
    expect(next.batches(1)).toHaveLength(1);
  });

  it('pass to the next one who opens the room in the same page, once it was closed', async () => {
    const { store } = await openStore(newDatabase());
    const { doc, changes } = await painted(store, 1);
    const nextDoc = new Y.Doc();
    const meanwhile = new UnsavedChanges(new Y.Doc(), () => false, store);
    await meanwhile.restore(PLACE);
    expect(meanwhile.count).toBe(0);

    changes.dispose();
    const next = new UnsavedChanges(nextDoc, () => false, store);
    await next.restore(PLACE);

    expect(records(nextDoc, doc.clientID)).toEqual([[1]]);
    expect(next.count).toBe(1);
  });

  it('are counted by room for those who look for what waits, without what is open', async () => {
    const { store } = await openStore(newDatabase());
    const title = 'Liver 017';
    const label = { caseId: '6f1c0000-0000-4000-8000-000000000000', title };
    for (const [room, username] of [
      ['read:1', 'ada'],
      ['read:2', 'ada'],
      ['read:3', 'ben']
    ] as const) {
      const place = { ...PLACE, room, username };
      const doc = new Y.Doc();
      const changes = new UnsavedChanges(doc, () => false, store);
      changes.settle(place);
      for (const n of [1, 2, 3]) append(doc, Uint8Array.of(n));
      await store.noteEpoch(place, label);
      await settled(changes);
      if (room !== 'read:2') changes.dispose();
    }

    expect(await store.waiting('ada')).toEqual([{ room: 'read:1', count: 3, label }]);
    expect(await store.waiting('cem')).toEqual([]);
  });

  it('come back by themselves when another view of the same page, which took them over, is closed', async () => {
    const { store } = await openStore(newDatabase());
    const { doc, changes } = await painted(store, 1);
    const nextDoc = new Y.Doc();
    const next = new UnsavedChanges(nextDoc, () => false, store);
    await next.restore(PLACE);
    await next.restoreFromOthers();
    expect(next.count).toBe(0);

    changes.dispose();

    await expect.poll(() => next.count).toBe(1);
    expect(records(nextDoc, doc.clientID)).toEqual([[1]]);
  });

  it('come to one of many that wait for the same page, and from that one to the next', async () => {
    const database = newDatabase();
    const closing = await openStore(database);
    await painted(closing.store, 1);
    const { store } = await openStore(database);
    const waiting = [1, 2, 3].map(() => new UnsavedChanges(new Y.Doc(), () => false, store));
    for (const each of waiting) {
      await each.restore(PLACE);
      await each.restoreFromOthers();
    }

    closing.tab.dispose();
    for (let left = waiting.length; left > 0; left--) {
      // Two who look at the same moment may both send it: the server takes it once.
      await expect.poll(() => waiting.some(each => each.count === 1)).toBe(true);
      waiting
        .splice(
          waiting.findIndex(each => each.count === 1),
          1
        )[0]
        ?.dispose();
    }

    expect(await store.count(PLACE)).toBe(1);
  });

  it('stay in the storage with the one of many tabs that has taken them over, until they are acknowledged', async () => {
    const database = newDatabase();
    const closing = await openStore(database);
    const { doc } = await painted(closing.store, 1);
    const tabs = [await openStore(database), await openStore(database)];
    const waiting = tabs.map(({ store }) => new UnsavedChanges(new Y.Doc(), () => false, store));
    for (const each of waiting) {
      await each.restore(PLACE);
      await each.restoreFromOthers();
    }
    closing.tab.dispose();
    await expect.poll(() => waiting.some(each => each.count === 1)).toBe(true);

    // The tab that was quicker ends, and then the other one.
    const first = waiting.findIndex(each => each.count === 1);
    tabs[first]?.tab.dispose();
    await expect.poll(() => waiting[1 - first]?.count).toBe(1);
    expect(await closing.store.count(PLACE)).toBe(1);
    tabs[1 - first]?.tab.dispose();

    const last = await openStore(database);
    const lastDoc = new Y.Doc();
    await expect.poll(() => last.tab.isGone(tabs[1 - first]?.tab.id ?? '')).toBe(true);
    await new UnsavedChanges(lastDoc, () => false, last.store).restore(PLACE);
    expect(records(lastDoc, doc.clientID)).toEqual([[1]]);
  });

  it('are found again by the tab that brought them back, and stay there, where browsers cannot tell who lives', async () => {
    const database = newDatabase();
    const stores = await Promise.all([1, 2].map(() => UnsavedStore.open(new TabLock(null), database)));
    const [hers, others] = stores as [UnsavedStore, UnsavedStore];
    open.push({ close: () => stores.forEach(store => store.close()) });
    const { changes } = await painted(hers, 1);
    const elsewhere = new UnsavedChanges(new Y.Doc(), () => false, others);
    await elsewhere.restore(PLACE);
    expect(elsewhere.count).toBe(1);

    await changes.restoreFromOthers();

    await expect.poll(async () => (await others.othersWith(PLACE, others.newHolder()))[0]).toContain('/1');
    expect(changes.count).toBe(1);
    expect(await hers.count(PLACE)).toBe(1);
  });

  it('are all there in the end, however tabs and views open, paint, close and take over from one another', async () => {
    const steps = fc.array(
      fc.record({ what: fc.constantFrom('open', 'open', 'paint', 'paint', 'close', 'end'), which: fc.nat(5) }),
      { minLength: 6, maxLength: 24 }
    );
    const story = fc.asyncProperty(steps, async chosen => {
      const database = newDatabase();
      const tabs = await Promise.all([1, 2, 3].map(() => openStore(database)));
      let views: { tab: number; doc: Y.Doc; changes: UnsavedChanges }[] = [];
      const painted = new Map<number, number>();
      for (const [at, { what, which }] of chosen.entries()) {
        const tab = which % tabs.length;
        const view = views[which % Math.max(1, views.length)];
        if (what === 'open') {
          const doc = new Y.Doc();
          const changes = new UnsavedChanges(doc, () => false, tabs[tab]?.store ?? null);
          await changes.restore(PLACE);
          await changes.restoreFromOthers();
          views.push({ tab, doc, changes });
        } else if (what === 'paint' && view !== undefined) {
          append(view.doc, Uint8Array.of(at));
          painted.set(view.doc.clientID, (painted.get(view.doc.clientID) ?? 0) + 1);
          await settled(view.changes);
        } else if (what === 'close' && view !== undefined) {
          view.changes.dispose();
          views = views.filter(each => each !== view);
        } else if (what === 'end') {
          // Ends as a browser that is killed: nobody lets go of anything in order.
          tabs[tab]?.tab.dispose();
          views = views.filter(each => each.tab !== tab);
          tabs[tab] = await openStore(database);
        }
      }
      for (const { changes } of views) changes.dispose();
      for (const { tab } of tabs) tab.dispose();
      const last = await openStore(database);
      for (const { tab } of tabs) await expect.poll(() => last.tab.isGone(tab.id), { interval: 1 }).toBe(true);
      const doc = new Y.Doc();
      const changes = new UnsavedChanges(doc, () => false, last.store);
      await changes.restore(PLACE);
      await changes.restoreFromOthers();
      await expect
        .poll(() => [...painted.keys()].map(client => records(doc, client).length), { interval: 1 })
        .toEqual([...painted.values()]);
    });
    await fc.assert(story, { seed: 20_261_124, numRuns: 150 });
  });

  it('of another history of the room stay where they are', async () => {
    const database = newDatabase();
    const { store, tab } = await openStore(database);
    await painted(store, 1);
    tab.dispose();

    const after = await openStore(database);
    const other = { ...PLACE, epoch: 'epoch-of-a-restored-backup' };
    expect(await after.store.adopt(other, after.store.newHolder())).toEqual([]);
    expect(await after.store.count(PLACE)).toBe(1);
  });
});

describe('a tab', () => {
  it('that is gone is gone for everybody who asks, at the same moment too', async () => {
    const [gone, one, other] = [new TabLock(), new TabLock(), new TabLock()];
    gone.dispose();
    await expect.poll(() => one.isGone(gone.id)).toBe(true);
    const { signal } = new AbortController();

    const answers = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one : other).isGone(gone.id));
    const waited = [one, other].map(each => each.whenGone(gone.id, signal).then(() => each.isGone(gone.id)));

    expect(await Promise.all([...answers, ...waited])).toEqual(Array.from({ length: 22 }, () => true));
    one.dispose();
    other.dispose();
  });

  it('that lives is not gone, however many ask', async () => {
    const [living, other] = [new TabLock(), new TabLock()];

    expect(await Promise.all(Array.from({ length: 20 }, () => other.isGone(living.id)))).not.toContain(true);

    living.dispose();
    other.dispose();
  });
});

describe('batches for a new connection', () => {
  it('hold every change once, in order, and stay below the limit unless one change alone is above', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 0, maxLength: 24 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1000 }), (lengths, nextMessage) => {
        const doc = new Y.Doc();
        const changes = new UnsavedChanges(doc, () => false, null);
        lengths.forEach((length, n) => append(doc, new Uint8Array(length).fill(n)));

        const batches = changes.batches(nextMessage);

        const received = new Y.Doc();
        for (const batch of batches) {
          expect(batch.byteLength).toBeLessThanOrEqual(MAX_BATCH_BYTES);
          Y.applyUpdate(received, batch);
        }
        const outline = (of: Y.Doc): unknown =>
          of
            .getArray<Uint8Array>(`strokes/${doc.clientID}`)
            .toArray()
            .map(bytes => [bytes.byteLength, bytes[0], bytes.at(-1)]);
        expect(outline(received)).toEqual(outline(doc));
        changes.acknowledged(nextMessage + batches.length - 1);
        expect(changes.count).toBe(0);
      }),
      { seed: 20_261_123, numRuns: 40 }
    );
  });

  it('are acknowledged one by one', () => {
    const doc = new Y.Doc();
    const changes = new UnsavedChanges(doc, () => false, null);
    for (let n = 0; n < 4; n++) append(doc, new Uint8Array(400 * 1024));

    expect(changes.batches(5)).toHaveLength(4);
    changes.acknowledged(6);

    expect(changes.count).toBe(2);
  });
});
