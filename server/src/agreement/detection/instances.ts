import type { Vector } from '@voxcord/schemas/geometry';
import type { GridGeometry } from '../surfaces/mask.js';

/** Lesions of one reader: 0 is none, 1 to `count` are lesions. One number per voxel, i fastest. */
export interface Instances {
  readonly labels: Int32Array;
  readonly count: number;
}

/** What matching rules look at: of lesions of a reference (rows) and of a reader that is measured by it (columns). */
export interface InstancePairs {
  readonly reference: readonly InstanceShape[];
  readonly measured: readonly InstanceShape[];
  /** Voxels in both, `[reference][measured]`. */
  readonly common: readonly Float64Array[];
}

export interface InstanceShape {
  readonly voxels: number;
  /** mm along i, j and k from the first voxel. */
  readonly centre: Vector;
  /** Which lesion of the other reader the voxel nearest to the centre belongs to; 0 if none. */
  readonly centreIn: number;
}

/** Compares two readers' lesions in one pass. */
export function pairInstances(reference: Instances, measured: Instances, geometry: GridGeometry): InstancePairs {
  const common = Array.from({ length: reference.count }, () => new Float64Array(measured.count));
  for (let index = 0; index < reference.labels.length; index++) {
    const one = reference.labels[index] ?? 0;
    const other = measured.labels[index] ?? 0;
    if (one === 0 || other === 0) continue;
    const row = common[one - 1];
    if (row !== undefined) row[other - 1] = (row[other - 1] ?? 0) + 1;
  }
  return {
    reference: shapesOf(reference, measured, geometry),
    measured: shapesOf(measured, reference, geometry),
    common
  };
}

function shapesOf(instances: Instances, other: Instances, { dims, spacing }: GridGeometry): InstanceShape[] {
  const sums = Array.from({ length: instances.count }, () => new Float64Array(4));
  const [ni, nj, nk] = dims;
  for (let k = 0, index = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, index++) {
        const sum = sums[(instances.labels[index] ?? 0) - 1];
        if (sum === undefined) continue;
        sum[0] = (sum[0] ?? 0) + 1;
        sum[1] = (sum[1] ?? 0) + i;
        sum[2] = (sum[2] ?? 0) + j;
        sum[3] = (sum[3] ?? 0) + k;
      }
    }
  }
  return sums.map(([voxels = 0, si = 0, sj = 0, sk = 0]) => {
    const [ci, cj, ck] = [si / voxels, sj / voxels, sk / voxels];
    const nearest = (Math.round(ck) * nj + Math.round(cj)) * ni + Math.round(ci);
    return {
      voxels,
      centre: [ci * spacing[0], cj * spacing[1], ck * spacing[2]],
      centreIn: other.labels[nearest] ?? 0
    };
  });
}
