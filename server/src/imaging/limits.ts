import { totalmem } from 'node:os';
import { constrainedMemory } from 'node:process';

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
  /** Bytes that the renditions of all frames may take on the disk. */
  readonly diskBytes: number;
}

const MiB = 1024 * 1024;

/** What this process may use: the limit of its container, if there is one. */
const memory = Math.min(totalmem(), constrainedMemory() || Infinity);

export const DEFAULT_LIMITS: ImagingLimits = {
  // Reading takes up to two and a half times as much, and two files are read at a time: the rest is for everything else.
  volumeBytes: Math.min(2048 * MiB, Math.floor(memory / 8)),
  frames: 4096,
  headerBytes: 16 * MiB,
  gzipRatio: 500,
  gzipGrace: 64 * MiB,
  diskBytes: Infinity
};

/** Longest side of a volume; also that of label maps. */
export const MAX_SIDE = 65535;
