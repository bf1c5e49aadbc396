/** Turns a slice round along i, along j, or both, in place: i fastest. */
export function flipSlice(
  slice: Float32Array | Uint8Array,
  ni: number,
  nj: number,
  alongI: boolean,
  alongJ: boolean
): void {
  if (alongI && alongJ) {
    slice.reverse();
  } else if (alongI) {
    for (let start = 0; start < ni * nj; start += ni) slice.subarray(start, start + ni).reverse();
  } else if (alongJ) {
    for (let top = 0, bottom = (nj - 1) * ni; top < bottom; top += ni, bottom -= ni) {
      const row = slice.slice(top, top + ni);
      slice.copyWithin(top, bottom, bottom + ni);
      slice.set(row, bottom);
    }
  }
}
