import { boxSize, boxVolume, voxelCount, type VoxelBox } from '@voxcord/schemas/labelmap';
import { forEachRow } from '../morphology/boxes.js';
import { patternsInBox, type VotePatterns } from './votePatterns.js';

/**
 * The probability that voxels belong to a segment, 0 to 1, without an array of the size of the volume.
 *
 * `patterns`: a value for each pattern of the case's `VotePatterns`. `boxes`: values for the voxels of boxes (i fastest,
 * both corners inside); outside all boxes it is 0, and where boxes overlap the highest value counts.
 */
export type SoftMap =
  | { readonly kind: 'patterns'; readonly values: Float64Array }
  | { readonly kind: 'boxes'; readonly parts: readonly { readonly box: VoxelBox; readonly values: Float32Array }[] };

/** The values of the voxels of a box inside the grid, i fastest. */
export function softValuesIn(map: SoftMap, patterns: VotePatterns, box: VoxelBox): Float32Array {
  if (map.kind === 'patterns') {
    return Float32Array.from(patternsInBox(patterns, box), pattern => map.values[pattern] ?? 0);
  }
  const result = new Float32Array(boxVolume(box));
  const [ni, nj] = boxSize(box);
  for (const { box: part, values } of map.parts) {
    const [width, height] = boxSize(part);
    for (let k = Math.max(part.min[2], box.min[2]); k <= Math.min(part.max[2], box.max[2]); k++) {
      for (let j = Math.max(part.min[1], box.min[1]); j <= Math.min(part.max[1], box.max[1]); j++) {
        for (let i = Math.max(part.min[0], box.min[0]); i <= Math.min(part.max[0], box.max[0]); i++) {
          const value = values[i - part.min[0] + width * (j - part.min[1] + height * (k - part.min[2]))] ?? 0;
          const at = i - box.min[0] + ni * (j - box.min[1] + nj * (k - box.min[2]));
          if (value > (result[at] ?? 0)) result[at] = value;
        }
      }
    }
  }
  return result;
}

/**
 * For each voxel of the grid 1 + the number of its pattern, and 0 outside a box: where a soft map by pattern, with a 0 put
 * before its values, is looked up.
 */
export function softIndexIn(patterns: VotePatterns, box: VoxelBox | null): Uint16Array | Uint32Array {
  const { dims, counts } = patterns;
  const voxels = voxelCount(dims);
  const index = counts.length < 0xffff ? new Uint16Array(voxels) : new Uint32Array(voxels);
  if (box === null) return index;
  forEachRow(dims, box, (start, _, length) => {
    index.fill(1, start, start + length);
  });
  const { box: inner, index: numbers } = patterns;
  if (inner === null) return index;
  forEachRow(dims, inner, (start, position, length) => {
    for (let x = 0; x < length; x++) {
      if (index[start + x] === 1) index[start + x] = (numbers[position + x] ?? 0) + 1;
    }
  });
  return index;
}
