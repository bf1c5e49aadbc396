import { boxSize, voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { connectedComponents } from '../morphology/connectedComponents.js';
import { boundingBox, clippedBox, cutOut, forEachRow } from '../morphology/boxes.js';
import { indexOf, voxelAt, type Place } from './prompts.js';

/**
 * Makes a proposal of what a method found, in place: the voxels of places on the thing are in it, what does not touch one
 * of them (faces) is not, holes are filled, and the voxels of places beside it are out. Places on the thing count before
 * those beside it where both name one voxel.
 */
export function finishMask(mask: Uint8Array, dims: Dims, places: readonly Place[]): void {
  const on = places.filter(place => place.on).map(place => indexOf(voxelAt(place, dims), dims));
  const onThing = new Set(on);
  const beside = places
    .filter(place => !place.on)
    .map(place => indexOf(voxelAt(place, dims), dims))
    .filter(index => !onThing.has(index));
  for (const index of on) mask[index] = 1;
  for (const index of beside) mask[index] = 0;
  const box = boundingBox([mask], dims);
  if (box === null) return;
  const wider = clippedBox(
    {
      min: [box.min[0] - 1, box.min[1] - 1, box.min[2] - 1],
      max: [box.max[0] + 1, box.max[1] + 1, box.max[2] + 1]
    },
    dims
  );
  const size = boxSize(wider);
  const part = cutOut(mask, dims, wider);
  const within = (index: number): number => indexInBox(index, dims, wider, size);
  keepTouching(part, size, on.map(within));
  fillHoles(part, size, beside.map(within));
  forEachRow(dims, wider, (start, position, length) => mask.set(part.subarray(position, position + length), start));
}

/** Keeps the connected components (6 neighbours) that hold one of these voxels. */
function keepTouching(mask: Uint8Array, dims: Dims, voxels: readonly number[]): void {
  const { labels } = connectedComponents(mask, dims, 6);
  const kept = new Set(voxels.map(index => labels[index] ?? 0));
  for (let n = 0; n < mask.length; n++) if (!kept.has(labels[n] ?? 0)) mask[n] = 0;
}

/** Fills what is enclosed on all sides, unless one of these voxels lies in it. */
function fillHoles(mask: Uint8Array, dims: Dims, open: readonly number[]): void {
  const { labels, boxes } = connectedComponents(
    mask.map(value => (value === 0 ? 1 : 0)),
    dims,
    6
  );
  const left = new Set(open.map(index => labels[index] ?? 0));
  boxes.forEach((box, number) => {
    if (number > 0 && reachesBorder(box, dims)) left.add(number);
  });
  left.add(0);
  for (let n = 0; n < voxelCount(dims); n++) if (!left.has(labels[n] ?? 0)) mask[n] = 1;
}

function reachesBorder({ min, max }: VoxelBox, dims: Dims): boolean {
  return ([0, 1, 2] as const).some(axis => min[axis] === 0 || max[axis] === dims[axis] - 1);
}

/** Outside the box: the voxel nearest to it, which is never inside a thing. */
function indexInBox(index: number, dims: Dims, { min }: VoxelBox, size: Dims): number {
  const i = index % dims[0];
  const j = Math.floor(index / dims[0]) % dims[1];
  const k = Math.floor(index / (dims[0] * dims[1]));
  const along = (value: number, axis: 0 | 1 | 2): number => Math.min(size[axis] - 1, Math.max(0, value - min[axis]));
  return indexOf([along(i, 0), along(j, 1), along(k, 2)], size);
}
