import type { ImportJob, ImportSource, Volume } from '@voxcord/schemas/api';
import { VoxcordError, type VoxcordApi } from '../client/index.js';

export interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

const POLL_INTERVAL = 250;

/**
 * Has the service read a NIfTI file, of the Jupyter server or uploaded, into volumes. Aborting cancels it there too.
 * Throws `VoxcordError`, or the signal's reason.
 */
export async function importVolumes(
  api: VoxcordApi,
  source: ImportSource,
  options: ImportOptions = {}
): Promise<Volume[]> {
  const { signal, onProgress } = options;
  let job: ImportJob = await api.call('startImport', { body: source }, signal);
  try {
    while (job.state === 'running') {
      onProgress?.(job.fraction);
      await pause(POLL_INTERVAL, signal);
      job = await api.call('getImport', { params: { importId: job.id } }, signal);
    }
  } catch (reason) {
    // Only a cancelled import is stopped: one that cannot be reached may still finish and be asked for again.
    if (signal?.aborted === true) {
      await api.call('cancelImport', { params: { importId: job.id } }).catch(() => undefined);
    }
    throw reason;
  }
  if (job.state === 'done') return job.volumes;
  if (job.state === 'failed' && job.problem !== undefined) {
    throw new VoxcordError(job.problem.code, job.problem.detail, job.problem.status);
  }
  throw new VoxcordError('import.cancelled', 'Reading this file was cancelled. Open it again to start over.');
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
