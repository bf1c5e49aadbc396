import type { Volume } from '@voxcord/schemas/api';

const HEADER_BYTES = 352;

/** A label map as a NIfTI-1 file of 8-bit labels on the volume's closest-canonical RAS grid. */
export function labelsToNifti(bitmap: Uint8Array, volume: Volume): Uint8Array<ArrayBuffer> {
  const { dims, affine } = volume.grid;
  const file = new Uint8Array(HEADER_BYTES + bitmap.byteLength);
  const view = new DataView(file.buffer);
  view.setInt32(0, 348, true);
  [3, ...dims, 1, 1, 1, 1].forEach((size, n) => view.setInt16(40 + 2 * n, size, true));
  view.setInt16(68, 1002, true); // intent: labels
  view.setInt16(70, 2, true); // uint8
  view.setInt16(72, 8, true);
  [1, ...volume.spacing].forEach((size, n) => view.setFloat32(76 + 4 * n, size, true));
  view.setFloat32(108, HEADER_BYTES, true);
  view.setFloat32(112, 1, true); // slope
  view.setUint8(123, 2); // mm
  view.setInt16(254, 1, true); // sform: scanner coordinates
  affine.forEach((value, n) => view.setFloat32(280 + 4 * n, value, true));
  file.set([0x6e, 0x2b, 0x31, 0], 344); // "n+1"
  file.set(bitmap, HEADER_BYTES);
  return file;
}

/** `bytes`, gzipped by the browser. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).blob();
}

/** Hands `content` to the browser as a download. */
export function offerDownload(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
