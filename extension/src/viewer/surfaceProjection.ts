import type { VoxelBox } from '@voxcord/schemas/labelmap';
import type { Vector } from './contracts.js';
import type { ViewedGrid } from './planes.js';
import { type Turn, type ViewAxes, viewAxes } from './turn.js';

/** Share of the shorter edge of the pane that what is in sight may take at zoom 1, in every turn. */
const FILLED = 0.92;

/** Parallel rays through a volume. Lengths are mm along the voxel axes, from the corner of the first voxel. */
export interface SurfaceProjection {
  readonly axes: ViewAxes;
  readonly middle: Vector;
  /** Half of what is in view, to the right and up. */
  readonly half: readonly [number, number];
}

/** `content` is what should be in sight; pixels are `width` x `height`. */
export function surfaceProjection(
  { spacing }: ViewedGrid,
  content: VoxelBox,
  turn: Turn,
  width: number,
  height: number
): SurfaceProjection {
  const edge = (axis: 0 | 1 | 2): number => (content.max[axis] + 1 - content.min[axis]) * spacing[axis];
  const centre = (axis: 0 | 1 | 2): number => ((content.min[axis] + content.max[axis] + 1) / 2) * spacing[axis];
  // A body fills its box like an ellipsoid: the longest half-axis, not the corner, must fit.
  const longest = Math.max(edge(0), edge(1), edge(2));
  const reach = (longest + 0.3 * (Math.hypot(edge(0), edge(1), edge(2)) - longest)) / 2 / FILLED / turn.zoom;
  const shorter = Math.max(1, Math.min(width, height));
  return {
    axes: viewAxes(turn),
    middle: [centre(0), centre(1), centre(2)],
    half: [(reach * width) / shorter, (reach * height) / shorter]
  };
}

/** Where a box of voxels is seen, in pixels from the bottom left of a picture of `width` x `height`. */
export function projectedBox(
  { axes, middle, half }: SurfaceProjection,
  { spacing }: ViewedGrid,
  { min, max }: VoxelBox,
  width: number,
  height: number
): { readonly left: number; readonly bottom: number; readonly right: number; readonly top: number } {
  const side = (direction: Vector, reach: number, pixels: number): readonly [number, number] => {
    let [low, high] = [0, 0];
    for (const axis of [0, 1, 2] as const) {
      const one = (min[axis] * spacing[axis] - middle[axis]) * direction[axis];
      const other = ((max[axis] + 1) * spacing[axis] - middle[axis]) * direction[axis];
      low += Math.min(one, other);
      high += Math.max(one, other);
    }
    return [((low / reach + 1) / 2) * pixels, ((high / reach + 1) / 2) * pixels];
  };
  const [left, right] = side(axes.right, half[0], width);
  const [bottom, top] = side(axes.up, half[1], height);
  return { left, bottom, right, top };
}
