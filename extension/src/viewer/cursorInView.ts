import type { CursorInView } from './contracts.js';
import { onSlice, type ViewModel } from './viewModel.js';

/** Where the pointer is in the volume, for the others in the room; null while it is over no plane. */
export function cursorInView(model: ViewModel): CursorInView | null {
  const { hover, space, painting, crosshair, tool } = model;
  const view = hover === null ? null : model.viewOf(hover.plane);
  if (hover === null || space === null || view === null) return null;
  const voxel = view.toVoxel(hover.point, onSlice(space, hover.plane, crosshair));
  const paints = tool === 'brush' || tool === 'eraser';
  return {
    world: space.toWorld(voxel),
    plane: hover.plane,
    radius: paints ? model.brushRadius(hover.pressure) : 0,
    painting
  };
}
