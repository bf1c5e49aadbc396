import { boxSize, type PaintedRegion, type VoxelBox } from '@voxcord/schemas/labelmap';

/** One byte per voxel, to be read box by box. */
export interface ReadableVoxels {
  read(box: VoxelBox): Uint8Array;
}

/** A stroke that remains to be painted. Segment 0 erases. */
export interface Repainting {
  readonly region: PaintedRegion;
  readonly segment: number;
}

/**
 * What must be painted so that the voxels of a dispute have the labels of a candidate: for each label one stroke over
 * those that have another now. Voxels outside the dispute stay as they are.
 */
export function repaintingsFor(
  dispute: PaintedRegion,
  candidate: ReadableVoxels,
  now: ReadableVoxels,
  /** Segments that the candidate had to read; null: all. What has another label stays as it is. */
  readSegments: readonly number[] | null = null
): Repainting[] {
  const { box, mask } = dispute;
  const wanted = candidate.read(box);
  const present = now.read(box);
  const masks = new Map<number, Uint8Array>();
  const [ni, nj, nk] = boxSize(box);
  const hasRead = (label: number): boolean => label === 0 || readSegments === null || readSegments.includes(label);
  for (let at = 0; at < ni * nj * nk; at++) {
    const label = wanted[at] ?? 0;
    if (mask[at] === 0 || label === present[at] || !hasRead(present[at] ?? 0)) continue;
    const painted = masks.get(label) ?? new Uint8Array(mask.length);
    painted[at] = 1;
    masks.set(label, painted);
  }
  return [...masks]
    .sort(([a], [b]) => a - b)
    .map(([segment, painted]) => ({ segment, region: { box, mask: painted } }));
}

/** A whole bitmap (i fastest), read box by box. */
export function readableBitmap(bitmap: Uint8Array, dims: readonly [number, number, number]): ReadableVoxels {
  return {
    read: ({ min, max }) => {
      const width = max[0] - min[0] + 1;
      const values = new Uint8Array(width * (max[1] - min[1] + 1) * (max[2] - min[2] + 1));
      let to = 0;
      for (let k = min[2]; k <= max[2]; k++) {
        for (let j = min[1]; j <= max[1]; j++, to += width) {
          const from = (k * dims[1] + j) * dims[0] + min[0];
          values.set(bitmap.subarray(from, from + width), to);
        }
      }
      return values;
    }
  };
}
