import type { DsseEnvelope, ReleasedCase, ReleaseManifest, RevisionManifest } from '@voxcord/schemas/files';

/**
 * All that a release is made of. Maps are functions, so that one case at a time is in memory; they answer arrays on the
 * case's `geometry.grid` (closest-canonical RAS, i fastest) and may be called more than once.
 */
export interface ReleaseContent extends Omit<ReleaseManifest, 'format' | 'software' | 'cases' | 'files'> {
  readonly cases: readonly ReleaseCaseContent[];
}

export interface ReleaseCaseContent extends Omit<ReleasedCase, 'truth' | 'soft' | 'reads'> {
  /** The final label map: consensus with the adjudicators' decisions. */
  readonly truth: () => Promise<Uint8Array>;
  readonly soft: readonly SoftMapContent[];
  readonly reads: readonly ReleasedReadContent[];
  /** The image behind the report's pictures; null: outlines on plain ground. */
  readonly picture: (() => Promise<PictureImage>) | null;
}

export interface SoftMapContent {
  readonly segment: number;
  /** Probability of the segment in each voxel, 0 to 1. */
  readonly load: () => Promise<Float32Array>;
}

export interface ReleasedReadContent {
  readonly manifest: RevisionManifest;
  readonly signatures: readonly DsseEnvelope[];
  readonly load: () => Promise<Uint8Array>;
}

/** An image on the case's grid, and the values that are shown black and white. */
export interface PictureImage {
  readonly values: ArrayLike<number>;
  readonly window: readonly [number, number];
}
