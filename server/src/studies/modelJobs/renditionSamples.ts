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

/** How the samples of a volume lie in the file of its rendition: as they are stored, on its canonical grid. */
export interface RenditionSamples {
  /** Where they begin, bytes. */
  readonly firstVoxel: number;
  readonly voxelType: VoxelType;
}

/** Looks into the header of a volume's rendition. Rejects with `StoreError` (`corrupt`). */
export async function samplesOf(
  blobs: Pick<BlobStore, 'stream'>,
  { rendition, volume }: StoredVolume
): Promise<RenditionSamples> {
  const header: Buffer[] = [];
  for await (const piece of await blobs.stream(rendition, 0, HEADER_BYTES)) header.push(Buffer.from(piece));
  const found = TYPES.get(Buffer.concat(header).readInt16LE(DATATYPE_AT));
  if (found !== undefined && HEADER_BYTES + voxelCount(volume.grid.dims) * found.bytes === volume.bytes) {
    return { firstVoxel: HEADER_BYTES, voxelType: found.type };
  }
  throw new StoreError('corrupt', 'The stored image of a volume is damaged. Restore the data folder from a backup.');
}
