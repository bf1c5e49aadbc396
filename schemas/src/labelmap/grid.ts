import { LabelMapError } from './errors.js';

/** Size of a closest-canonical RAS grid in voxels; i is fastest in memory: index = (k * nj + j) * ni + i. */
export type Dims = readonly [number, number, number];

/** Grid indices i, j, k. */
export type VoxelIndex = readonly [number, number, number];

/** Box of voxels in grid indices; both ends are inside. */
export interface VoxelBox {
  readonly min: VoxelIndex;
  readonly max: VoxelIndex;
}

/** Edge of the cells in which the fold engine lists strokes, in voxels. One row of a cell is one 32-bit word. */
export const CELL_EDGE = 32;

/** Edge of the bricks of a snapshot, in voxels. */
export const BRICK_EDGE = 64;

/** Longest edge of a grid, in voxels. */
export const MAX_EDGE = 65_535;

/** Most voxels of a grid: what one typed array and one 32-bit index can hold. */
export const MAX_VOXELS = 2 ** 31 - 1;

/** Throws `grid.dims` unless `dims` can be a grid. */
export function checkDims(dims: Dims): void {
  const edges = dims.every(edge => Number.isInteger(edge) && edge >= 1 && edge <= MAX_EDGE);
  if (!edges || voxelCount(dims) > MAX_VOXELS) {
    throw new LabelMapError(
      'grid.dims',
      `A grid needs three edges of 1 to ${MAX_EDGE} voxels; got ${dims.join(' x ')}.`
    );
  }
}

export function voxelCount(dims: Dims): number {
  return dims[0] * dims[1] * dims[2];
}

export function sameDims(a: Dims, b: Dims): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

/** How many cubes of the given edge cover the grid along i, j and k; cubes are numbered i fastest. */
export function tileCounts(dims: Dims, edge: number): [number, number, number] {
  return [Math.ceil(dims[0] / edge), Math.ceil(dims[1] / edge), Math.ceil(dims[2] / edge)];
}

export function boxSize(box: VoxelBox): [number, number, number] {
  return [box.max[0] - box.min[0] + 1, box.max[1] - box.min[1] + 1, box.max[2] - box.min[2] + 1];
}

export function boxVolume(box: VoxelBox): number {
  const [ni, nj, nk] = boxSize(box);
  return ni * nj * nk;
}

/** Whether `box` is a box of whole voxels inside the grid. */
export function isInside(box: VoxelBox, dims: Dims): boolean {
  for (const axis of [0, 1, 2] as const) {
    const low = box.min[axis];
    const high = box.max[axis];
    if (!Number.isInteger(low) || !Number.isInteger(high) || low < 0 || high < low || high >= dims[axis]) return false;
  }
  return true;
}

export function intersects(a: VoxelBox, b: VoxelBox): boolean {
  return (
    a.min[0] <= b.max[0] &&
    b.min[0] <= a.max[0] &&
    a.min[1] <= b.max[1] &&
    b.min[1] <= a.max[1] &&
    a.min[2] <= b.max[2] &&
    b.min[2] <= a.max[2]
  );
}

export function unionBox(a: VoxelBox, b: VoxelBox): VoxelBox {
  return {
    min: [Math.min(a.min[0], b.min[0]), Math.min(a.min[1], b.min[1]), Math.min(a.min[2], b.min[2])],
    max: [Math.max(a.max[0], b.max[0]), Math.max(a.max[1], b.max[1]), Math.max(a.max[2], b.max[2])]
  };
}

/** The voxels of a tile (see `tileCounts`), cut at the grid's border. */
export function tileBox(index: number, dims: Dims, edge: number): VoxelBox {
  const [ci, cj] = tileCounts(dims, edge);
  const i = (index % ci) * edge;
  const j = (Math.floor(index / ci) % cj) * edge;
  const k = Math.floor(index / (ci * cj)) * edge;
  return {
    min: [i, j, k],
    max: [Math.min(i + edge, dims[0]) - 1, Math.min(j + edge, dims[1]) - 1, Math.min(k + edge, dims[2]) - 1]
  };
}
