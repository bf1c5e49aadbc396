import {
  BRICK_EDGE,
  boxSize,
  boxVolume,
  decodeBrick,
  type Dims,
  type VoxelBox,
  tileBox,
  tileCounts
} from '@voxcord/schemas/labelmap';
import type { Plane } from './contracts.js';
import type { SliceSource, SliceValues } from './overlays.js';
import { PLANE_AXES } from './planes.js';

/** A brick that was looked at: decoded, with the box it covers. */
interface Decoded {
  readonly box: VoxelBox;
  readonly values: Uint8Array;
}

/** Decoded bricks that are kept, a quarter of a megabyte each. */
const KEPT = 96;

/**
 * One byte per voxel of something that never changes: a revision, a consensus, a map of disagreement. It is kept as
 * bricks and decoded where one looks, so that several of them at once cost little memory.
 */
export class FixedVoxels implements SliceSource {
  private readonly decoded = new Map<number, Decoded>();
  private readonly counts: readonly [number, number, number];

  /** `bricks`: as `decodeBrick` reads them, by index; those that hold nothing but zeros are left out. */
  constructor(
    readonly dims: Dims,
    private readonly bricks: ReadonlyMap<number, Uint8Array>
  ) {
    this.counts = tileCounts(dims, BRICK_EDGE);
  }

  /** Boxes of the bricks that hold something. */
  get boxes(): VoxelBox[] {
    return [...this.bricks.keys()].map(index => tileBox(index, this.dims, BRICK_EDGE));
  }

  at(i: number, j: number, k: number): number {
    const [ni, nj, nk] = this.dims;
    if (i < 0 || j < 0 || k < 0 || i >= ni || j >= nj || k >= nk) return 0;
    const tile = (n: number): number => Math.floor(n / BRICK_EDGE);
    const brick = this.brick((tile(k) * this.counts[1] + tile(j)) * this.counts[0] + tile(i));
    if (brick === null) return 0;
    const { min } = brick.box;
    const [si, sj] = boxSize(brick.box);
    return brick.values[((k - min[2]) * sj + (j - min[1])) * si + (i - min[0])] ?? 0;
  }

  /** The values in `box`, i fastest. */
  read(box: VoxelBox): Uint8Array {
    const [ni, nj, nk] = boxSize(box);
    const values = new Uint8Array(ni * nj * nk);
    for (const index of this.bricksIn(box)) {
      const brick = this.brick(index);
      if (brick === null) continue;
      const [si, sj] = boxSize(brick.box);
      const from = Math.max(box.min[0], brick.box.min[0]);
      const to = Math.min(box.max[0], brick.box.max[0]);
      for (let k = Math.max(box.min[2], brick.box.min[2]); k <= Math.min(box.max[2], brick.box.max[2]); k++) {
        for (let j = Math.max(box.min[1], brick.box.min[1]); j <= Math.min(box.max[1], brick.box.max[1]); j++) {
          const row = ((k - brick.box.min[2]) * sj + (j - brick.box.min[1])) * si - brick.box.min[0];
          const target = ((k - box.min[2]) * nj + (j - box.min[1])) * ni + (from - box.min[0]);
          values.set(brick.values.subarray(row + from, row + to + 1), target);
        }
      }
    }
    return values;
  }

  slice(plane: Plane, index: number): SliceValues | null {
    const { across, up, normal } = PLANE_AXES[plane];
    const width = this.dims[across];
    const height = this.dims[up];
    const box = sliceBox(this.dims, normal, index);
    if (![...this.bricksIn(box)].some(brick => this.bricks.has(brick))) return null;
    // One voxel thick: i fastest is `across` fastest in every plane.
    return { width, height, values: this.read(box) };
  }

  private *bricksIn({ min, max }: VoxelBox): Generator<number> {
    const tile = (n: number): number => Math.floor(n / BRICK_EDGE);
    for (let k = tile(min[2]); k <= tile(max[2]); k++) {
      for (let j = tile(min[1]); j <= tile(max[1]); j++) {
        for (let i = tile(min[0]); i <= tile(max[0]); i++) yield (k * this.counts[1] + j) * this.counts[0] + i;
      }
    }
  }

  private brick(index: number): Decoded | null {
    const known = this.decoded.get(index);
    if (known !== undefined) return known;
    const bytes = this.bricks.get(index);
    if (bytes === undefined) return null;
    const box = tileBox(index, this.dims, BRICK_EDGE);
    const values = new Uint8Array(boxVolume(box));
    decodeBrick(bytes, 0, boxSize(box), values);
    if (this.decoded.size >= KEPT) {
      const oldest = this.decoded.keys().next();
      if (oldest.done !== true) this.decoded.delete(oldest.value);
    }
    const decoded = { box, values };
    this.decoded.set(index, decoded);
    return decoded;
  }
}

/** One slice of a grid, as a box. */
export function sliceBox(dims: Dims, normal: 0 | 1 | 2, index: number): VoxelBox {
  const ends = (axis: 0 | 1 | 2): [number, number] => (axis === normal ? [index, index] : [0, dims[axis] - 1]);
  const [i, j, k] = [ends(0), ends(1), ends(2)];
  return { min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] };
}
