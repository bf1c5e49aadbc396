import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { SnapshotStore } from '../../src/labelmap/snapshotStore.js';
import { openEmbeddedStore } from '../../src/store/embedded/openEmbeddedStore.js';

const DIMS = [8, 8, 8] as const;
const READ = '6f1c1f0a-7d9d-4a56-9a0b-0d3f6d0c2b11';

let folder: string | null = null;

afterEach(async () => {
  if (folder !== null) await rm(folder, { recursive: true });
  folder = null;
});

it('people who open a new read at the same time all get its head, and one of theirs is kept', async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxcord-heads-'));
  const store = await openEmbeddedStore(folder);
  try {
    const snapshots = new SnapshotStore(store);
    const heads = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async lamport => {
        const head = await snapshots.save(READ, DIMS, { frontier: { 7: lamport }, lamport, bricks: [] });
        await snapshots.setHead(READ, head, null);
        return head.hash;
      })
    );
    const kept = await snapshots.head(READ, null);
    expect(heads).toContain(kept?.hash);
  } finally {
    await store.close();
  }
});
