import path from 'node:path';
import type { Volume } from '@voxcord/schemas/api';
import { DEFAULT_LIMITS, runImport } from '../imaging/index.js';
import type { Volumes } from '../projects/volumes.js';
import type { Store } from '../store/store.js';
import { OPERATOR } from './dataFolder.js';
import type { Output } from './output.js';

/** Reads a NIfTI file into the store. Rejects with `ImagingError`. Ctrl-C cancels and leaves nothing behind. */
export async function importVolumes(
  store: Store,
  volumes: Volumes,
  file: string,
  frame: number | null,
  output: Output
): Promise<Volume[]> {
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  process.once('SIGINT', cancel);
  try {
    const imported = await runImport(
      { path: path.resolve(file), frame, limits: DEFAULT_LIMITS, scratch: store.blobs.scratch },
      fraction => output.progress('Reading', fraction),
      abort.signal
    );
    const kept: Volume[] = [];
    for (const one of imported)
      kept.push(await volumes.keep(one, path.basename(file).slice(0, 200), OPERATOR.username));
    return kept;
  } finally {
    process.off('SIGINT', cancel);
  }
}
