import type { Dims } from '@voxcord/schemas/labelmap';
import type { VoxelType } from '@voxcord/schemas/api';
import type { ReleaseCaseContent, ReleaseContent, ReleasedReadContent } from '../../truth/index.js';

/** Where the bricks of a map are: blobs. */
export interface MapPlan {
  readonly dims: Dims;
  readonly bricks: readonly { readonly index: number; readonly sha256: string }[];
}

/** The image behind a report's pictures: an uncompressed NIfTI rendition, and what its values mean. */
export interface PicturePlan {
  readonly rendition: string;
  readonly voxels: number;
  readonly voxelType: VoxelType;
  readonly slope: number;
  readonly intercept: number;
  readonly window: readonly [number, number];
}

export interface PlannedCase extends Omit<ReleaseCaseContent, 'truth' | 'soft' | 'reads' | 'picture'> {
  readonly truth: MapPlan;
  readonly soft: readonly { readonly segment: number; readonly map: MapPlan }[];
  readonly reads: readonly (Omit<ReleasedReadContent, 'load'> & { readonly map: MapPlan })[];
  readonly picture: PicturePlan | null;
}

/** A release's content as plain data, for the thread that writes it: blobs are fetched one at a time. */
export interface ReleasePlan extends Omit<ReleaseContent, 'cases'> {
  readonly cases: readonly PlannedCase[];
}

export type ReleaseMessage =
  | { readonly kind: 'load'; readonly number: number; readonly sha256: string }
  | { readonly kind: 'file'; readonly number: number; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'done'; readonly sha256: string }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string };

/** The answer to a message with that number: bytes that were asked for, or null once a file is stored. */
export interface ReleaseReply {
  readonly number: number;
  readonly bytes: Uint8Array | null;
}
