/** What an import may ask for. Everything is checked against these before memory is taken. */
export interface ImagingLimits {
  /** Bytes of the decoded voxels of one volume (one frame). */
  readonly volumeBytes: number;
  /** Volumes from one 4D file. */
  readonly frames: number;
  /** Bytes before the voxels: header and extensions. */
  readonly headerBytes: number;
  /** Decoded bytes per compressed byte that are believed, beyond `gzipGrace` decoded bytes. */
  readonly gzipRatio: number;
  readonly gzipGrace: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_LIMITS: ImagingLimits = {
  volumeBytes: 2048 * MiB,
  frames: 4096,
  headerBytes: 16 * MiB,
  gzipRatio: 500,
  gzipGrace: 64 * MiB
};

/** Longest side of a volume; also that of label maps. */
export const MAX_SIDE = 65535;
