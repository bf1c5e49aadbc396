export type ImagingErrorCode =
  | 'file.unreadable'
  | 'gzip.corrupt'
  | 'gzip.bomb'
  | 'nifti.magic'
  | 'nifti.pair'
  | 'nifti.truncated'
  | 'nifti.datatype'
  | 'nifti.dimensions'
  | 'nifti.affine'
  | 'nifti.offset'
  | 'nifti.extension'
  | 'nifti.scaling'
  | 'volume.too-large'
  | 'volume.no-space'
  | 'frame.unknown'
  | 'label-map.grid';

/** An image that cannot be read or written. The message says what is wrong and what to do; it holds no file name. */
export class ImagingError extends Error {
  override readonly name = 'ImagingError';
  constructor(
    readonly code: ImagingErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
