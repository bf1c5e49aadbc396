import type { Acquisition, LiradsFeatures, MeasuredPerformance, Nodule, ReaderProfileName } from '../phantom/index.js';

/*
 * What `--json` prints, one object per command. Names and meanings do not change.
 */

export interface ImportedCase {
  /** Hashes, in frame order. */
  readonly volumes: readonly string[];
  readonly project: string;
  readonly case: string;
  readonly reads: readonly string[];
}

export interface DemoCase {
  readonly project: string;
  readonly case: string;
  readonly read: string;
  readonly volume: string;
  /** Whether it was made by this call. */
  readonly created: boolean;
  readonly caseFile: string | null;
}

export interface ExportedLabelMap {
  readonly read: string;
  readonly volume: string;
  readonly file: string;
  /** Voxels per segment number, without 0. */
  readonly voxels: Readonly<Record<string, number>>;
}

/** World points and lengths in mm, RAS+; volumes in mm³; CT numbers in HU. */
export interface GeneratedPhantom {
  readonly folder: string;
  readonly seed: number;
  readonly dims: readonly number[];
  readonly affine: readonly number[];
  readonly acquisition: Acquisition;
  /** Numbers in the label maps. */
  readonly segments: { readonly liver: number; readonly nodule: number };
  /** Exactly, in the reference phase (portal). */
  readonly nodules: readonly (Pick<Nodule, 'id' | 'site' | 'centre' | 'volumeMm3' | 'longAxisMm' | 'hu'> & {
    readonly features: LiradsFeatures;
  })[];
  readonly mimics: readonly {
    readonly kind: string;
    readonly centre: readonly number[];
    readonly diameterMm: number;
  }[];
  readonly phases: readonly GeneratedPhase[];
}

export interface GeneratedPhase {
  readonly phase: string;
  /** Against the reference phase: mm upwards by breathing, and amplitude of the smooth deformation. */
  readonly motion: { readonly breathing: number; readonly warp: number };
  readonly image: string;
  /** Label map: 1 liver, 2 nodule. */
  readonly truth: string;
  /** Label map: ids of the nodules. */
  readonly nodulesFile: string;
  /** Share of each voxel that is nodule, 0 to 1. */
  readonly sharesFile: string;
  /** As they lie in this phase. */
  readonly nodules: readonly { readonly id: number; readonly centre: readonly number[]; readonly volumeMm3: number }[];
  readonly readers: readonly GeneratedReader[];
}

export interface GeneratedReader {
  readonly file: string;
  readonly profile: ReaderProfileName;
  readonly found: readonly number[];
  readonly missed: readonly number[];
  readonly falseMarks: readonly string[];
  readonly liver: MeasuredPerformance;
  readonly nodules: MeasuredPerformance;
}
