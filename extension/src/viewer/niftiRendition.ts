import type { Volume } from '@voxcord/schemas/api';
import { ViewerError } from './viewerError.js';

export type IntensityArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Stored values of a volume, i fastest; a value in the volume's unit is stored * slope + intercept. */
export interface Rendition {
  readonly stored: IntensityArray;
  readonly slope: number;
  readonly intercept: number;
}

const HEADER_BYTES = 348;
const LARGEST_OFFSET = 1 << 20;

/**
 * Reads the uncompressed NIfTI-1 rendition of a volume and checks that it is on the grid that the
 * server announced: label maps are painted on that grid, so a difference must never pass.
 * Throws `ViewerError` (`viewer.rendition-malformed`, `viewer.rendition-mismatch`).
 */
export function readRendition(buffer: ArrayBuffer, volume: Volume): Rendition {
  if (buffer.byteLength < HEADER_BYTES) throw malformed('it is shorter than a NIfTI header');
  const view = new DataView(buffer);
  const little = view.getInt32(0, true) === HEADER_BYTES;
  if (!little && view.getInt32(0, false) !== HEADER_BYTES) throw malformed('it does not begin with a NIfTI-1 header');
  const dims = [0, 1, 2].map(axis => view.getInt16(42 + 2 * axis, little));
  if (dims.some((count, axis) => count !== volume.grid.dims[axis])) {
    throw mismatch(`has ${dims.join(' x ')} voxels instead of ${volume.grid.dims.join(' x ')}`);
  }
  checkAffine(view, little, volume);
  const offset = view.getFloat32(108, little);
  if (!(offset >= HEADER_BYTES && offset <= LARGEST_OFFSET)) throw malformed('its voxel offset makes no sense');
  const slope = view.getFloat32(112, little);
  const intercept = view.getFloat32(116, little);
  const count = volume.grid.dims[0] * volume.grid.dims[1] * volume.grid.dims[2];
  const scaled = Number.isFinite(slope) && slope !== 0;
  return {
    stored: storedValues(buffer, view.getInt16(70, little), Math.trunc(offset), count, little),
    slope: scaled ? slope : 1,
    intercept: scaled && Number.isFinite(intercept) ? intercept : 0
  };
}

function checkAffine(view: DataView, little: boolean, volume: Volume): void {
  if (view.getInt16(254, little) <= 0) throw malformed('it has no sform');
  const scale = Math.max(...volume.grid.affine.map(Math.abs), 1);
  const differs = volume.grid.affine.some(
    (value, index) => Math.abs(view.getFloat32(280 + 4 * index, little) - value) > 1e-5 * scale
  );
  if (differs) throw mismatch('lies elsewhere in space');
}

function storedValues(
  buffer: ArrayBuffer,
  datatype: number,
  offset: number,
  count: number,
  little: boolean
): IntensityArray {
  switch (datatype) {
    case 2:
      return typed(Uint8Array, buffer, offset, count, little);
    case 256:
      return typed(Int8Array, buffer, offset, count, little);
    case 512:
      return typed(Uint16Array, buffer, offset, count, little);
    case 4:
      return typed(Int16Array, buffer, offset, count, little);
    case 768:
      return typed(Uint32Array, buffer, offset, count, little);
    case 8:
      return typed(Int32Array, buffer, offset, count, little);
    case 16:
      return typed(Float32Array, buffer, offset, count, little);
    case 64:
      return typed(Float64Array, buffer, offset, count, little);
    case 1024:
      return Float64Array.from(typed(BigInt64Array, buffer, offset, count, little), Number);
    case 1280:
      return Float64Array.from(typed(BigUint64Array, buffer, offset, count, little), Number);
    default:
      throw malformed(`its voxel type ${datatype} is not a number`);
  }
}

interface TypedArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}

const PLATFORM_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A view of the voxels; a copy only where the platform needs another alignment or byte order. */
function typed<T>(
  Type: TypedArrayConstructor<T>,
  buffer: ArrayBuffer,
  offset: number,
  count: number,
  little: boolean
): T {
  const size = Type.BYTES_PER_ELEMENT;
  if (buffer.byteLength < offset + count * size) throw malformed('it ends before its last voxel');
  const swap = size > 1 && little !== PLATFORM_IS_LITTLE;
  if (!swap && offset % size === 0) return new Type(buffer, offset, count);
  const bytes = new Uint8Array(buffer.slice(offset, offset + count * size));
  if (swap) for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return new Type(bytes.buffer, 0, count);
}

function malformed(reason: string): ViewerError {
  return new ViewerError(
    'viewer.rendition-malformed',
    `The image that the server sent cannot be read: ${reason}. Reload the case; if it stays so, import the volume again.`
  );
}

function mismatch(reason: string): ViewerError {
  return new ViewerError(
    'viewer.rendition-mismatch',
    `The image that the server sent ${reason}, so nothing can be painted on it safely. Import the volume again.`
  );
}
