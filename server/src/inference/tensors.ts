import type { Triple } from './orientation.js';

/** Place of voxel (i, j, k) in a tensor with these strides along the axes of the volume. */
export function tensorIndex(strides: Triple<number>, i: number, j: number, k: number): number {
  return i * strides[0] + j * strides[1] + k * strides[2];
}

/**
 * Copies a box of an image into a tensor: 0 where the box lies outside the image.
 *
 * @param image i fastest
 * @param start where the box begins in the image; may be before it
 * @param size of the box along i, j and k
 * @param strides of the tensor along i, j and k
 */
export function copyToTensor(
  image: Float32Array,
  dims: Triple<number>,
  start: Triple<number>,
  size: Triple<number>,
  tensor: Float32Array,
  strides: Triple<number>
): void {
  const [ni, nj, nk] = dims;
  const [firstI, lastI] = [Math.max(0, start[0]), Math.min(ni, start[0] + size[0])];
  const [firstJ, lastJ] = [Math.max(0, start[1]), Math.min(nj, start[1] + size[1])];
  const [firstK, lastK] = [Math.max(0, start[2]), Math.min(nk, start[2] + size[2])];
  const inside = (lastI - firstI) * (lastJ - firstJ) * (lastK - firstK);
  if (inside < size[0] * size[1] * size[2]) tensor.fill(0);
  const stride = strides[0];
  for (let k = firstK; k < lastK; k++) {
    for (let j = firstJ; j < lastJ; j++) {
      const row = ni * (j + nj * k);
      let to = tensorIndex(strides, firstI - start[0], j - start[1], k - start[2]);
      if (stride === 1) {
        tensor.set(image.subarray(row + firstI, row + lastI), to);
        continue;
      }
      for (let from = row + firstI; from < row + lastI; from++) {
        tensor[to] = image[from] ?? 0;
        to += stride;
      }
    }
  }
}

/**
 * Copies the slices `first` to `last` (exclusive) of a tensor, which may be larger than they are, into an array with i
 * fastest.
 *
 * @param dims voxels of a slice along i and j
 * @param step values from one slice to the next in `target`
 */
export function copyFromTensor(
  tensor: Float32Array,
  [strideI, strideJ, strideK]: Triple<number>,
  [ni, nj]: readonly [number, number, number],
  first: number,
  last: number,
  target: Float32Array,
  step: number
): void {
  const count = last - first;
  if (strideK < strideI) {
    // Neighbours along k lie together: what the processor fetches is used for all slices.
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) {
        let from = i * strideI + j * strideJ + first * strideK;
        let to = i + ni * j;
        for (let k = 0; k < count; k++) {
          target[to] = tensor[from] ?? 0;
          from += strideK;
          to += step;
        }
      }
    }
    return;
  }
  for (let k = 0; k < count; k++) {
    let to = k * step;
    for (let j = 0; j < nj; j++) {
      let from = j * strideJ + (first + k) * strideK;
      for (let i = 0; i < ni; i++) {
        target[to++] = tensor[from] ?? 0;
        from += strideI;
      }
    }
  }
}
