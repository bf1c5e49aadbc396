import type { Triple } from './orientation.js';

/** A box of values in an array: voxel (i, j, k) of it is at `at + i * strides[0] + j * strides[1] + k * strides[2]`. */
export interface Box {
  readonly values: Float32Array;
  readonly at: number;
  readonly strides: Triple<number>;
}

/** Edge of a tile that is in the processor's nearest memory in both orders. */
const TILE = 16;

/** The whole of an array with i fastest. */
export function volumeBox(values: Float32Array, [ni, nj]: Triple<number>, at = 0): Box {
  return { values, at, strides: [1, ni, ni * nj] };
}

/** The same box, beginning at another voxel. */
export function boxFrom({ values, at, strides }: Box, [i, j, k]: Triple<number>): Box {
  return { values, at: at + i * strides[0] + j * strides[1] + k * strides[2], strides };
}

/**
 * Copies `size` voxels from one box to another, whatever the order of their axes: what lies together on one side does not on
 * the other, so tiles of both fastest axes are copied, one after the other.
 */
export function copyBox(source: Box, target: Box, size: Triple<number>): void {
  const a = fastest(source.strides, size);
  const b = fastest(target.strides, size);
  const [c, d] = [0, 1, 2].filter(axis => axis !== a && axis !== b);
  if (c === undefined) return;
  if (a === b) copyRows(source, target, size, a, c, d ?? c);
  else copyTiles(source, target, size, a, b, c);
}

/** The axis with the smallest steps; one with a single voxel is none. */
function fastest(strides: Triple<number>, size: Triple<number>): number {
  const step = (axis: number): number => ((size[axis] ?? 1) === 1 ? Infinity : (strides[axis] ?? 0));
  return [1, 2].reduce((best, axis) => (step(axis) < step(best) ? axis : best), 0);
}

function copyRows(source: Box, target: Box, size: Triple<number>, row: number, inner: number, outer: number): void {
  const length = size[row] ?? 0;
  const [fromStep, toStep] = [source.strides[row] ?? 0, target.strides[row] ?? 0];
  for (let y = 0; y < (size[outer] ?? 0); y++) {
    for (let x = 0; x < (size[inner] ?? 0); x++) {
      let from = source.at + y * (source.strides[outer] ?? 0) + x * (source.strides[inner] ?? 0);
      let to = target.at + y * (target.strides[outer] ?? 0) + x * (target.strides[inner] ?? 0);
      if (fromStep === 1 && toStep === 1) {
        target.values.set(source.values.subarray(from, from + length), to);
        continue;
      }
      for (let n = 0; n < length; n++, from += fromStep, to += toStep) target.values[to] = source.values[from] ?? 0;
    }
  }
}

function copyTiles(source: Box, target: Box, size: Triple<number>, a: number, b: number, c: number): void {
  const [lengthA, lengthB, lengthC] = [size[a] ?? 0, size[b] ?? 0, size[c] ?? 0];
  for (let z = 0; z < lengthC; z++) {
    const from = source.at + z * (source.strides[c] ?? 0);
    const to = target.at + z * (target.strides[c] ?? 0);
    for (let firstB = 0; firstB < lengthB; firstB += TILE) {
      const lastB = Math.min(firstB + TILE, lengthB);
      for (let firstA = 0; firstA < lengthA; firstA += TILE) {
        copyTile(source, from, target, to, a, firstA, Math.min(firstA + TILE, lengthA), b, firstB, lastB);
      }
    }
  }
}

function copyTile(
  { values: from, strides: fromStrides }: Box,
  fromAt: number,
  { values: to, strides: toStrides }: Box,
  toAt: number,
  a: number,
  firstA: number,
  lastA: number,
  b: number,
  firstB: number,
  lastB: number
): void {
  const [fromA, fromB] = [fromStrides[a] ?? 0, fromStrides[b] ?? 0];
  const [toA, toB] = [toStrides[a] ?? 0, toStrides[b] ?? 0];
  for (let x = firstA; x < lastA; x++) {
    let source = fromAt + x * fromA + firstB * fromB;
    let target = toAt + x * toA + firstB * toB;
    for (let y = firstB; y < lastB; y++) {
      to[target] = from[source] ?? 0;
      source += fromB;
      target += toB;
    }
  }
}
