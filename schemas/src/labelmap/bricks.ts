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

/** Writes a brick into the bitmap. Throws `snapshot.malformed`; the bitmap is then unchanged. */
export function decodeBrick(bytes: Uint8Array, index: number, dims: Dims, bitmap: Uint8Array): void {
  fillBrick(bytes, index, dims, bitmap, { isBlank: false });
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
  options: { readonly isBlank: boolean; readonly counts?: Float64Array }
): void {
  const { isBlank, counts } = options;
  checkBrickIndex(index, dims);
  const box = tileBox(index, dims, BRICK_EDGE);
  const [ni, nj] = boxSize(box);
  const runs = readBrickRuns(bytes, boxVolume(box));
  const origin = (box.min[2] * dims[1] + box.min[1]) * dims[0] + box.min[0];
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
