import { unionBox, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/**
 * The boxes of the marked voxels of each segment, exact while voxels come and go: for each slice along each axis it
 * counts how many of its voxels are marked.
 */
export class LiveExtents {
  /** Slices along i, then along j, then along k, per segment. */
  private readonly slices = new Map<number, Int32Array>();

  constructor(
    private readonly dims: Dims,
    segments: readonly number[]
  ) {
    for (const segment of segments) this.slices.set(segment, new Int32Array(dims[0] + dims[1] + dims[2]));
  }

  add(segment: number, voxel: number): void {
    this.count(segment, voxel, 1);
  }

  remove(segment: number, voxel: number): void {
    this.count(segment, voxel, -1);
  }

  /** Adds every voxel of a box, for the segments that its pattern has. */
  addAll(index: Uint16Array | Uint32Array, box: VoxelBox, segmentsOf: (pattern: number) => readonly number[]): void {
    const [ni, nj] = this.dims;
    const byPattern = new Map<number, readonly (Int32Array | undefined)[]>();
    for (let k = box.min[2]; k <= box.max[2]; k++) {
      for (let j = box.min[1]; j <= box.max[1]; j++) {
        for (let i = box.min[0]; i <= box.max[0]; i++) {
          const pattern = index[i + ni * (j + nj * k)] ?? 0;
          if (pattern === 0) continue;
          let lists = byPattern.get(pattern);
          if (lists === undefined) {
            lists = segmentsOf(pattern).map(segment => this.slices.get(segment));
            byPattern.set(pattern, lists);
          }
          for (const slices of lists) if (slices !== undefined) this.countAt(slices, i, j, k, 1);
        }
      }
    }
  }

  /** The box of the marked voxels of these segments; null if there are none. */
  box(segments: readonly number[]): VoxelBox | null {
    let result: VoxelBox | null = null;
    for (const segment of segments) {
      const box = this.boxOf(segment);
      if (box !== null) result = result === null ? box : unionBox(result, box);
    }
    return result;
  }

  private boxOf(segment: number): VoxelBox | null {
    const slices = this.slices.get(segment);
    if (slices === undefined) return null;
    const [ni, nj, nk] = this.dims;
    const [i, j, k] = [ends(slices, 0, ni), ends(slices, ni, nj), ends(slices, ni + nj, nk)];
    if (i === null || j === null || k === null) return null;
    return { min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] };
  }

  private count(segment: number, voxel: number, by: 1 | -1): void {
    const slices = this.slices.get(segment);
    if (slices === undefined) return;
    const [ni, nj] = this.dims;
    const row = Math.floor(voxel / ni);
    this.countAt(slices, voxel % ni, row % nj, Math.floor(row / nj), by);
  }

  private countAt(slices: Int32Array, i: number, j: number, k: number, by: 1 | -1): void {
    const [ni, nj] = this.dims;
    slices[i] = (slices[i] ?? 0) + by;
    slices[ni + j] = (slices[ni + j] ?? 0) + by;
    slices[ni + nj + k] = (slices[ni + nj + k] ?? 0) + by;
  }
}

/** First and last slice of one axis that has voxels. */
function ends(slices: Int32Array, start: number, length: number): [number, number] | null {
  let first = 0;
  while (first < length && (slices[start + first] ?? 0) === 0) first++;
  if (first === length) return null;
  let last = length - 1;
  while ((slices[start + last] ?? 0) === 0) last--;
  return [first, last];
}
