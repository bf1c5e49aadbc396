const NIFTI_1 = { headerBytes: 348, dims: 40, bytes: 2 } as const;
const NIFTI_2 = { headerBytes: 540, dims: 16, bytes: 8 } as const;

/**
 * A flat label map (two dimensions) is one slice: says so in the header of a NIfTI file, in place. Leaves everything else,
 * and what is no NIfTI header, as it is.
 */
export function flatAsSlice(start: Uint8Array): void {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  for (const { headerBytes, dims, bytes } of [NIFTI_1, NIFTI_2]) {
    for (const littleEndian of [true, false]) {
      if (view.byteLength < headerBytes || view.getInt32(0, littleEndian) !== headerBytes) continue;
      const read = (axis: number): number =>
        bytes === 2
          ? view.getInt16(dims + 2 * axis, littleEndian)
          : Number(view.getBigInt64(dims + 8 * axis, littleEndian));
      const write = (axis: number, value: number): void => {
        if (bytes === 2) view.setInt16(dims + 2 * axis, value, littleEndian);
        else view.setBigInt64(dims + 8 * axis, BigInt(value), littleEndian);
      };
      if (read(0) !== 2) return;
      write(0, 3);
      write(3, 1);
      return;
    }
  }
}
