/** Where the fields of the two NIfTI headers are, in bytes from the start of the file. */
export interface NiftiLayout {
  readonly version: 1 | 2;
  readonly size: number;
  /** Where voxels begin at the earliest: header and the four bytes that announce extensions. */
  readonly firstVoxel: number;
  readonly dim: number;
  readonly datatype: number;
  readonly bitpix: number;
  readonly pixdim: number;
  readonly voxOffset: number;
  readonly sclSlope: number;
  readonly sclInter: number;
  readonly calMax: number;
  readonly calMin: number;
  readonly xyztUnits: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** quatern_b, c, d, qoffset_x, y, z: six numbers in a row. */
  readonly quaternion: number;
  /** srow_x, y, z: twelve numbers in a row. */
  readonly srow: number;
}

export const NIFTI1: NiftiLayout = {
  version: 1,
  size: 348,
  firstVoxel: 352,
  dim: 40,
  datatype: 70,
  bitpix: 72,
  pixdim: 76,
  voxOffset: 108,
  sclSlope: 112,
  sclInter: 116,
  calMax: 124,
  calMin: 128,
  xyztUnits: 123,
  qformCode: 252,
  sformCode: 254,
  quaternion: 256,
  srow: 280
};

export const NIFTI2: NiftiLayout = {
  version: 2,
  size: 540,
  firstVoxel: 544,
  dim: 16,
  datatype: 12,
  bitpix: 14,
  pixdim: 104,
  voxOffset: 168,
  sclSlope: 176,
  sclInter: 184,
  calMax: 192,
  calMin: 200,
  xyztUnits: 500,
  qformCode: 344,
  sformCode: 348,
  quaternion: 352,
  srow: 400
};

/** Reads and writes the fields of a header; numbers are wider in version 2. */
export class HeaderFields {
  private readonly view: DataView;

  constructor(
    bytes: Uint8Array,
    readonly layout: NiftiLayout,
    readonly littleEndian: boolean
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** dim, in both versions an integer. Not a safe integer: infinity. */
  dim(index: number): number {
    if (this.layout.version === 1) return this.view.getInt16(this.layout.dim + 2 * index, this.littleEndian);
    return safeInteger(this.view.getBigInt64(this.layout.dim + 8 * index, this.littleEndian));
  }

  setDim(index: number, value: number): void {
    if (this.layout.version === 1) this.view.setInt16(this.layout.dim + 2 * index, value, this.littleEndian);
    else this.view.setBigInt64(this.layout.dim + 8 * index, BigInt(value), this.littleEndian);
  }

  short(offset: number): number {
    return this.view.getInt16(offset, this.littleEndian);
  }

  setShort(offset: number, value: number): void {
    this.view.setInt16(offset, value, this.littleEndian);
  }

  /** A code: int16 in version 1, int32 in version 2. */
  code(offset: number): number {
    if (this.layout.version === 1) return this.view.getInt16(offset, this.littleEndian);
    return this.view.getInt32(offset, this.littleEndian);
  }

  setCode(offset: number, value: number): void {
    if (this.layout.version === 1) this.view.setInt16(offset, value, this.littleEndian);
    else this.view.setInt32(offset, value, this.littleEndian);
  }

  units(): number {
    if (this.layout.version === 1) return this.view.getUint8(this.layout.xyztUnits);
    return this.view.getInt32(this.layout.xyztUnits, this.littleEndian);
  }

  setUnits(value: number): void {
    if (this.layout.version === 1) this.view.setUint8(this.layout.xyztUnits, value);
    else this.view.setInt32(this.layout.xyztUnits, value, this.littleEndian);
  }

  /** Number `index` of the row of floating point numbers at `offset`. */
  real(offset: number, index = 0): number {
    if (this.layout.version === 1) return this.view.getFloat32(offset + 4 * index, this.littleEndian);
    return this.view.getFloat64(offset + 8 * index, this.littleEndian);
  }

  setReal(offset: number, value: number, index = 0): void {
    if (this.layout.version === 1) this.view.setFloat32(offset + 4 * index, value, this.littleEndian);
    else this.view.setFloat64(offset + 8 * index, value, this.littleEndian);
  }

  voxOffset(): number {
    if (this.layout.version === 1) return this.view.getFloat32(this.layout.voxOffset, this.littleEndian);
    return safeInteger(this.view.getBigInt64(this.layout.voxOffset, this.littleEndian));
  }

  setVoxOffset(value: number): void {
    if (this.layout.version === 1) this.view.setFloat32(this.layout.voxOffset, value, this.littleEndian);
    else this.view.setBigInt64(this.layout.voxOffset, BigInt(value), this.littleEndian);
  }
}

function safeInteger(value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : Infinity * Math.sign(number);
}
