import type { Dims } from '@voxcord/schemas/labelmap';

/** Voxels along one axis after resampling: the centres of the first voxels coincide, the last one is the nearest to the last. */
export function resampledSize(size: number, spacing: number, wanted: number): number {
  return Math.floor(((size - 1) * spacing) / wanted + 0.5) + 1;
}

/** Voxel m of the result lies between `below[m]` and `above[m]`, this share of the way. */
interface Places {
  readonly below: Int32Array;
  readonly above: Int32Array;
  readonly share: Float32Array;
}

/** Voxel m lies at min(m * scale, size - 1). */
export function linearPlaces(size: number, scale: number, wanted: number): Places {
  const below = new Int32Array(wanted);
  const above = new Int32Array(wanted);
  const share = new Float32Array(wanted);
  for (let m = 0; m < wanted; m++) {
    const at = Math.min(m * scale, size - 1);
    const floor = Math.floor(at);
    below[m] = floor;
    above[m] = Math.min(floor + 1, size - 1);
    share[m] = at - floor;
  }
  return { below, above, share };
}

/**
 * Linear interpolation along one axis after the other, the first axis first, each in single precision. Last axis fastest.
 *
 * @param values dims[0] * dims[1] * dims[2] values
 * @param scale voxels of the input per voxel of the result, along each axis
 */
export function resampleLinear(
  values: Float32Array,
  dims: Dims,
  wanted: Dims,
  scale: readonly [number, number, number]
): Float32Array {
  const first = alongAxis(values, 1, dims[0], dims[1] * dims[2], linearPlaces(dims[0], scale[0], wanted[0]));
  const second = alongAxis(first, wanted[0], dims[1], dims[2], linearPlaces(dims[1], scale[1], wanted[1]));
  return alongAxis(second, wanted[0] * wanted[1], dims[2], 1, linearPlaces(dims[2], scale[2], wanted[2]));
}

/** `outer` blocks of `size` rows of `inner` values. */
function alongAxis(values: Float32Array, outer: number, size: number, inner: number, places: Places): Float32Array {
  const { below, above, share } = places;
  const wanted = below.length;
  const result = new Float32Array(outer * wanted * inner);
  for (let block = 0; block < outer; block++) {
    for (let m = 0; m < wanted; m++) {
      const low = (block * size + (below[m] ?? 0)) * inner;
      const high = (block * size + (above[m] ?? 0)) * inner;
      const towards = share[m] ?? 0;
      const from = Math.fround(1 - towards);
      const start = (block * wanted + m) * inner;
      for (let n = 0; n < inner; n++) {
        const ofLow = Math.fround((values[low + n] ?? 0) * from);
        result[start + n] = ofLow + Math.fround((values[high + n] ?? 0) * towards);
      }
    }
  }
  return result;
}
