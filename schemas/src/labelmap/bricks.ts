import { brickCount, encodeBrickBox, readBrickRuns } from './brickCoding.js';
import { LabelMapError } from './errors.js';
import { BRICK_EDGE, boxSize, boxVolume, tileBox, voxelCount, type Dims } from './grid.js';

/** Encoded bricks of a label map by brick index, ascending; bricks without a label are left out. */
export function encodeBricks(bitmap: Uint8Array, dims: Dims, only?: Iterable<number>): Map<number, Uint8Array> {
  if (bitmap.length !== voxelCount(dims)) {
    throw new LabelMapError('grid.mismatch', `The bitmap has ${bitmap.length} voxels; its grid ${voxelCount(dims)}.`);
  }
  const indices = [...(only ?? Array.from({ length: brickCount(dims) }, (_, index) => index))].sort((a, b) => a - b);
  const bricks = new Map<number, Uint8Array>();
  for (const index of indices) {
    checkBrickIndex(index, dims);
    const box = tileBox(index, dims, BRICK_EDGE);
    const origin = (box.min[2] * dims[1] + box.min[1]) * dims[0] + box.min[0];
    const bytes = encodeBrickBox(bitmap, dims[0], dims[0] * dims[1], origin, boxSize(box));
    if (bytes !== null) bricks.set(index, bytes);
  }
  return bricks;
}

/**
 * Writes a brick into the bitmap and adds its voxels to `counts` (per label). Throws `snapshot.malformed`; the bitmap
 * is then unchanged.
 */
export function decodeBrick(
  bytes: Uint8Array,
  index: number,
  dims: Dims,
  bitmap: Uint8Array,
  counts?: Float64Array
): void {
  checkBrickIndex(index, dims);
  const box = tileBox(index, dims, BRICK_EDGE);
  const [ni, nj] = boxSize(box);
  const runs = readBrickRuns(bytes, boxVolume(box));
  const origin = (box.min[2] * dims[1] + box.min[1]) * dims[0] + box.min[0];
  let i = 0;
  let j = 0;
  let row = origin;
  let slice = origin;
  while (!runs.atEnd) {
    const label = runs.byte();
    let left = runs.varuint(bitmap.length) + 1;
    if (counts !== undefined) counts[label] = (counts[label] ?? 0) + left;
    while (left > 0) {
      const length = Math.min(left, ni - i);
      fillRun(bitmap, row + i, row + i + length, label);
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
