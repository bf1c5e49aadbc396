import { Worker } from 'node:worker_threads';
import { StoreError, type BlobStore } from '../../store/store.js';
import { compiledModule } from '../../threads/compiledModule.js';
import type { Verdict } from '../../truth/index.js';
import type { Archive, ArchiveMessage, ArchiveReply, ArchiveTask, Range } from './archiveTask.js';

type Answer = Exclude<ArchiveMessage, { kind: 'read' }>;

/** Checks the archive of a release, in a thread of its own. */
export async function runVerification(blobs: BlobStore, archive: Archive): Promise<Verdict> {
  const answer = await run(blobs, { kind: 'verify', archive });
  if (answer.kind === 'verified') return answer.verdict;
  throw anotherAnswer();
}

/** Packs the files of a release into `target`, in a thread of its own. */
export async function runPacking(blobs: BlobStore, task: Extract<ArchiveTask, { kind: 'pack' }>): Promise<void> {
  const answer = await run(blobs, task);
  if (answer.kind !== 'packed') throw anotherAnswer();
}

async function run(blobs: BlobStore, task: ArchiveTask): Promise<Answer> {
  const worker = new Worker(compiledModule(import.meta.url, 'archiveWorker'), { workerData: task });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('The thread of an archive ended without a result.')));
      worker.on('message', (message: ArchiveMessage) => {
        if (message.kind !== 'read') resolve(message);
        else reply(message, blobs).then(answer => worker.postMessage(answer), reject);
      });
    });
  } finally {
    await worker.terminate();
  }
}

async function reply(
  { number, sha256, range }: Extract<ArchiveMessage, { kind: 'read' }>,
  blobs: BlobStore
): Promise<ArchiveReply> {
  return { number, bytes: range === null ? await blobs.get(sha256) : await readRange(blobs, sha256, range) };
}

async function readRange(blobs: BlobStore, sha256: string, { start, end }: Range): Promise<Uint8Array | null> {
  const parts: Buffer[] = [];
  try {
    for await (const part of await blobs.stream(sha256, start, end)) {
      parts.push(typeof part === 'string' ? Buffer.from(part) : part);
    }
  } catch (error) {
    // Cut short or gone: whoever checks it has to say so.
    if (error instanceof RangeError || (error instanceof StoreError && error.code === 'corrupt')) return null;
    throw error;
  }
  return Buffer.concat(parts);
}

function anotherAnswer(): Error {
  return new Error('The thread of an archive has answered another question.');
}
