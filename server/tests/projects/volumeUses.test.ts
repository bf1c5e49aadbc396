import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VolumeUses } from '../../src/projects/volumeUses.js';
import { openEmbeddedStore } from '../../src/store/embedded/openEmbeddedStore.js';
import type { Store } from '../../src/store/store.js';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxcord-uses-'));
  store = await openEmbeddedStore(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function insertCase(...volumes: string[]): Promise<string> {
  const createdAt = new Date().toISOString();
  const projectId = randomUUID();
  const project = { title: 'P', description: '', segments: [], members: [], everyone: null, createdBy: 'ana' };
  await store.catalogue.insert('project', projectId, null, { id: projectId, createdAt, ...project });
  const id = randomUUID();
  await store.catalogue.insert('case', id, projectId, { id, projectId, title: 'C', volumes, createdAt });
  return id;
}

it('knows the cases that were noted, each once', async () => {
  const uses = new VolumeUses(store);
  for (let time = 0; time < 2; time++) await uses.note({ id: 'one', volumes: [A, B] });
  await uses.note({ id: 'two', volumes: [A] });
  expect(await uses.casesOf(A)).toEqual(['one', 'two']);
  expect(await uses.casesOf(B)).toEqual(['one']);
  expect(await uses.casesOf('c'.repeat(64))).toEqual([]);
});

it('is made once for a catalogue that has no index, whatever has been noted already', async () => {
  const [first, second] = [await insertCase(A, B), await insertCase(A)];
  const uses = new VolumeUses(store);
  await uses.note({ id: second, volumes: [A] });
  await uses.complete();
  expect((await uses.casesOf(A)).sort()).toEqual([first, second].sort());
  expect(await uses.casesOf(B)).toEqual([first]);
  // From then on cases note themselves: the others are not looked at again.
  await insertCase(B);
  await uses.complete();
  expect(await uses.casesOf(B)).toEqual([first]);
});
