import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { verifyRelease, writeReleaseArchive, type ReleaseFiles, type Verdict } from '../../truth/index.js';
import { ArchiveDamaged, ArchiveFiles } from './archiveFiles.js';
import type { Archive, ArchiveMessage, ArchiveReply, ArchiveTask, Range } from './archiveTask.js';
import type { StoredFile } from './releaseRecords.js';

/*
 * Packs and checks archives beside the event loop, as every byte of them is hashed. Started by `archiveThread.ts` with
 * an `ArchiveTask` as worker data.
 */

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread.');

/** Bytes of an archive that are in memory at a time, beside those of one file. */
const AT_ONCE = 2 ** 23;

const waiting = new Map<number, (bytes: Uint8Array | null) => void>();
let next = 1;

port.on('message', ({ number, bytes }: ArchiveReply) => {
  waiting.get(number)?.(bytes);
  waiting.delete(number);
});

function read(sha256: string, range: Range | null): Promise<Uint8Array | null> {
  const number = next++;
  return new Promise(resolve => {
    waiting.set(number, resolve);
    send({ kind: 'read', number, sha256, range });
  });
}

/** The blobs of the service, as this thread may read them. */
const blobs = {
  stream: async (sha256: string, start: number, end: number): Promise<NodeJS.ReadableStream> => {
    const bytes = await read(sha256, { start, end });
    return Readable.from(bytes === null ? [] : [Buffer.from(bytes)]);
  }
};

function filesOf(stored: readonly StoredFile[]): ReleaseFiles {
  const hashes = new Map(stored.map(({ path, sha256 }) => [path, sha256]));
  const hash = (path: string): Promise<string> => Promise.resolve(hashes.get(path) ?? '');
  return {
    list: () => Promise.resolve([...hashes.keys()].map(path => ({ path, kind: 'file' }))),
    hash,
    read: async path => {
      const bytes = await read(await hash(path), null);
      if (bytes === null) throw new Error(`${path} of a release is missing.`);
      return bytes;
    }
  };
}

/** The release in it, and then the archive around it: names and lists of a zip file are no records. */
async function verify(archive: Archive): Promise<Verdict> {
  try {
    const verdict = await verifyRelease(await ArchiveFiles.open(blobs, archive));
    if (!verdict.valid || (await hashOf(archive)) === archive.sha256) return verdict;
  } catch (error) {
    if (!(error instanceof ArchiveDamaged)) throw error;
    return broken(error.message);
  }
  return broken('Its bytes are not those that were released.');
}

function broken(reason: string): Verdict {
  return { valid: false, broken: { record: 'archive', reason } };
}

async function hashOf({ sha256, bytes }: Archive): Promise<string> {
  const digest = createHash('sha256');
  for (let start = 0; start < bytes; start += AT_ONCE) {
    digest.update((await read(sha256, { start, end: Math.min(bytes, start + AT_ONCE) })) ?? '');
  }
  return digest.digest('hex');
}

function send(message: ArchiveMessage): void {
  port?.postMessage(message);
}

async function work(task: ArchiveTask): Promise<ArchiveMessage> {
  switch (task.kind) {
    case 'verify':
      return { kind: 'verified', verdict: await verify(task.archive) };
    case 'pack': {
      const archive = await writeReleaseArchive(filesOf(task.files), task.name);
      await pipeline(archive, createWriteStream(task.target));
      return { kind: 'packed' };
    }
  }
}

function isTask(value: unknown): value is ArchiveTask {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

const task: unknown = workerData;
if (!isTask(task)) throw new Error('An archive needs a task.');
try {
  send(await work(task));
} finally {
  port.unref();
}
