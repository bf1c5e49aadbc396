import path from 'node:path';
import { exportLabelMap } from '../imaging/index.js';
import { Volumes } from '../projects/volumes.js';
import { StoreError } from '../store/store.js';
import { dataFolder, withStore } from './dataFolder.js';
import { findRead } from './findRead.js';
import type { Output } from './output.js';
import { foldRead } from './foldRead.js';
import { checkOutputName } from './labelFiles.js';
import type { ExportedLabelMap } from './results.js';
import { writeWholeFiles } from './wholeFiles.js';

export interface ExportOptions {
  readonly data?: string;
  readonly output: string;
}

/**
 * `voxcord export READ`: the label map as the log has it now, on the grid and in the orientation of the volume's own
 * file. Works while a service uses the data folder.
 */
export async function exportCommand(idOrPrefix: string, options: ExportOptions, output: Output): Promise<void> {
  const file = path.resolve(options.output);
  checkOutputName(file);
  await withStore(dataFolder(options.data), { readOnly: true }, async store => {
    const read = await findRead(store, idOrPrefix);
    const { volume, header } = await new Volumes(store).get(read.volume);
    const originalHeader = await store.blobs.get(header);
    if (originalHeader === null)
      throw new StoreError('corrupt', 'The header of the volume is missing. Restore a backup.');
    output.note('Folding the strokes');
    const bitmap = await foldRead(store, read.id, volume.grid.dims);
    const bytes = exportLabelMap(volume, originalHeader, bitmap);
    await writeWholeFiles([{ file, chunks: [bytes] }]);
    const result: ExportedLabelMap = { read: read.id, volume: volume.hash, file, voxels: countVoxels(bitmap) };
    output.result(result, `Wrote ${file}`);
  });
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
