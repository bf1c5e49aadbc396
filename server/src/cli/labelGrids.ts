import { columns, invert, length, origin, subtract, transformPoint, type Vector } from '@voxcord/schemas/geometry';
import { RefusedError } from './commandErrors.js';
import type { LabelFile } from './labelFiles.js';

/** Voxel sizes may differ by this share, directions by this much per unit, origins by this share of a voxel. */
const SPACING_TOLERANCE = 1e-3;
const DIRECTION_TOLERANCE = 1e-3;
const ORIGIN_TOLERANCE = 1e-2;

/** A closest-canonical grid. */
export type FileGrid = Pick<LabelFile, 'dims' | 'affine' | 'spacing'>;

/** What differs between the grids of two files, in words; empty if they are the same grid, however it is stored. */
export function gridDifferences(a: FileGrid, b: FileGrid): string[] {
  const differences: string[] = [];
  const tell = (what: string, of: (file: FileGrid) => readonly number[]): void => {
    const text = (numbers: readonly number[]): string => numbers.map(n => Number(n.toPrecision(7))).join(' x ');
    differences.push(`${what} (${text(of(a))}, ${text(of(b))})`);
  };
  if (a.dims.some((size, axis) => size !== b.dims[axis])) tell('dims', file => file.dims);
  if (a.spacing.some((size, axis) => Math.abs(size - (b.spacing[axis] ?? 0)) > SPACING_TOLERANCE * size)) {
    tell('spacing in mm', file => file.spacing);
  }
  if (directions(a).some((x, n) => Math.abs(x - (directions(b)[n] ?? 0)) > DIRECTION_TOLERANCE)) {
    tell('orientation', directions);
  }
  const apart = length(subtract(origin(a.affine), origin(b.affine)));
  if (apart > ORIGIN_TOLERANCE * Math.min(...a.spacing)) tell('origin in mm', file => origin(file.affine));
  return differences;
}

/** Throws `RefusedError` (`grid.differs`) unless all files are on the grid of the first. */
export function requireOneGrid(files: readonly LabelFile[]): void {
  const [first, ...others] = files;
  if (first === undefined) return;
  for (const file of others) {
    const differences = gridDifferences(first, file);
    if (differences.length === 0) continue;
    throw new RefusedError(
      'grid.differs',
      `${file.path} is on another grid than ${first.path}: they differ in ${differences.join(', ')}. Resample it, or ` +
        'ask for that with --resample (nearest neighbour onto the grid of the first file).'
    );
  }
}

/** The file's labels on the grid of another file, by nearest neighbour; 0 where the file has no voxel. */
export function resampledOnto(file: LabelFile, grid: LabelFile): LabelFile {
  const toFile = invert(file.affine);
  const at = (i: number, j: number, k: number): Vector =>
    transformPoint(toFile, transformPoint(grid.affine, [i, j, k]));
  const [x0, y0, z0] = at(0, 0, 0);
  const step = subtract(at(1, 0, 0), [x0, y0, z0]);
  const [ni, nj, nk] = grid.dims;
  const [mi, mj, mk] = file.dims;
  const labels = new Uint8Array(ni * nj * nk);
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const [x, y, z] = at(0, j, k);
      for (let i = 0; i < ni; i++, voxel++) {
        const a = Math.round(x + i * step[0]);
        const b = Math.round(y + i * step[1]);
        const c = Math.round(z + i * step[2]);
        if (a < 0 || b < 0 || c < 0 || a >= mi || b >= mj || c >= mk) continue;
        labels[voxel] = file.labels[a + mi * (b + mj * c)] ?? 0;
      }
    }
  }
  return { ...file, dims: grid.dims, affine: grid.affine, spacing: grid.spacing, labels, original: grid.original };
}

function directions({ affine }: FileGrid): number[] {
  return columns(affine).flatMap(column => column.map(x => x / length(column)));
}
