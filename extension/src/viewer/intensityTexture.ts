import type { Volume } from '@voxcord/schemas/api';
import { BlockMaxima } from './blocks.js';
import { halfBits, type Packing, packingFor } from './halfFloat.js';
import type { IntensityArray, Rendition } from './niftiRendition.js';
import { ViewerError } from './viewerError.js';

/** Voxels converted between two looks at the clock. */
const SLAB_VOXELS = 1 << 20;

/** A volume's values on the graphics card: R16F, unwindowed, so that changing the window costs nothing. */
export interface IntensityTexture {
  readonly texture: WebGLTexture;
  readonly packing: Packing;
  /** Packed like the texture. */
  readonly maxima: BlockMaxima;
}

/**
 * Uploads a volume in slabs; the page stays responsive. Throws `ViewerError` (`viewer.too-large`) or the
 * reason of `signal`.
 */
export async function uploadIntensities(
  gl: WebGL2RenderingContext,
  volume: Volume,
  rendition: Rendition,
  onProgress: (fraction: number) => void,
  signal: AbortSignal
): Promise<IntensityTexture> {
  const [nx, ny, nz] = volume.grid.dims;
  const largest = Number(gl.getParameter(gl.MAX_3D_TEXTURE_SIZE));
  if (Math.max(nx, ny, nz) > largest) {
    throw new ViewerError(
      'viewer.too-large',
      `This volume has ${nx} x ${ny} x ${nz} voxels; the graphics hardware here shows at most ${largest} along a side. ` +
        'Open it on another computer or import a part of it.'
    );
  }
  const packing = packingFor(volume.range);
  const texture = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_3D, texture);
  gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R16F, nx, ny, nz);
  for (const edge of [gl.TEXTURE_WRAP_R, gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
    gl.texParameteri(gl.TEXTURE_3D, edge, gl.CLAMP_TO_EDGE);
  }
  const maxima = new BlockMaxima(volume.grid.dims);
  const pack = packer(rendition, packing);
  const slices = Math.max(1, Math.floor(SLAB_VOXELS / (nx * ny)));
  const slab = new Uint16Array(nx * ny * slices);
  let lastPause = performance.now();
  for (let k = 0; k < nz; k += slices) {
    const depth = Math.min(slices, nz - k);
    const part = slab.subarray(0, nx * ny * depth);
    pack(k * nx * ny, part);
    maxima.add(k, part);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_3D, texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, k, nx, ny, depth, gl.RED, gl.HALF_FLOAT, part);
    if (performance.now() - lastPause > 12) {
      onProgress((k + depth) / nz);
      await new Promise(resolve => setTimeout(resolve));
      if (signal.aborted) {
        gl.deleteTexture(texture);
        throw signal.reason;
      }
      lastPause = performance.now();
    }
  }
  return { texture, packing, maxima };
}

/** Fills `into` with the half floats of the values from voxel `start` on. */
function packer(rendition: Rendition, packing: Packing): (start: number, into: Uint16Array) => void {
  const { stored, slope, intercept } = rendition;
  const convert = (value: number): number => halfBits((value * slope + intercept - packing.centre) * packing.scale);
  const table = tableFor(stored, convert);
  if (table === null) {
    return (start, into) => {
      for (let at = 0; at < into.length; at++) into[at] = convert(stored[start + at] ?? 0);
    };
  }
  const { halves, lowest } = table;
  return (start, into) => {
    for (let at = 0; at < into.length; at++) into[at] = halves[(stored[start + at] ?? 0) - lowest] ?? 0;
  };
}

/** All half floats of an 8 or 16 bit type: a look-up is several times cheaper than a conversion. */
function tableFor(
  stored: IntensityArray,
  convert: (value: number) => number
): { readonly halves: Uint16Array; readonly lowest: number } | null {
  if (stored.BYTES_PER_ELEMENT > 2) return null;
  const signed = stored instanceof Int8Array || stored instanceof Int16Array;
  const count = stored.BYTES_PER_ELEMENT === 1 ? 256 : 65536;
  const lowest = signed ? -count / 2 : 0;
  return { halves: Uint16Array.from({ length: count }, (_, index) => convert(index + lowest)), lowest };
}
