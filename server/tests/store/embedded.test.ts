import { mkdtemp, readdir, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded/openEmbeddedStore.js';
import { StoreError } from '../../src/store/store.js';
import { describeStoreContract } from './contract.js';

describeStoreContract('The embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voxcord-store-'));
  return { open: () => openEmbeddedStore(folder), remove: () => rm(folder, { recursive: true }) };
});

describe('The embedded store', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxcord-store-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one service at a time open a folder', async () => {
    const first = await openEmbeddedStore(folder);
    await expect(openEmbeddedStore(folder)).rejects.toThrow(/Another service is using this data folder/);
    await first.log.openRoom('read:a');
    await first.close();
    const second = await openEmbeddedStore(folder);
    expect(await second.log.findRoom('read:a')).not.toBeNull();
    await second.close();
  });

  it('can be read while a service writes, and not be written by the reader', async () => {
    const service = await openEmbeddedStore(folder);
    await service.log.openRoom('read:a');
    const reader = await openEmbeddedStore(folder, { readOnly: true });
    await service.log.append('read:a', 'ana', new Uint8Array([1, 2, 3]));
    for await (const [entry] of reader.log.read('read:a', 0)) expect(entry?.update).toEqual(new Uint8Array([1, 2, 3]));
    expect((await reader.log.findRoom('read:a'))?.lastSequence).toBe(1);
    await expect(reader.log.append('read:a', null, new Uint8Array(1))).rejects.toBeInstanceOf(StoreError);
    await expect(reader.blobs.put(new Uint8Array(1))).rejects.toMatchObject({ code: 'unwritable' });
    await service.log.append('read:a', 'ana', new Uint8Array([4]));
    expect((await reader.log.findRoom('read:a'))?.lastSequence).toBe(2);
    await reader.close();
    await service.close();
    const afterwards = await openEmbeddedStore(folder, { readOnly: true });
    expect((await afterwards.log.findRoom('read:a'))?.lastSequence).toBe(2);
    await afterwards.close();
  });

  it('refuses to read a folder that holds no data', async () => {
    await expect(openEmbeddedStore(folder, { readOnly: true })).rejects.toMatchObject({ code: 'unwritable' });
  });

  it('says that the disk is full, keeps what it stored before, and takes no entry behind a lost one', async () => {
    const store = await openEmbeddedStore(folder, { quotaBytes: 200_000 });
    await store.log.openRoom('read:a');
    const before = await store.log.append('read:a', 'ana', new Uint8Array(1000));
    const large = store.log.append('read:a', 'ana', new Uint8Array(400_000));
    const behind = Array.from({ length: 5 }, () => store.log.append('read:a', 'ana', new Uint8Array(10)));
    await expect(large).rejects.toMatchObject({ name: 'StoreError', code: 'disk-full' });
    for (const call of behind) await expect(call).rejects.toBeInstanceOf(StoreError);
    await expect(store.log.append('read:a', 'ana', new Uint8Array(10))).rejects.toBeInstanceOf(StoreError);
    expect((await store.log.openRoom('read:a')).lastSequence).toBe(before);
    expect(await store.log.append('read:a', 'ana', new Uint8Array(10))).toBe(before + 1);
    await store.close();
  });

  it('notices a damaged blob', async () => {
    const store = await openEmbeddedStore(folder);
    const name = await store.blobs.put(new Uint8Array([1, 2, 3]));
    await writeFile(join(folder, 'blobs', name.slice(0, 2), name), new Uint8Array([1, 2, 4]));
    await expect(store.blobs.get(name)).rejects.toMatchObject({ code: 'corrupt' });
    await store.close();
  });

  it('notices a damaged entry of the log', async () => {
    const store = await openEmbeddedStore(folder);
    await store.log.openRoom('read:a');
    await store.log.append('read:a', 'ana', new TextEncoder().encode('a stroke that nobody may change'));
    await store.close();
    const file = join(folder, 'voxcord.sqlite');
    const content = await readFile(file);
    const at = content.indexOf('nobody may change');
    expect(at).toBeGreaterThan(0);
    content.write('anybody may chang', at);
    await writeFile(file, content);
    const damaged = await openEmbeddedStore(folder);
    const reading = (async () => {
      for await (const batch of damaged.log.read('read:a', 0)) expect(batch).toEqual([]);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'corrupt' });
    await damaged.close();
  });

  it('brings a folder of an older version up to date and keeps what it holds', async () => {
    const store = await openEmbeddedStore(folder);
    await store.log.openRoom('read:a');
    await store.log.append('read:a', 'ana', new Uint8Array([1, 2, 3]));
    await store.catalogue.insert('project', 'p', null, { title: 'Liver' });
    await store.close();
    const file = join(folder, 'voxcord.sqlite');
    const older = new DatabaseSync(file);
    older.exec('DROP TABLE audit; PRAGMA user_version = 1');
    older.close();
    await expect(openEmbeddedStore(folder, { readOnly: true })).rejects.toThrow(/start the service on it once/);
    const newer = await openEmbeddedStore(folder);
    expect(await newer.catalogue.get('project', 'p')).toEqual({ title: 'Liver' });
    expect((await newer.log.findRoom('read:a'))?.lastSequence).toBe(1);
    await newer.audit.append('p', { sequence: 1, previous: null, hash: 'h' });
    expect(await newer.audit.last('p')).toEqual({ sequence: 1, previous: null, hash: 'h' });
    await newer.close();
  });

  it('has no way to change or remove an entry of the audit log', async () => {
    const store = await openEmbeddedStore(folder);
    await store.audit.append('p', { sequence: 1, previous: null, hash: 'h' });
    await store.close();
    const database = new DatabaseSync(join(folder, 'voxcord.sqlite'));
    for (const statement of ["UPDATE audit SET hash = 'x'", 'DELETE FROM audit']) {
      expect(() => database.exec(statement)).toThrow('audit entries stay');
    }
    database.close();
  });

  it('empties the folder of unfinished files when it starts', async () => {
    const store = await openEmbeddedStore(folder);
    await writeFile(join(store.blobs.scratch, 'unfinished'), 'x');
    await store.close();
    const again = await openEmbeddedStore(folder);
    expect(await readdir(again.blobs.scratch)).toEqual([]);
    await again.close();
  });
});
