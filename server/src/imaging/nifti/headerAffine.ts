import {
  affineFromColumns,
  affineFromRows,
  GeometryError,
  orientationOf,
  scale,
  spacing,
  type Affine,
  type GridDims
} from '@voxcord/schemas/geometry';
import { ImagingError } from '../errors.js';
import type { HeaderFields } from './layout.js';
import { rotationOf } from './quaternion.js';

/** Millimetres per unit of length, by the lower three bits of xyzt_units; unknown units are taken for millimetres. */
const MILLIMETRES: ReadonlyMap<number, number> = new Map([
  [1, 1000],
  [2, 1],
  [3, 0.001]
]);

const SMALLEST_VOXEL = 1e-6;
const LARGEST_VOXEL = 1e5;

/**
 * Voxel to world, mm, RAS+: the sform if it is set, else the qform if it is set, else voxel sizes alone about the
 * middle of the image, with i towards the left as in Analyze files. As nibabel decides; but lengths in metres or
 * micrometres become millimetres. Throws `ImagingError` (`nifti.affine`).
 */
export function affineOf(fields: HeaderFields, dims: GridDims): Affine {
  const { layout } = fields;
  const rows =
    fields.code(layout.sformCode) !== 0
      ? sform(fields)
      : fields.code(layout.qformCode) !== 0
        ? qform(fields)
        : fromVoxelSizes(fields, dims);
  const factor = MILLIMETRES.get(fields.units() & 7) ?? 1;
  try {
    const affine = affineFromRows(rows.map(x => x * factor));
    orientationOf(affine);
    if (spacing(affine).every(size => size >= SMALLEST_VOXEL && size <= LARGEST_VOXEL)) return affine;
  } catch (error) {
    if (!(error instanceof GeometryError)) throw error;
    throw unusable(error);
  }
  throw unusable();
}

function unusable(cause?: Error): ImagingError {
  return new ImagingError(
    'nifti.affine',
    'The header does not say where the voxels are in space (its affine is not finite, flat, or of impossible voxel ' +
      'size). Correct its sform or qform, then import again.',
    { cause }
  );
}

function sform(fields: HeaderFields): number[] {
  return Array.from({ length: 12 }, (_, n) => fields.real(fields.layout.srow, n));
}

function qform(fields: HeaderFields): readonly number[] {
  const q = (n: number): number => fields.real(fields.layout.quaternion, n);
  let [b, c, d] = [q(0), q(1), q(2)];
  const rest = 1 - (b * b + c * c + d * d);
  // Stored as the last three numbers of a unit quaternion: rounding may leave a little less than nothing.
  const tolerance = 3 * (fields.layout.version === 1 ? 2 ** -23 : Number.EPSILON);
  let a = 0;
  if (rest > tolerance) {
    a = Math.sqrt(rest);
  } else if (rest < -tolerance) {
    throw unusable();
  }
  const norm = Math.hypot(a, b, c, d);
  [a, b, c, d] = [a / norm, b / norm, c / norm, d / norm];
  const [x, y, z] = voxelSizes(fields);
  const qfac = fields.real(fields.layout.pixdim) === -1 ? -1 : 1;
  const [i, j, k] = rotationOf(a, b, c, d);
  return affineFromColumns(scale(i, x), scale(j, y), scale(k, z * qfac), [q(3), q(4), q(5)]);
}

function fromVoxelSizes(fields: HeaderFields, dims: GridDims): readonly number[] {
  const [x, y, z] = voxelSizes(fields);
  return affineFromColumns(
    [-x, 0, 0],
    [0, y, 0],
    [0, 0, z],
    [((dims[0] - 1) / 2) * x, (-(dims[1] - 1) / 2) * y, (-(dims[2] - 1) / 2) * z]
  );
}

/** Voxel sizes; a negative one counts without its sign, a missing one as 1. */
function voxelSizes(fields: HeaderFields): readonly [number, number, number] {
  const size = (axis: number): number => {
    const value = Math.abs(fields.real(fields.layout.pixdim, axis));
    return value === 0 ? 1 : value;
  };
  return [size(1), size(2), size(3)];
}
