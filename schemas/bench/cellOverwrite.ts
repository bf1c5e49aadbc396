import { CELL_EDGE, type Dims, type PaintedRegion } from '@voxcord/schemas/labelmap';

/** A cell as one reader last sent it. */
type Cell = Uint8Array;

/**
 * The usual way to share a label map, as a baseline: each reader sends the 32³ cells that a stroke changed, whole, and
 * of concurrent versions of a cell the last one stays.
 */
export class CellOverwrite {
  private readonly cells = new Map<number, Cell>();
  private readonly counts: readonly [number, number, number];

  constructor(dims: Dims) {
    this.counts = [Math.ceil(dims[0] / CELL_EDGE), Math.ceil(dims[1] / CELL_EDGE), Math.ceil(dims[2] / CELL_EDGE)];
  }

  /** Strokes of readers who do not see each other's; each paints on its own copy of the cells, the later copy stays. */
  merge(strokes: readonly { readonly region: PaintedRegion; readonly segment: number }[]): void {
    const versions = strokes.map(({ region, segment }) => this.paint(region, segment));
    for (const version of versions) for (const [index, cell] of version) this.cells.set(index, cell);
  }

  label(i: number, j: number, k: number): number {
    return this.cells.get(this.cellIndex(i, j, k))?.[voxelIndex(i, j, k)] ?? 0;
  }

  private paint(region: PaintedRegion, segment: number): Map<number, Cell> {
    const version = new Map<number, Cell>();
    forEachVoxel(region, (i, j, k) => {
      const index = this.cellIndex(i, j, k);
      let cell = version.get(index);
      if (cell === undefined) {
        cell = this.cells.get(index)?.slice() ?? new Uint8Array(CELL_EDGE ** 3);
        version.set(index, cell);
      }
      cell[voxelIndex(i, j, k)] = segment;
    });
    return version;
  }

  private cellIndex(i: number, j: number, k: number): number {
    return ((k >> 5) * this.counts[1] + (j >> 5)) * this.counts[0] + (i >> 5);
  }
}

function voxelIndex(i: number, j: number, k: number): number {
  return ((k & 31) << 10) | ((j & 31) << 5) | (i & 31);
}

export function forEachVoxel(region: PaintedRegion, visit: (i: number, j: number, k: number) => void): void {
  const { min, max } = region.box;
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) if (region.mask[at++] !== 0) visit(i, j, k);
    }
  }
}
