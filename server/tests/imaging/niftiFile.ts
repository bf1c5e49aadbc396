/** A NIfTI file made by hand, so that every field can lie. */
export interface NiftiRecipe {
  readonly version?: 1 | 2;
  readonly dims?: readonly number[];
  readonly datatype?: number;
  readonly bytesPerVoxel?: number;
  readonly affine?: readonly number[];
  readonly slope?: number;
  readonly intercept?: number;
  readonly voxOffset?: number;
  readonly magic?: string;
  readonly littleEndian?: boolean;
  readonly descrip?: string;
  /** Voxels as stored; left out: 0, 1, 2 ... */
  readonly voxels?: readonly number[];
  /** What the file says of dim[0]; left out: the number of dims. */
  readonly dimensions?: number;
}

const DEFAULT_AFFINE = [-2, 0, 0, 10, 0, 3, 0, -20, 0, 0, 4, 30];

/** int16 unless `datatype` and `bytesPerVoxel` say otherwise; at most 4096 voxels are written. */
export function makeNifti(recipe: NiftiRecipe): Uint8Array {
  const { version = 1, dims = [3, 4, 5], datatype = 4, bytesPerVoxel = 2, littleEndian = true } = recipe;
  const first = version === 1 ? 352 : 544;
  const count =
    recipe.voxels?.length ??
    Math.min(
      4096,
      dims.reduce((a, b) => a * Math.max(0, b), 1)
    );
  const bytes = new Uint8Array(first + count * bytesPerVoxel);
  const view = new DataView(bytes.buffer);
  const affine = recipe.affine ?? DEFAULT_AFFINE;
  const slope = recipe.slope ?? 0;
  const intercept = recipe.intercept ?? 0;
  const allDims = [recipe.dimensions ?? dims.length, ...dims, 1, 1, 1, 1, 1, 1].slice(0, 8);
  const text = new TextEncoder();
  if (version === 1) {
    view.setInt32(0, 348, littleEndian);
    allDims.forEach((size, n) => view.setInt16(40 + 2 * n, size, littleEndian));
    view.setInt16(70, datatype, littleEndian);
    view.setInt16(72, 8 * bytesPerVoxel, littleEndian);
    [1, 2, 3, 4].forEach((size, n) => view.setFloat32(76 + 4 * n, size, littleEndian));
    view.setFloat32(108, recipe.voxOffset ?? first, littleEndian);
    view.setFloat32(112, slope, littleEndian);
    view.setFloat32(116, intercept, littleEndian);
    bytes.set(text.encode(recipe.descrip ?? ''), 148);
    view.setInt16(254, 1, littleEndian);
    affine.forEach((x, n) => view.setFloat32(280 + 4 * n, x, littleEndian));
    bytes.set(text.encode(recipe.magic ?? 'n+1\0'), 344);
  } else {
    view.setInt32(0, 540, littleEndian);
    bytes.set(text.encode(recipe.magic ?? 'n+2\0\r\n\x1a\n'), 4);
    view.setInt16(12, datatype, littleEndian);
    view.setInt16(14, 8 * bytesPerVoxel, littleEndian);
    allDims.forEach((size, n) => view.setBigInt64(16 + 8 * n, BigInt(size), littleEndian));
    [1, 2, 3, 4].forEach((size, n) => view.setFloat64(104 + 8 * n, size, littleEndian));
    view.setBigInt64(168, BigInt(recipe.voxOffset ?? first), littleEndian);
    view.setFloat64(176, slope, littleEndian);
    view.setFloat64(184, intercept, littleEndian);
    bytes.set(text.encode(recipe.descrip ?? ''), 240);
    view.setInt32(348, 1, littleEndian);
    affine.forEach((x, n) => view.setFloat64(400 + 8 * n, x, littleEndian));
  }
  for (let n = 0; n < count; n++) {
    const value = recipe.voxels?.[n] ?? n;
    if (bytesPerVoxel === 2) view.setInt16(first + 2 * n, value, littleEndian);
    else bytes[first + n * bytesPerVoxel] = value;
  }
  return bytes;
}
