import {
  BRICK_EDGE,
  type Dims,
  type VoxelBox,
  boxSize,
  boxVolume,
  tileBox,
  tileCounts
} from '@voxcord/schemas/labelmap';
import type { Plane, SliceSource, SliceValues } from '../viewer/index.js';
import { sliceBox } from '../viewer/fixedVoxels.js';
import { PLANE_AXES } from '../viewer/planes.js';

/** A part of the grid with its values, i fastest. */
interface Part {
  readonly box: VoxelBox;
  readonly values: Uint8Array;
}

/** One byte per voxel of something that changes while one looks. Only bricks that hold something take memory. */
export class LiveVoxels implements SliceSource {
  private readonly bricks = new Map<number, Part>();
  private readonly counts: readonly [number, number, number];

  constructor(readonly dims: Dims) {
    this.counts = tileCounts(dims, BRICK_EDGE);
  }

  write(part: Part): void {
    const isZero = !part.values.some(value => value !== 0);
    for (const index of this.bricksIn(part.box)) {
      let brick = this.bricks.get(index);
      if (brick === undefined) {
        if (isZero) continue;
        const box = tileBox(index, this.dims, BRICK_EDGE);
        brick = { box, values: new Uint8Array(boxVolume(box)) };
        this.bricks.set(index, brick);
      }
      copyRows(part, brick);
    }
  }

  /** The values in `box`, i fastest. */
  read(box: VoxelBox): Uint8Array {
    const target = { box, values: new Uint8Array(boxVolume(box)) };
    for (const index of this.bricksIn(box)) {
      const brick = this.bricks.get(index);
      if (brick !== undefined) copyRows(brick, target);
    }
    return target.values;
  }

  slice(plane: Plane, index: number): SliceValues | null {
    const { across, up, normal } = PLANE_AXES[plane];
    const box = sliceBox(this.dims, normal, index);
    if (![...this.bricksIn(box)].some(brick => this.bricks.has(brick))) return null;
    // One voxel thick: i fastest is `across` fastest in every plane.
    return { width: this.dims[across], height: this.dims[up], values: this.read(box) };
  }

  private *bricksIn({ min, max }: VoxelBox): Generator<number> {
    const tile = (n: number): number => Math.floor(n / BRICK_EDGE);
    for (let k = tile(min[2]); k <= tile(max[2]); k++) {
      for (let j = tile(min[1]); j <= tile(max[1]); j++) {
        for (let i = tile(min[0]); i <= tile(max[0]); i++) yield (k * this.counts[1] + j) * this.counts[0] + i;
      }
    }
  }
}

/** Copies what both boxes have in common; they must have something. */
function copyRows(from: Part, to: Part): void {
  const [fi, fj] = boxSize(from.box);
  const [ti, tj] = boxSize(to.box);
  const first = Math.max(from.box.min[0], to.box.min[0]);
  const length = Math.min(from.box.max[0], to.box.max[0]) - first + 1;
  for (let k = Math.max(from.box.min[2], to.box.min[2]); k <= Math.min(from.box.max[2], to.box.max[2]); k++) {
    for (let j = Math.max(from.box.min[1], to.box.min[1]); j <= Math.min(from.box.max[1], to.box.max[1]); j++) {
      const source = ((k - from.box.min[2]) * fj + (j - from.box.min[1])) * fi + (first - from.box.min[0]);
      const target = ((k - to.box.min[2]) * tj + (j - to.box.min[1])) * ti + (first - to.box.min[0]);
      to.values.set(from.values.subarray(source, source + length), target);
    }
  }
}
