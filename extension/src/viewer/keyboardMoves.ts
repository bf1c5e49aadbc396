import type { Plane, Vector } from './contracts.js';
import { PLANE_AXES, withComponent } from './planes.js';

/**
 * Arrows move the crosshair by one voxel as seen in the active pane, Page keys by one slice. Returns
 * whether `key` is one of these.
 */
export function moveByKey(
  key: string,
  plane: Plane,
  crosshair: Vector,
  mirrored: boolean,
  move: (voxel: Vector) => void
): boolean {
  const { across, up, normal } = PLANE_AXES[plane];
  const right = mirrored ? -1 : 1;
  const steps: { readonly [key: string]: readonly [typeof across, number] } = {
    ArrowRight: [across, right],
    ArrowLeft: [across, -right],
    ArrowUp: [up, 1],
    ArrowDown: [up, -1],
    PageUp: [normal, 1],
    PageDown: [normal, -1]
  };
  const step = steps[key];
  if (step === undefined) return false;
  const [axis, by] = step;
  move(withComponent(crosshair, axis, Math.round(crosshair[axis]) + by));
  return true;
}
