import type { Volume } from '@voxcord/schemas/api';
import type { Plane } from '../../extension/lib/viewer/contracts.js';

export type World = readonly [number, number, number];

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A pane as it stands on the screen. */
export interface Pane {
  readonly rectangle: Rectangle;
  readonly zoom: number;
  /** Where its middle lies, in mm (across, up) off the middle of the grid. */
  readonly pan: readonly [number, number];
}

/** Axes of the RAS grid that a plane shows: to the right and upwards. */
const AXES: Readonly<Record<Plane, readonly [0 | 1 | 2, 0 | 1 | 2]>> = {
  axial: [0, 1],
  coronal: [0, 2],
  sagittal: [1, 2]
};

/**
 * Where a world position (mm, RAS+) is drawn, in CSS pixels of the page, by the radiological convention: the slice fits
 * its pane, right and anterior are on the left. Computed here once more, so that the viewer's own geometry is checked
 * and not only repeated.
 */
export function screenPlace(world: World, plane: Plane, pane: Pane, volume: Volume): { x: number; y: number } {
  const { dims, affine } = volume.grid;
  const voxel = toVoxel(affine, world);
  const { x, y, width, height } = pane.rectangle;
  const [across, up] = AXES[plane];
  const spacing = volume.spacing;
  const fitted = Math.min(width / (dims[across] * spacing[across]), height / (dims[up] * spacing[up]));
  const scale = fitted * pane.zoom;
  const offset = (axis: 0 | 1 | 2): number => (voxel[axis] - (dims[axis] - 1) / 2) * spacing[axis];
  return {
    x: x + width / 2 - (offset(across) - pane.pan[0]) * scale,
    y: y + height / 2 - (offset(up) - pane.pan[1]) * scale
  };
}

/** Solves A · voxel = world by Cramer's rule; `rows` are the upper three of A, row-major. */
function toVoxel(rows: readonly number[], world: World): World {
  const at = (row: number, column: number): number => rows[4 * row + column] ?? NaN;
  const column = (n: number): World => [at(0, n), at(1, n), at(2, n)];
  const shifted: World = [world[0] - at(0, 3), world[1] - at(1, 3), world[2] - at(2, 3)];
  const [a, b, c] = [column(0), column(1), column(2)];
  const whole = determinant(a, b, c);
  return [determinant(shifted, b, c) / whole, determinant(a, shifted, c) / whole, determinant(a, b, shifted) / whole];
}

function determinant(a: World, b: World, c: World): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1]);
}
