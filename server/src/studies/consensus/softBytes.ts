import { boxSize, voxelCount, type Dims } from '@voxcord/schemas/labelmap';
import type { SoftMap, VotePatterns } from '../../consensus/index.js';

/** Probabilities as bytes: 0 to 255, rounded; more than nothing is never 0, so that its border can be seen. */
export function softBytes(map: SoftMap, patterns: VotePatterns, dims: Dims): Uint8Array {
  const bytes = new Uint8Array(voxelCount(dims));
  if (map.kind === 'patterns') fillFromPatterns(bytes, map.values, patterns, dims);
  else for (const { box, values } of map.parts) fillBox(bytes, box.min, boxSize(box), values, dims);
  return bytes;
}

function toByte(probability: number): number {
  if (!(probability > 0)) return 0;
  return Math.max(1, Math.min(255, Math.round(probability * 255)));
}

function fillFromPatterns(bytes: Uint8Array, values: Float64Array, { box, index }: VotePatterns, [ni, nj]: Dims): void {
  if (box === null) return;
  const coded = Uint8Array.from(values, toByte);
  const [mi, mj, mk] = boxSize(box);
  let from = 0;
  for (let k = 0; k < mk; k++) {
    for (let j = 0; j < mj; j++) {
      let to = ((k + box.min[2]) * nj + j + box.min[1]) * ni + box.min[0];
      for (let i = 0; i < mi; i++) bytes[to++] = coded[index[from++] ?? 0] ?? 0;
    }
  }
}

/** Where boxes overlap the highest value counts. */
function fillBox(
  bytes: Uint8Array,
  min: readonly [number, number, number],
  [mi, mj, mk]: readonly [number, number, number],
  values: Float32Array,
  [ni, nj]: Dims
): void {
  let from = 0;
  for (let k = 0; k < mk; k++) {
    for (let j = 0; j < mj; j++) {
      let to = ((k + min[2]) * nj + j + min[1]) * ni + min[0];
      for (let i = 0; i < mi; i++, to++) {
        const value = toByte(values[from++] ?? 0);
        if (value > (bytes[to] ?? 0)) bytes[to] = value;
      }
    }
  }
}
