import type { Dims } from './grid.js';

const notReady = (): never => {
  throw new Error('The label-map engine is being built.');
};

/** Encoded bricks of a label map by brick index; bricks without a label are left out. */
export function encodeBricks(_bitmap: Uint8Array, _dims: Dims, _only?: Iterable<number>): Map<number, Uint8Array> {
  return notReady();
}

/** Writes a brick into the bitmap. Throws `snapshot.malformed`; the bitmap is then unchanged. */
export function decodeBrick(_bytes: Uint8Array, _index: number, _dims: Dims, _bitmap: Uint8Array): void {
  return notReady();
}
