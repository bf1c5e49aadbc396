import { decodeBrick, voxelCount, type Dims } from '@voxcord/schemas/labelmap';
import type { Bricks } from './fixedLabelMaps.js';

/** One byte per voxel, i fastest. Throws `LabelMapError` if the bricks are damaged. */
export function bitmapOf(bricks: Bricks, dims: Dims): Uint8Array {
  const bitmap = new Uint8Array(voxelCount(dims));
  for (const [index, bytes] of bricks) decodeBrick(bytes, index, dims, bitmap);
  return bitmap;
}

/** Voxels of each label; index 0 counts the background. */
export function countLabels(bitmap: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (let at = 0; at < bitmap.length; at++) {
    const label = bitmap[at] ?? 0;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

/** Volume of one voxel in ml. */
export function voxelMl(spacing: readonly [number, number, number]): number {
  return (spacing[0] * spacing[1] * spacing[2]) / 1000;
}
