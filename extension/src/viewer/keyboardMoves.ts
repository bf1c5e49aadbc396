import type { Vector } from './contracts.js';
import { type Axis, PLANE_AXES, withComponent } from './planes.js';
import type { ViewModel } from './viewModel.js';

type Moved = Pick<ViewModel, 'activePlane' | 'crosshair' | 'mirrored' | 'space'>;

/**
 * Where a key moves the crosshair (voxels): arrows by one voxel as seen in the active pane, Page keys by
 * one slice. Null for other keys, and while there is no volume.
 */
export function movedByKey(key: string, { activePlane, crosshair, mirrored, space }: Moved): Vector | null {
  const { across, up, normal } = PLANE_AXES[activePlane];
  const right = mirrored ? -1 : 1;
  const steps: { readonly [key: string]: readonly [Axis, number] } = {
    ArrowRight: [across, right],
    ArrowLeft: [across, -right],
    ArrowUp: [up, 1],
    ArrowDown: [up, -1],
    PageUp: [normal, 1],
    PageDown: [normal, -1]
  };
  const step = steps[key];
  if (step === undefined || space === null) return null;
  const [axis, by] = step;
  return withComponent(crosshair, axis, Math.round(crosshair[axis]) + by);
}
