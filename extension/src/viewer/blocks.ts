import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';

/** Voxels along an edge of a block. The shader of the 3D picture steps over blocks with nothing in them. */
export const BLOCK = 8;

export function blockDims(dims: Dims): Dims {
  return [Math.ceil(dims[0] / BLOCK), Math.ceil(dims[1] / BLOCK), Math.ceil(dims[2] / BLOCK)];
}

/**
 * The highest value in each block of a volume of half floats and in the voxels that touch it (between two
 * voxels an image is interpolated). Slices come in order, as many at a time as one likes.
 */
export class BlockMaxima {
  readonly dims: Dims;

  constructor(private readonly voxels: Dims) {
    this.dims = blockDims(voxels);
    this._highest = new Uint16Array(this.dims[0] * this.dims[1] * this.dims[2]);
    this._row = new Uint16Array(this.dims[0]);
  }

  /** Bits of half floats of whole slices from slice `first` on. */
  add(first: number, halves: Uint16Array): void {
    const [nx, ny] = this.voxels;
    const [bx, by, bz] = this.dims;
    for (let row = 0; row * nx < halves.length; row++) {
      this._reduce(halves, row * nx);
      const j = row % ny;
      const k = first + (row - j) / ny;
      for (let bk = blockBefore(k); bk <= blockAfter(k, bz); bk++) {
        for (let bj = blockBefore(j); bj <= blockAfter(j, by); bj++) this._raise((bk * by + bj) * bx);
      }
    }
  }

  /** Bits of half floats, i fastest. */
  halves(): Uint16Array {
    return this._highest.map(key => bitsOf(key));
  }

  /** The smallest box of voxels that holds every block with something above `half` (bits); null: there is none. */
  boxAbove(half: number): VoxelBox | null {
    const [bx, by] = this.dims;
    const key = keyOf(half);
    const min: [number, number, number] = [Infinity, Infinity, Infinity];
    const max: [number, number, number] = [-1, -1, -1];
    this._highest.forEach((highest, index) => {
      if (highest <= key) return;
      const row = Math.floor(index / bx);
      const place = [index % bx, row % by, Math.floor(row / by)] as const;
      for (const axis of [0, 1, 2] as const) {
        min[axis] = Math.min(min[axis], place[axis] * BLOCK);
        max[axis] = Math.max(max[axis], Math.min(this.voxels[axis], (place[axis] + 1) * BLOCK) - 1);
      }
    });
    return max[0] < 0 ? null : { min, max };
  }

  private _reduce(halves: Uint16Array, start: number): void {
    const row = this._row.fill(0);
    const nx = this.voxels[0];
    for (let block = 0; block < row.length; block++) {
      const from = Math.max(0, block * BLOCK - 1);
      const to = Math.min(nx - 1, (block + 1) * BLOCK);
      let highest = 0;
      for (let i = from; i <= to; i++) {
        const bits = halves[start + i] ?? 0;
        const key = (bits & 0x8000) === 0 ? bits | 0x8000 : ~bits & 0xffff;
        if (key > highest) highest = key;
      }
      row[block] = highest;
    }
  }

  private _raise(start: number): void {
    const row = this._row;
    for (let block = 0; block < row.length; block++) {
      const highest = row[block] ?? 0;
      if (highest > (this._highest[start + block] ?? 0)) this._highest[start + block] = highest;
    }
  }

  private readonly _highest: Uint16Array;
  private readonly _row: Uint16Array;
}

/** Half floats as whole numbers in the same order. */
function keyOf(bits: number): number {
  return (bits & 0x8000) === 0 ? bits | 0x8000 : ~bits & 0xffff;
}

function bitsOf(key: number): number {
  return (key & 0x8000) === 0 ? ~key & 0xffff : key & 0x7fff;
}

function blockBefore(voxel: number): number {
  return Math.max(0, Math.floor((voxel - 1) / BLOCK));
}

function blockAfter(voxel: number, count: number): number {
  return Math.min(count - 1, Math.floor((voxel + 1) / BLOCK));
}

/** Writes 255 for each block of a label map in which something is painted, 0 for the others; blocks that a box touches. */
export function markPainted(bitmap: Uint8Array, dims: Dims, { min, max }: VoxelBox, painted: Uint8Array): void {
  const [nx, ny, nz] = dims;
  const [bx, by] = blockDims(dims);
  const block = (voxel: number): number => Math.floor(voxel / BLOCK);
  for (let bk = block(min[2]); bk <= block(max[2]); bk++) {
    for (let bj = block(min[1]); bj <= block(max[1]); bj++) {
      for (let bi = block(min[0]); bi <= block(max[0]); bi++) {
        const [i0, i1] = [bi * BLOCK, Math.min(nx, (bi + 1) * BLOCK)];
        let any = 0;
        for (let k = bk * BLOCK; any === 0 && k < Math.min(nz, (bk + 1) * BLOCK); k++) {
          for (let j = bj * BLOCK; any === 0 && j < Math.min(ny, (bj + 1) * BLOCK); j++) {
            const row = (k * ny + j) * nx;
            for (let at = row + i0; at < row + i1; at++) any |= bitmap[at] ?? 0;
          }
        }
        painted[(bk * by + bj) * bx + bi] = any === 0 ? 0 : 255;
      }
    }
  }
}
