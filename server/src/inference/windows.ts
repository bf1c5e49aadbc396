/*
 * Where windows begin, how they are weighted: the conventions of MONAI's sliding_window_inference (monai.inferers,
 * Apache-2.0), so that results can be compared number by number.
 */

/** Smallest weight of a voxel of a window, so that no voxel is left without any. */
const LEAST_WEIGHT = 1e-3;
/** Standard deviation of the Gaussian as a share of the window. */
const SIGMA = 0.125;

/** First voxels of the windows along one axis of `size` voxels; the last window ends with the axis. */
export function windowStarts(size: number, patch: number, overlap: number): number[] {
  if (size <= patch) return [0];
  const interval = Math.max(1, Math.trunc(patch * (1 - overlap)));
  const count = Math.ceil((size - patch) / interval) + 1;
  return Array.from({ length: count }, (_, n) => Math.min(n * interval, size - patch));
}

/** Zeros before and behind an axis that is shorter than a window. */
export function windowPadding(size: number, patch: number): readonly [number, number] {
  const missing = Math.max(0, patch - size);
  const before = Math.trunc(missing / 2);
  return [before, missing - before];
}

/** Weights of the voxels of a window, last axis fastest, computed in single precision as the convention does. */
export function windowWeights(
  patch: readonly [number, number, number],
  blending: 'gaussian' | 'constant'
): Float32Array {
  const weights = new Float32Array(patch[0] * patch[1] * patch[2]).fill(1);
  if (blending === 'constant') return weights;
  const [x, y, z] = [gaussian(patch[0]), gaussian(patch[1]), gaussian(patch[2])];
  let at = 0;
  let least = Infinity;
  for (const ofX of x) {
    for (const ofY of y) {
      const plane = Math.fround(ofX * ofY);
      for (const ofZ of z) {
        const weight = Math.fround(plane * ofZ);
        weights[at++] = weight;
        least = Math.min(least, weight);
      }
    }
  }
  const floor = Math.max(least, LEAST_WEIGHT);
  return weights.map(weight => Math.max(weight, floor));
}

function gaussian(size: number): Float32Array {
  const sigma = SIGMA * size;
  return Float32Array.from({ length: size }, (_, n) => Math.exp((n - (size - 1) / 2) ** 2 / (-2 * sigma * sigma)));
}
