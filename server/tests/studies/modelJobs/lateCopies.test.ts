import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Person } from '@voxcord/schemas/api';
import { encodeBricks } from '@voxcord/schemas/labelmap';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SnapshotStore } from '../../../src/labelmap/snapshotStore.js';
import type { ProjectAccess } from '../../../src/projects/projectAccess.js';
import { readRead, type StoredRead } from '../../../src/projects/records.js';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import type { Store } from '../../../src/store/store.js';
import { Journal } from '../../../src/studies/journal.js';
import { ModelCopies } from '../../../src/studies/modelJobs/modelCopies.js';
import { OneAtATime } from '../../../src/studies/oneAtATime.js';
import { ProjectAudit } from '../../../src/truth/index.js';

const NOW = new Date('2026-05-04T08:00:00.000Z');
const SHA = 'a'.repeat(64);
const DIMS = [4, 3, 2] as const;
const ADA: Person = { username: 'ada', displayName: 'Ada', initials: 'A', colour: '#aa0000' };

let folder: string;
let store: Store;
let journal: Journal;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-copies-'));
  store = await openEmbeddedStore(folder);
  journal = new Journal(store.catalogue, new ProjectAudit(store, () => NOW), new OneAtATime());
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function newRead(changes: Partial<StoredRead>): StoredRead {
  return readRead({
    id: randomUUID(),
    caseId: randomUUID(),
    projectId: randomUUID(),
    title: 'A read',
    access: 'visible',
    reader: ADA,
    state: 'open',
    volume: SHA,
    segments: [{ number: 1, name: 'Liver', colour: '#56b4e9', codes: [], retired: false }],
    createdAt: NOW.toISOString(),
    ...changes
  });
}

/** What a model has labelled: one voxel. */
async function readOfModel(): Promise<StoredRead> {
  const labels = new Uint8Array(DIMS[0] * DIMS[1] * DIMS[2]);
  labels[5] = 1;
  const bricks = [...encodeBricks(labels, DIMS)].map(([index, content]) => ({
    index,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    content
  }));
  const id = randomUUID();
  const { hash } = await new SnapshotStore(store).save(id, DIMS, { frontier: {}, lamport: 1, bricks });
  const provenance = {
    model: { name: 'threshold', version: '1.0.0', sha256: SHA },
    job: randomUUID(),
    volume: SHA,
    parameters: { segments: [] },
    software: [],
    provider: 'cpu',
    seconds: 1,
    peakMemoryMb: 1
  };
  return newRead({ id, purpose: 'model', state: 'submitted', labelled: { provenance, snapshot: hash } });
}

test('a read that is submitted while the strokes are made is told nothing of a copy that is not painted', async () => {
  const [own, from] = [newRead({}), await readOfModel()];
  await store.catalogue.insert('read', own.id, own.caseId, own);
  const submitted: StoredRead = { ...own, state: 'submitted' };
  const copies = new ModelCopies({
    store,
    journal,
    now: () => NOW,
    // What they decide is tested elsewhere: here the moment counts.
    access: {
      writableRead: () => Promise.resolve({ read: own }),
      viewableRead: () => Promise.resolve({ read: from })
    } as unknown as ProjectAccess,
    rooms: {
      readSegments: () => Promise.resolve(own.segments),
      paintFor: async (_person, readId, prepare) => {
        await store.catalogue.replace('read', readId, own, submitted);
        await prepare(1);
        return false;
      }
    }
  });
  const copying = copies.copy(ADA, own.id, { from: from.id, segments: [1] });
  await expect(copying).rejects.toMatchObject({ code: 'access.denied' });
  expect(readRead(await store.catalogue.get('read', own.id)).origins).toEqual([]);
  expect(await new ProjectAudit(store, () => NOW).last(own.projectId)).toBe(null);
});
