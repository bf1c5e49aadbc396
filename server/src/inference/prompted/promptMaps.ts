import type { Place } from '../../proposals/prompts.js';

/**
 * What the decoder of a prompted model is told of places: float32 [2, X, Y, Z], last axis fastest; exp(-distance / reach) to
 * the nearest place on the thing, then to the nearest one beside it; 0 without such a place. Places count at the voxel of
 * the crop that they lie in; those outside count at its border.
 *
 * @param places indices of the crop along X, Y, Z, not rounded
 * @param reach voxels
 */
export function promptMaps(places: readonly Place[], size: readonly number[], reach: number): Float32Array {
  const [nx = 1, ny = 1, nz = 1] = size;
  const count = nx * ny * nz;
  const maps = new Float32Array(2 * count);
  for (const { at, on } of places) {
    const [x0, y0, z0] = [inside(at[0], nx), inside(at[1], ny), inside(at[2], nz)];
    let index = on ? 0 : count;
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) {
        const across = (x - x0) ** 2 + (y - y0) ** 2;
        for (let z = 0; z < nz; z++, index++) {
          const near = Math.exp(-Math.sqrt(across + (z - z0) ** 2) / reach);
          if (near > (maps[index] ?? 0)) maps[index] = near;
        }
      }
    }
  }
  return maps;
}

function inside(at: number, length: number): number {
  return Math.min(length - 1, Math.max(0, Math.round(at)));
}
