import { Worker } from 'node:worker_threads';
import type { BlobStore } from '../../store/store.js';
import { compiledModule } from '../../threads/compiledModule.js';
import { ThreadCancelled } from '../../threads/runInThread.js';
import { GroundTruthError } from '../groundTruthError.js';
import type { BlobFiles } from './blobFiles.js';
import type { ReleaseMessage, ReleasePlan, ReleaseReply } from './releasePlan.js';

/**
 * Writes a release in a thread of its own. Answers the SHA-256 of `release.json`. Rejects with `GroundTruthError`
 * (`release.content`) if the content contradicts itself, with `ThreadCancelled` once `signal` is aborted.
 */
export async function runReleaseBuild(
  plan: ReleasePlan,
  blobs: BlobStore,
  files: BlobFiles,
  signal: AbortSignal
): Promise<string> {
  if (signal.aborted) throw new ThreadCancelled('The release was given up.');
  const worker = new Worker(compiledModule(import.meta.url, 'releaseWorker'), { workerData: plan });
  try {
    return await new Promise<string>((resolve, reject) => {
      const cancel = (): void => reject(new ThreadCancelled('The release was given up.'));
      signal.addEventListener('abort', cancel, { once: true });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('The release ended without a result.')));
      worker.on('message', (message: ReleaseMessage) => {
        if (message.kind === 'done') resolve(message.sha256);
        else if (message.kind === 'refused') reject(new GroundTruthError('release.case-not-ready', message.detail));
        else reply(message, blobs, files).then(answer => worker.postMessage(answer), reject);
      });
    });
  } finally {
    await worker.terminate();
  }
}

async function reply(
  message: Extract<ReleaseMessage, { kind: 'load' | 'file' }>,
  blobs: BlobStore,
  files: BlobFiles
): Promise<ReleaseReply> {
  if (message.kind === 'load') return { number: message.number, bytes: await blobs.get(message.sha256) };
  await files.write(message.path, message.bytes);
  return { number: message.number, bytes: null };
}
