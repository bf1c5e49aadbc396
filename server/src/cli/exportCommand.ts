import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { exportLabelMap } from '../imaging/index.js';
import { Volumes } from '../projects/volumes.js';
import { StoreError } from '../store/store.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { dataFolder, withStore } from './dataFolder.js';
import { findRead } from './findRead.js';
import type { Output } from './output.js';
import { foldRead } from './foldRead.js';
import type { ExportedLabelMap } from './results.js';

export interface ExportOptions {
  readonly data?: string;
  readonly output: string;
}

const compress = promisify(gzip);

/**
 * `voxcord export READ`: the label map as the log has it now, on the grid and in the orientation of the volume's own
 * file. Works while a service uses the data folder.
 */
export async function exportCommand(idOrPrefix: string, options: ExportOptions, output: Output): Promise<void> {
  const file = path.resolve(options.output);
  const isCompressed = file.toLowerCase().endsWith('.nii.gz');
  if (!isCompressed && !file.toLowerCase().endsWith('.nii')) {
    throw new UsageError('The output must be a .nii or .nii.gz file.');
  }
  await withStore(dataFolder(options.data), { readOnly: true }, async store => {
    const read = await findRead(store, idOrPrefix);
    const { volume, header } = await new Volumes(store).get(read.volume);
    const originalHeader = await store.blobs.get(header);
    if (originalHeader === null)
      throw new StoreError('corrupt', 'The header of the volume is missing. Restore a backup.');
    output.note('Folding the strokes');
    const bitmap = await foldRead(store, read.id, volume.grid.dims);
    const bytes = exportLabelMap(volume, originalHeader, bitmap);
    await writeWhole(file, isCompressed ? await compress(bytes) : bytes);
    const result: ExportedLabelMap = { read: read.id, volume: volume.hash, file, voxels: countVoxels(bitmap) };
    output.result(result, `Wrote ${file}`);
  });
}

/** The file is there whole, or as it was. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const partial = `${file}.${randomUUID()}.part`;
  try {
    const handle = await open(partial, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new RefusedError('output.unwritable', 'The output cannot be written. Check its folder and the free space.', {
      cause
    });
  }
}

function countVoxels(bitmap: Uint8Array): Record<string, number> {
  const counts = new Float64Array(256);
  for (const segment of bitmap) counts[segment] = (counts[segment] ?? 0) + 1;
  const painted: Record<string, number> = {};
  counts.forEach((count, segment) => {
    if (segment > 0 && count > 0) painted[String(segment)] = count;
  });
  return painted;
}
