import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { compiledModule } from '../threads/compiledModule.js';
import { ImagingError, type ImagingErrorCode } from './errors.js';
import type { ImportedVolume, ImportTask } from './importFile.js';

export type ImportMessage =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'done'; readonly volumes: ImportedVolume[] }
  | { readonly kind: 'refused'; readonly code: ImagingErrorCode; readonly message: string };

/** The import was cancelled; nothing of it is left. */
export class ImportCancelled extends Error {
  override readonly name = 'ImportCancelled';
}

/**
 * Reads a file into volumes in a thread of its own. Rejects with `ImagingError`, or with `ImportCancelled` once `signal`
 * is aborted; nothing is left in the scratch folder then.
 */
export async function runImport(
  task: Omit<ImportTask, 'prefix'>,
  progress: (fraction: number) => void,
  signal: AbortSignal
): Promise<ImportedVolume[]> {
  const prefix = `import-${randomUUID()}-`;
  const worker = new Worker(compiledModule(import.meta.url, 'importWorker'), {
    workerData: { ...task, prefix } satisfies ImportTask
  });
  try {
    return await outcome(worker, progress, signal);
  } catch (error) {
    await worker.terminate();
    await removeWithPrefix(task.scratch, prefix);
    throw error;
  }
}

function outcome(worker: Worker, progress: (fraction: number) => void, signal: AbortSignal): Promise<ImportedVolume[]> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new ImportCancelled('The import was cancelled.'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    worker.on('message', (message: ImportMessage) => {
      if (message.kind === 'progress') progress(message.fraction);
      else if (message.kind === 'done') resolve(message.volumes);
      else reject(new ImagingError(message.code, message.message));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      signal.removeEventListener('abort', cancel);
      reject(new Error('The import ended without a result.'));
    });
  });
}

async function removeWithPrefix(folder: string, prefix: string): Promise<void> {
  const names = await readdir(folder);
  const left = names.filter(name => name.startsWith(prefix));
  await Promise.all(left.map(name => rm(path.join(folder, name), { force: true })));
}
