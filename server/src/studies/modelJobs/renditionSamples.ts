import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { VoxelType } from '@voxcord/schemas/api';
import { voxelCount } from '@voxcord/schemas/labelmap';
import type { StoredVolume } from '../../projects/records.js';
import { StoreError, type BlobStore } from '../../store/store.js';

/** A rendition is a NIfTI-1 file without extensions, little-endian, of the types that viewers show. */
const HEADER_BYTES = 352;
const DATATYPE_AT = 70;
const TYPES: ReadonlyMap<number, { readonly type: VoxelType; readonly bytes: number }> = new Map([
  [2, { type: 'uint8', bytes: 1 }],
  [256, { type: 'int8', bytes: 1 }],
  [4, { type: 'int16', bytes: 2 }],
  [512, { type: 'uint16', bytes: 2 }],
  [16, { type: 'float32', bytes: 4 }]
]);

/**
 * Writes the samples of a volume, as they are stored on its canonical grid, to a file: little-endian, i fastest, a piece
 * at a time. Answers their type. Rejects with `StoreError` (`corrupt`), an `AbortError`, or what the disk says.
 */
export async function writeSamples(
  blobs: Pick<BlobStore, 'stream'>,
  { rendition, volume }: StoredVolume,
  path: string,
  signal: AbortSignal
): Promise<VoxelType> {
  const header: Buffer[] = [];
  for await (const piece of await blobs.stream(rendition, 0, HEADER_BYTES)) header.push(Buffer.from(piece));
  const found = TYPES.get(Buffer.concat(header).readInt16LE(DATATYPE_AT));
  const end = HEADER_BYTES + voxelCount(volume.grid.dims) * (found?.bytes ?? 0);
  if (found === undefined || end !== volume.bytes) {
    throw new StoreError('corrupt', 'The stored image of a volume is damaged. Restore the data folder from a backup.');
  }
  await pipeline(await blobs.stream(rendition, HEADER_BYTES, end), createWriteStream(path, { flags: 'wx' }), {
    signal
  });
  return found.type;
}
