import type { Volume } from '@voxcord/schemas/api';
import type { ViewerVolume } from '../../../src/viewer/index.js';

export interface SyntheticShape {
  readonly dims: [number, number, number];
  readonly spacing: [number, number, number];
  /** Degrees about z, then about x. */
  readonly turn: readonly [number, number];
  readonly origin: readonly [number, number, number];
  /** HU at a voxel. */
  value(i: number, j: number, k: number): number;
}

/** Oblique and anisotropic, as acquired head scans are. */
export const OBLIQUE: SyntheticShape = {
  dims: [61, 47, 23],
  spacing: [0.8, 1.1, 3],
  turn: [12, -9],
  origin: [-31, 17, -42],
  value: (i, j, k) => bodyValue((i - 30) / 26, (j - 23) / 20, (k - 11) / 10)
};

/**
 * A body with bone around it; in it a bright ball on the patient's right, in front and above, and a dark
 * one on the left, behind and below.
 */
export function bodyValue(x: number, y: number, z: number): number {
  const radius = Math.hypot(x, y, z * 0.8);
  if (radius > 1) return -1000;
  if (radius > 0.9) return 700;
  if (Math.hypot(x - 0.45, y - 0.35, z - 0.35) < 0.2) return 200;
  if (Math.hypot(x + 0.45, y + 0.35, z + 0.35) < 0.2) return -80;
  return 40 + Math.round(30 * Math.sin(9 * x) * Math.cos(7 * y) + 10 * Math.sin(5 * z));
}

export function affineOf({ spacing, turn, origin }: SyntheticShape): number[] {
  const [a, b] = turn.map(degrees => (degrees * Math.PI) / 180) as [number, number];
  const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
  const rotation = [
    [ca, -sa * cb, sa * sb],
    [sa, ca * cb, -ca * sb],
    [0, sb, cb]
  ];
  return rotation.flatMap((row, index) => [
    ...row.map((value, axis) => value * (spacing[axis] ?? 1)),
    origin[index] ?? 0
  ]);
}

/** An int16 NIfTI-1 file of a shape. */
export function niftiOf(shape: SyntheticShape): ArrayBuffer {
  const [nx, ny, nz] = shape.dims;
  const buffer = new ArrayBuffer(352 + 2 * nx * ny * nz);
  const view = new DataView(buffer);
  view.setInt32(0, 348, true);
  [3, nx, ny, nz, 1, 1, 1, 1].forEach((count, index) => view.setInt16(40 + 2 * index, count, true));
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  [1, ...shape.spacing].forEach((size, index) => view.setFloat32(76 + 4 * index, size, true));
  view.setFloat32(108, 352, true);
  view.setFloat32(112, 1, true);
  view.setInt16(254, 1, true);
  affineOf(shape).forEach((value, index) => view.setFloat32(280 + 4 * index, value, true));
  [0x6e, 0x2b, 0x31, 0].forEach((byte, index) => view.setUint8(344 + index, byte));
  const voxels = new Int16Array(buffer, 352);
  let at = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) voxels[at++] = shape.value(i, j, k);
  return buffer;
}

export function volumeOf(shape: SyntheticShape): Volume {
  const grid = { dims: shape.dims, affine: affineOf(shape) };
  return {
    hash: '0'.repeat(64),
    name: 'synthetic.nii',
    modality: 'CT',
    voxelType: 'int16',
    slope: 1,
    intercept: 0,
    grid,
    fileGrid: grid,
    spacing: shape.spacing,
    frame: 0,
    frames: 1,
    range: [-1000, 700],
    robustRange: [-1000, 700],
    unit: 'HU',
    bytes: 352 + 2 * shape.dims[0] * shape.dims[1] * shape.dims[2],
    importedAt: '2026-01-01T00:00:00Z'
  };
}

export function viewerVolumeOf(shape: SyntheticShape): ViewerVolume {
  return { volume: volumeOf(shape), load: () => Promise.resolve(niftiOf(shape)) };
}
