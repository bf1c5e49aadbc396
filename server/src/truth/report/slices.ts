import type { Dims } from '@voxcord/schemas/labelmap';

export type Plane = 'axial' | 'coronal' | 'sagittal';

/** Axes (0 i, 1 j, 2 k) across a slice, down it, and through it. */
const AXES: Readonly<Record<Plane, readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2]>> = {
  axial: [0, 1, 2],
  coronal: [0, 2, 1],
  sagittal: [1, 2, 0]
};

/** Ground that is shown around what is labelled, and the least extent of a picture, mm. */
const MARGIN = 15;
const LEAST = 60;

export interface Slice {
  readonly width: number;
  readonly height: number;
  at(column: number, row: number): number;
}

/** Part of a slice, in voxels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Size of a voxel across and down. */
  readonly millimetres: readonly [number, number];
}

/** One slice of a volume (i fastest), without copying. */
export function cutSlice(values: ArrayLike<number>, dims: Dims, plane: Plane, slice: number): Slice {
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  const [across, down, through] = AXES[plane];
  const start = slice * strides[through];
  return {
    width: dims[across],
    height: dims[down],
    at: (column, row) => values[start + column * strides[across] + row * strides[down]] ?? 0
  };
}

/** The slice with the most labelled voxels; the first one of them. */
export function fullestSlice(labels: Uint8Array, dims: Dims, plane: Plane): number {
  const through = AXES[plane][2];
  const counts = new Float64Array(dims[through]);
  let at = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        if (labels[at++] === 0) continue;
        const slice = through === 0 ? i : through === 1 ? j : k;
        counts[slice] = (counts[slice] ?? 0) + 1;
      }
    }
  }
  return counts.indexOf(Math.max(...counts));
}

/** What is labelled in a slice of any of the maps, with some ground around it, cut at the image's border. */
export function labelledArea(
  maps: readonly Uint8Array[],
  dims: Dims,
  plane: Plane,
  slice: number,
  spacing: readonly [number, number, number]
): Area {
  const [across, down] = AXES[plane];
  const columns = new Extent();
  const rows = new Extent();
  for (const map of maps) {
    const cut = cutSlice(map, dims, plane, slice);
    for (let row = 0; row < cut.height; row++) {
      for (let column = 0; column < cut.width; column++) {
        if (cut.at(column, row) === 0) continue;
        columns.add(column);
        rows.add(row);
      }
    }
  }
  const [left, width] = columns.widened(dims[across], spacing[across]);
  const [top, height] = rows.widened(dims[down], spacing[down]);
  return { left, top, width, height, millimetres: [spacing[across], spacing[down]] };
}

class Extent {
  #low = Infinity;
  #high = -Infinity;

  add(value: number): void {
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  /** First voxel and number of voxels, of `size` that there are. */
  widened(size: number, millimetres: number): [number, number] {
    const extent = (this.#high - this.#low + 1) * millimetres;
    const margin = Math.ceil(Math.max(MARGIN, (LEAST - extent) / 2) / millimetres);
    const low = Math.max(0, this.#low - margin);
    const high = Math.min(size - 1, this.#high + margin);
    return [low, high - low + 1];
  }
}
