import type { PictureImage } from '../../truth/index.js';
import type { PicturePlan } from './releasePlan.js';

/** Bytes before the voxels of a rendition: a NIfTI-1 header without extensions. */
const VOXELS_AT = 352;

type Values = ArrayLike<number>;

/** The voxels of a rendition as they are stored, and the window in those values. */
export function pictureValues(plan: PicturePlan, rendition: Uint8Array): PictureImage {
  const { slope, intercept, window } = plan;
  const scale = slope === 0 ? 1 : slope;
  const [low, high] = [(window[0] - intercept) / scale, (window[1] - intercept) / scale];
  return { values: typed(plan, rendition.slice(VOXELS_AT).buffer), window: low <= high ? [low, high] : [high, low] };
}

function typed({ voxelType, voxels }: PicturePlan, bytes: ArrayBuffer): Values {
  switch (voxelType) {
    case 'uint8':
      return new Uint8Array(bytes, 0, voxels);
    case 'int8':
      return new Int8Array(bytes, 0, voxels);
    case 'uint16':
      return new Uint16Array(bytes, 0, voxels);
    case 'int16':
      return new Int16Array(bytes, 0, voxels);
    case 'uint32':
      return new Uint32Array(bytes, 0, voxels);
    case 'int32':
      return new Int32Array(bytes, 0, voxels);
    case 'float32':
      return new Float32Array(bytes, 0, voxels);
    case 'float64':
      return new Float64Array(bytes, 0, voxels);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(bytes, 0, voxels), Number);
    case 'int64':
      return Float64Array.from(new BigInt64Array(bytes, 0, voxels), Number);
  }
}
