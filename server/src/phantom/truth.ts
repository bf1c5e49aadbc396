import type { Nodule } from './lesions.js';
import type { PhantomGrid } from './phantomGrid.js';
import type { PhaseGeometry } from './phaseGeometry.js';
import type { Point } from './shapes.js';

/** Segment numbers of the phantom's label maps. */
export const LIVER = 1;
export const NODULE = 2;

/** A nodule on a grid: the share of each voxel that it fills, in the box of voxels that it touches. */
export interface NoduleMask {
  readonly id: number;
  /** First voxel of the box along i, j, k, inside the grid. */
  readonly origin: readonly [number, number, number];
  readonly dims: readonly [number, number, number];
  /** 0 to 1, i fastest. */
  readonly fraction: Float32Array;
}

/** Finest sample distance, mm, and how many samples a nodule's smallest radius must take. */
const FINEST_MM = 0.12;
const SAMPLES_PER_RADIUS = 9;

/**
 * Which share of each voxel a nodule fills in one phase, by counting samples on a grid that is as fine as the nodule is
 * small. Parts beyond the grid are left out.
 */
export function noduleMask(nodule: Nodule, geometry: PhaseGeometry, grid: PhantomGrid): NoduleMask {
  const { affine, dims } = grid;
  const spacing: Point = [affine[0], affine[5], affine[10]];
  const first: Point = [affine[3], affine[7], affine[11]];
  const centre = geometry.fromReference(nodule.shape.origin);
  const reach = nodule.shape.outerRadius * geometry.stretch ** 2 + 0.5;
  const low = (axis: 0 | 1 | 2): number =>
    clamp(Math.floor((centre[axis] - reach - first[axis]) / spacing[axis]), 0, dims[axis]);
  const high = (axis: 0 | 1 | 2): number =>
    clamp(Math.ceil((centre[axis] + reach - first[axis]) / spacing[axis]) + 1, 0, dims[axis]);
  const origin: [number, number, number] = [low(0), low(1), low(2)];
  const size: [number, number, number] = [
    Math.max(0, high(0) - origin[0]),
    Math.max(0, high(1) - origin[1]),
    Math.max(0, high(2) - origin[2])
  ];
  const step = Math.max(FINEST_MM, nodule.shape.innerRadius / SAMPLES_PER_RADIUS);
  const samples = spacing.map(mm => Math.max(2, Math.ceil(mm / step)));
  const [nx = 2, ny = 2, nz = 2] = samples;
  const fraction = new Float32Array(size[0] * size[1] * size[2]);
  const share = 1 / (nx * ny * nz);
  const farthest = nodule.shape.outerRadius + geometry.stretch * Math.hypot(...spacing);
  const at = new Float64Array(6);
  const sampleOf = (axis: 0 | 1 | 2, voxel: number, sample: number, count: number): number =>
    first[axis] + (voxel + (sample + 0.5) / count - 0.5) * spacing[axis];
  const isInside = (x: number, y: number, z: number): boolean => {
    geometry.locate(x, y, z, at);
    return nodule.shape.depth(at[0] ?? 0, at[1] ?? 0, at[2] ?? 0) <= 0;
  };
  let voxel = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, voxel++) {
        const [vi, vj, vk] = [origin[0] + i, origin[1] + j, origin[2] + k];
        geometry.locate(sampleOf(0, vi, 0, 1), sampleOf(1, vj, 0, 1), sampleOf(2, vk, 0, 1), at);
        const [ox, oy, oz] = nodule.shape.origin;
        if (Math.hypot((at[0] ?? 0) - ox, (at[1] ?? 0) - oy, (at[2] ?? 0) - oz) > farthest) continue;
        let inside = 0;
        for (let c = 0; c < nz; c++) {
          const z = sampleOf(2, vk, c, nz);
          for (let b = 0; b < ny; b++) {
            const y = sampleOf(1, vj, b, ny);
            for (let a = 0; a < nx; a++) if (isInside(sampleOf(0, vi, a, nx), y, z)) inside++;
          }
        }
        fraction[voxel] = inside * share;
      }
    }
  }
  return { id: nodule.id, origin, dims: size, fraction };
}

/** Calls `visit` with the index in the grid and the share of every voxel that the nodule touches. */
export function eachNoduleVoxel(
  { origin, dims, fraction }: NoduleMask,
  grid: PhantomGrid,
  visit: (voxel: number, share: number) => void
): void {
  let n = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      const row = grid.dims[0] * (origin[1] + j + grid.dims[1] * (origin[2] + k)) + origin[0];
      for (let i = 0; i < dims[0]; i++, n++) {
        const share = fraction[n] ?? 0;
        if (share > 0) visit(row + i, share);
      }
    }
  }
}

/** Volume that the mask accounts for, mm³. */
export function maskVolume({ fraction }: NoduleMask, grid: PhantomGrid): number {
  return fraction.reduce((sum, share) => sum + share, 0) * grid.affine[0] * grid.affine[5] * grid.affine[10];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
