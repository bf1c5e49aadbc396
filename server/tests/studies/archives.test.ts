import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { StoreError, type BlobStore } from '../../src/store/store.js';
import { runPacking, runVerification } from '../../src/studies/releases/archiveThread.js';
import { sha256, writeReleaseArchive, type MemoryFiles, type Verdict } from '../../src/truth/index.js';
import { sampleRelease } from '../truth/support/sampleRelease.js';

/** Blobs in memory; reading them costs this thread nothing. */
class MemoryBlobs implements Pick<BlobStore, 'get' | 'stream'> {
  readonly asked: string[] = [];
  readonly #blobs = new Map<string, Buffer>();

  put(bytes: Uint8Array, name = sha256(bytes)): string {
    this.#blobs.set(name, Buffer.from(bytes));
    return name;
  }

  get(name: string): Promise<Uint8Array | null> {
    this.asked.push(name);
    return Promise.resolve(this.#blobs.get(name) ?? null);
  }

  stream(name: string, start: number, end: number): Promise<NodeJS.ReadableStream> {
    const blob = this.#blobs.get(name);
    if (blob === undefined) return Promise.reject(new StoreError('corrupt', 'It is missing.'));
    if (end > blob.length) return Promise.reject(new RangeError('It is shorter.'));
    return Promise.resolve(Readable.from([blob.subarray(start, end)]));
  }
}

let folder = '';
let release: MemoryFiles;
let archive: Buffer;

/** As the store: only what threads ask of it is asked. */
const asStore = (blobs: MemoryBlobs): BlobStore => blobs as unknown as BlobStore;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-archives-'));
  release = await sampleRelease();
  archive = await buffer(await writeReleaseArchive(release, 'release-1.0.0'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The verdict on an archive that was `archive` once. */
async function verdictOn(bytes: Uint8Array): Promise<Verdict> {
  const blobs = new MemoryBlobs();
  return runVerification(asStore(blobs), { sha256: blobs.put(bytes, sha256(archive)), bytes: archive.length });
}

test('an archive is packed beside the event loop, as it would be packed in it, from one look at each file', async () => {
  const blobs = new MemoryBlobs();
  const files = await Promise.all(
    (await release.list()).map(async ({ path: name }) => {
      const bytes = await release.read(name);
      return { path: name, sha256: blobs.put(bytes), bytes: bytes.length };
    })
  );
  const target = path.join(folder, 'release.zip');
  await runPacking(asStore(blobs), { kind: 'pack', files, name: 'release-1.0.0', target });
  expect(sha256(readFileSync(target))).toBe(sha256(archive));
  expect(blobs.asked.toSorted()).toEqual(files.map(file => file.sha256).toSorted());
});

test('an archive is checked beside the event loop: this thread hashes not one byte', async () => {
  const name = sha256(archive);
  const hash = Object.getPrototypeOf(createHash('sha256')) as { update: (data: Uint8Array) => unknown };
  const updates = vi.spyOn(hash, 'update');
  try {
    const blobs = new MemoryBlobs();
    const verdict = await runVerification(asStore(blobs), { sha256: blobs.put(archive, name), bytes: archive.length });
    expect(verdict).toMatchObject({ valid: true, cases: 2 });
    expect(updates.mock.calls).toEqual([]);
    sha256('this is seen');
    expect(updates.mock.calls).toHaveLength(1);
  } finally {
    updates.mockRestore();
  }
});

test('a damaged archive is not valid, wherever the damage is', async () => {
  const record = async (bytes: Uint8Array): Promise<string> => {
    const verdict = await verdictOn(bytes);
    return verdict.valid ? 'valid' : verdict.broken.record;
  };
  const turned = (at: number): Buffer => {
    const changed = Buffer.from(archive);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    return changed;
  };
  expect(await record(archive)).toBe('valid');
  expect(await record(archive.subarray(0, -1))).toBe('archive');
  expect(await record(new Uint8Array(0))).toBe('archive');
  expect(await record(turned(archive.indexOf('release-1.0.0/report.html') - 16))).toBe('archive');
  expect(await record(turned(archive.length - 1))).toBe('archive');
  expect(await record(turned(archive.indexOf('<!doctype html>') + 100))).toBe('report.html');
});

test('an archive that is gone is not valid', async () => {
  const gone = { sha256: sha256(archive), bytes: archive.length };
  expect(await runVerification(asStore(new MemoryBlobs()), gone)).toMatchObject({
    valid: false,
    broken: { record: 'archive' }
  });
});
