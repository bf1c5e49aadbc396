import type { VoxelType } from '@voxcord/schemas/api';
import { makeHeader } from '../imaging/nifti/writeHeader.js';
import type { PhantomGrid } from '../phantom/index.js';
import { writeWholeFiles } from './wholeFiles.js';

/** Writes a volume with its affine, without a second copy of it in memory. Answers the file. */
export async function writeVolume(
  file: string,
  { dims, affine }: PhantomGrid,
  voxelType: VoxelType,
  voxels: Int16Array | Uint8Array | Float32Array
): Promise<string> {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const perSlice = bytes.byteLength / dims[2];
  function* chunks(): Generator<Uint8Array> {
    yield makeHeader({ dims, affine, voxelType, slope: 1, intercept: 0 });
    for (let k = 0; k < dims[2]; k++) yield bytes.subarray(k * perSlice, (k + 1) * perSlice);
  }
  await writeWholeFiles([{ file, chunks: chunks() }]);
  return file;
}
