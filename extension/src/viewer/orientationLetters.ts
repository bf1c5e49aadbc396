import { type Affine, orientationOf } from '@voxcord/schemas/geometry';
import type { Plane } from './contracts.js';
import { type Axis, PLANE_AXES } from './planes.js';

export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

const POSITIVE = ['R', 'A', 'S'] as const;
const NEGATIVE = ['L', 'P', 'I'] as const;

/**
 * Letter of the anatomical direction that a voxel axis mostly points to. World is RAS+: x grows towards
 * the patient's right, y towards anterior, z towards superior. On an oblique grid each letter still
 * belongs to one axis. Throws `GeometryError` for a grid that is flat in space.
 */
export function directionLetter(affine: Affine, axis: Axis, sign: 1 | -1): string {
  const heading = orientationOf(affine)[axis];
  return heading.sign * sign > 0 ? POSITIVE[heading.axis] : NEGATIVE[heading.axis];
}

/** Letters for the four edges of a pane. */
export function edgeLetters(affine: Affine, plane: Plane, mirrored: boolean): EdgeLetters {
  const { across, up } = PLANE_AXES[plane];
  return {
    right: directionLetter(affine, across, mirrored ? -1 : 1),
    left: directionLetter(affine, across, mirrored ? 1 : -1),
    top: directionLetter(affine, up, 1),
    bottom: directionLetter(affine, up, -1)
  };
}
