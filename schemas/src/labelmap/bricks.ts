import { brickBoxRuns, brickCount, checkBrickRuns, encodeBrickBox, readBrickRuns } from './brickCoding.js';
import { LabelMapError } from './errors.js';
import { BRICK_EDGE, boxSize, boxVolume, tileBox, voxelCount, type Dims, type VoxelBox } from './grid.js';

/** Codes one brick of a bitmap, given its strides along j and k, its first voxel and its size. */
type BoxCoder = typeof brickBoxRuns;

/** Encoded bricks of a label map by brick index, ascending; bricks without a label are left out. */
export function encodeBricks(bitmap: Uint8Array, dims: Dims, only?: Iterable<number>): Map<number, Uint8Array> {
  return codeBricks(bitmap, dims, encodeBrickBox, only);
}

/**
 * The uncompressed runs of the bricks, ascending; bricks without a label are left out. The bytes depend on the labels
 * alone: each run is as long as it can be.
 */
export function encodeBrickRuns(bitmap: Uint8Array, dims: Dims): Map<number, Uint8Array> {
  return codeBricks(bitmap, dims, brickBoxRuns);
}

function codeBricks(bitmap: Uint8Array, dims: Dims, code: BoxCoder, only?: Iterable<number>): Map<number, Uint8Array> {
  if (bitmap.length !== voxelCount(dims)) {
    throw new LabelMapError('grid.mismatch', `The bitmap has ${bitmap.length} voxels; its grid ${voxelCount(dims)}.`);
  }
  const indices = [...(only ?? Array.from({ length: brickCount(dims) }, (_, index) => index))].sort((a, b) => a - b);
  const bricks = new Map<number, Uint8Array>();
  for (const index of indices) {
    checkBrickIndex(index, dims);
    const box = tileBox(index, dims, BRICK_EDGE);
    const bytes = code(bitmap, dims[0], dims[0] * dims[1], firstVoxel(box, dims), boxSize(box));
    if (bytes !== null) bricks.set(index, bytes);
  }
  return bricks;
}

/** Writes a brick, given by its runs, into the bitmap. Throws `snapshot.malformed`; the bitmap is then unchanged. */
export function decodeBrickRuns(runs: Uint8Array, index: number, dims: Dims, bitmap: Uint8Array): void {
  checkBrickIndex(index, dims);
  const box = tileBox(index, dims, BRICK_EDGE);
  fillRuns(checkBrickRuns(runs, boxVolume(box)), box, dims, bitmap, { isBlank: false });
}

/** Writes a brick into the bitmap. Throws `snapshot.malformed`; the bitmap is then unchanged. */
export function decodeBrick(bytes: Uint8Array, index: number, dims: Dims, bitmap: Uint8Array): void {
  fillBrick(bytes, index, dims, bitmap, { isBlank: false });
}

interface FillOptions {
  readonly isBlank: boolean;
  readonly counts?: Float64Array;
}

/**
 * As `decodeBrick`, for opening a label map: adds the voxels to `counts` (per label) and, where the bitmap is known to
 * be blank, leaves out what is not labelled, which is most of it.
 */
export function fillBrick(
  bytes: Uint8Array,
  index: number,
  dims: Dims,
  bitmap: Uint8Array,
  options: FillOptions
): void {
  checkBrickIndex(index, dims);
  const box = tileBox(index, dims, BRICK_EDGE);
  fillRuns(readBrickRuns(bytes, boxVolume(box)), box, dims, bitmap, options);
}

/** `runs` are checked: they fill the box exactly. */
function fillRuns(runs: Uint8Array, box: VoxelBox, dims: Dims, bitmap: Uint8Array, options: FillOptions): void {
  const { isBlank, counts } = options;
  const [ni, nj] = boxSize(box);
  const origin = firstVoxel(box, dims);
  let i = 0;
  let j = 0;
  let row = origin;
  let slice = origin;
  for (let at = 0; at < runs.length;) {
    const label = runs[at++] ?? 0;
    let byte = runs[at++] ?? 0;
    let left = 1 + (byte & 127);
    for (let shift = 7; byte >= 128; shift += 7) {
      byte = runs[at++] ?? 0;
      left += (byte & 127) << shift;
    }
    if (counts !== undefined) counts[label] = (counts[label] ?? 0) + left;
    const shown = label !== 0 || !isBlank;
    while (left > 0) {
      const length = left < ni - i ? left : ni - i;
      if (shown) fillRun(bitmap, row + i, row + i + length, label);
      left -= length;
      i += length;
      if (i < ni) break;
      i = 0;
      row += dims[0];
      if (++j < nj) continue;
      j = 0;
      slice += dims[0] * dims[1];
      row = slice;
    }
  }
}

function firstVoxel({ min }: VoxelBox, dims: Dims): number {
  return (min[2] * dims[1] + min[1]) * dims[0] + min[0];
}

function fillRun(bitmap: Uint8Array, from: number, end: number, label: number): void {
  // Most runs are short, and calling `fill` costs more than they do.
  if (end - from > 24) bitmap.fill(label, from, end);
  else for (let at = from; at < end; at++) bitmap[at] = label;
}

function checkBrickIndex(index: number, dims: Dims): void {
  if (!Number.isInteger(index) || index < 0 || index >= brickCount(dims)) {
    throw new LabelMapError('snapshot.malformed', `Brick ${index} lies outside the ${dims.join(' x ')} grid.`);
  }
}
