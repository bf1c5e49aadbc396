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

export interface LiverDemo {
  readonly project: string;
  readonly case: string;
  /** Portal venous phase, late arterial phase. */
  readonly volumes: readonly string[];
  /** Submitted by the simulated readers. */
  readonly reads: readonly string[];
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

export interface ExportedRelease {
  readonly release: string;
  readonly version: string;
  /** SHA-256 of `release.json`. */
  readonly manifest: string | null;
  readonly folder: string;
  readonly files: number;
}

export interface ListedRelease {
  readonly release: string;
  readonly project: string;
  readonly version: string;
  readonly state: string;
  readonly releasedAt: string | null;
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

export interface ConsensusFigures {
  readonly method: string;
  /** As used; null where a parameter does not apply. */
  readonly parameters: Readonly<Record<string, string | number | boolean | readonly number[] | null>>;
  /** Of the segment, if it is one; else null, and each segment has its own. */
  readonly readers: readonly ReaderFigures[];
  /** As ITK's ElapsedIterations; the most of all segments. Null for methods without iterations. */
  readonly iterations: number | null;
  readonly segments: readonly {
    readonly number: number;
    readonly voxels: number;
    readonly volumeMl: number;
    readonly undecidedVoxels: number;
    readonly iterations: number | null;
    readonly readers: readonly ReaderFigures[];
    /** Why sensitivities and specificities are null. */
    readonly reason: string | null;
    /** Box of the region on the closest-canonical grid, and the segment's voxels with other regions. */
    readonly region: {
      readonly from: readonly number[];
      readonly size: readonly number[];
      readonly voxels: number;
      readonly depends: boolean;
      readonly answers: readonly { readonly region: string; readonly voxels: number }[];
    } | null;
  }[];
  /** Closest-canonical. */
  readonly grid: { readonly dims: readonly number[]; readonly spacing: readonly number[] };
  readonly undecidedVoxels: number;
  /** Label of undecided voxels in the hard map; null if all labels are taken. */
  readonly undecidedLabel: number | null;
  readonly warnings: readonly {
    readonly code: string;
    readonly text: string;
    readonly segment: number | null;
    readonly reads: readonly string[];
  }[];
}

export interface ReaderFigures {
  readonly name: string;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
}

export interface InferenceFigures {
  readonly model: {
    readonly name: string;
    readonly version: string;
    /** Of the folder's content: `model.json` and the weights. */
    readonly sha256: string;
  };
  /** All segments of the model, in the order of their numbers. */
  readonly segments: readonly {
    readonly number: number;
    readonly voxels: number;
    readonly volumeMl: number;
  }[];
  readonly seconds: number;
  /** MB (10^6 bytes) of the process that ran the model. */
  readonly peakMemoryMb: number;
}
