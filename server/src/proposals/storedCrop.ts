import type { VoxelType } from '@voxcord/schemas/api';
import { boxSize, voxelCount, type VoxelBox } from '@voxcord/schemas/labelmap';
import { bytesPerVoxel } from '../imaging/nifti/datatypes.js';
import { HEADER_BYTES, readHeader } from '../imaging/nifti/header.js';
import { DEFAULT_LIMITS } from '../imaging/index.js';
import { asNumbers, viewVoxels } from '../imaging/voxels.js';
import type { StoredVolume } from '../projects/records.js';
import type { BlobStore } from '../store/store.js';

/** Part of a stored volume, as it is stored. */
export interface StoredCrop {
  readonly box: VoxelBox;
  readonly voxelType: VoxelType;
  /** Value = stored * slope + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** Little-endian, i fastest. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads no more than the rows that the box touches, slice after slice. Rejects with `StoreError`. */
export async function readStoredCrop(
  blobs: Pick<BlobStore, 'stream'>,
  { rendition, volume }: StoredVolume,
  box: VoxelBox
): Promise<StoredCrop> {
  const start = Buffer.alloc(Math.min(HEADER_BYTES, volume.bytes));
  await fill(start, await blobs.stream(rendition, 0, start.length));
  const header = readHeader(start, { ...DEFAULT_LIMITS, volumeBytes: Infinity });
  const { voxelType, slope, intercept, dims } = header;
  const width = bytesPerVoxel(voxelType);
  const [ni, nj] = boxSize(box);
  const bytes = new Uint8Array(voxelCount(boxSize(box)) * width);
  // From the first to the last voxel of a slice, and what lies beside the box between them.
  const wanted = (nj - 1) * dims[0] + ni;
  const rows = Buffer.alloc(wanted * width);
  for (let k = box.min[2], target = 0; k <= box.max[2]; k++) {
    const first = header.voxOffset + width * (box.min[0] + dims[0] * (box.min[1] + dims[1] * k));
    await fill(rows, await blobs.stream(rendition, first, first + rows.length));
    for (let j = 0; j < nj; j++, target += ni * width) {
      const from = j * dims[0] * width;
      bytes.set(rows.subarray(from, from + ni * width), target);
    }
  }
  return { box, voxelType, slope, intercept, bytes };
}

async function fill(target: Buffer, stream: NodeJS.ReadableStream): Promise<void> {
  let at = 0;
  for await (const piece of stream) at += Buffer.from(piece).copy(target, at);
}

/** The values of a crop; where an image holds no number, its lowest value stands. */
export function valuesOf({ bytes, voxelType, slope, intercept }: StoredCrop): Float32Array {
  // Bytes that came from another process begin anywhere in their buffer.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const stored = asNumbers(viewVoxels(aligned, voxelType));
  const values = new Float32Array(stored.length);
  let lowest = Infinity;
  let isWhole = true;
  for (let n = 0; n < values.length; n++) {
    const value = (stored[n] ?? 0) * slope + intercept;
    values[n] = value;
    if (!Number.isFinite(value)) isWhole = false;
    else if (value < lowest) lowest = value;
  }
  if (isWhole) return values;
  const instead = lowest === Infinity ? 0 : lowest;
  return values.map(value => (Number.isFinite(value) ? value : instead));
}
