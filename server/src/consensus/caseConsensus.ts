import type { LesionMatching, ShapeMethod } from '@voxcord/schemas/api';
import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import type { SoftMap } from './softMap.js';
import type { VotePatterns } from './votePatterns.js';
import type { ConsensusWarning } from './warnings.js';

/** One reader's label map of a case. */
export interface CaseRead {
  /** Named in warnings; distinct. */
  readonly id: string;
  /** Segment numbers, one per voxel, i fastest. */
  readonly labels: Uint8Array;
  /** Weight of the reader's votes, 0 or more; 1 if left out. A reader of weight 0 is compared but not counted. */
  readonly weight?: number;
  /** Segments that this reader was not asked to read: no mark there says nothing. */
  readonly notRead?: readonly number[];
}

/** One object per case, such as an organ. */
export interface StructureRule {
  readonly kind: 'structure';
  readonly segment: number;
  readonly method: ShapeMethod;
}

/** Any number of objects: matched one by one, then voted on, then their shape is agreed on. */
export interface LesionRule {
  readonly kind: 'lesion';
  readonly segment: number;
  readonly matching: LesionMatching;
  /** Readers who must have seen a lesion; null: more than half of those who read the segment. */
  readonly presence: number | null;
  readonly shape: ShapeMethod;
}

export type SegmentRule = StructureRule | LesionRule;

export interface CaseInput {
  readonly dims: Dims;
  /** Voxel size along i, j, k in mm. */
  readonly spacing: Vector;
  /** 1 to 16. */
  readonly reads: readonly CaseRead[];
  /** One rule per segment. Labels without a rule count as background. */
  readonly rules: readonly SegmentRule[];
}

/** Estimated by STAPLE; for the other methods counted against the consensus. Null: not defined here. */
export interface ReaderPerformance {
  readonly read: string;
  /** Share of the structure's voxels that the reader marked. */
  readonly sensitivity: number | null;
  /** Share of the region's other voxels that the reader left unmarked. */
  readonly specificity: number | null;
  /** Why a number is null. */
  readonly reason: string | null;
}

/** Voxels of the consensus with other regions than the one asked for. */
export interface RegionDependence {
  /** Whether the answers differ by more than one voxel. */
  readonly depends: boolean;
  /** Empty where the method does not depend on a region. */
  readonly answers: readonly { readonly region: string; readonly voxels: number }[];
}

export interface SegmentConsensus {
  readonly segment: number;
  /** The method that was used; another one than asked for after a fallback, of which a warning tells. */
  readonly method: ShapeMethod['id'];
  readonly voxels: number;
  readonly volumeMl: number;
  /** Undecided voxels that one reader at least gave to this segment. */
  readonly undecidedVoxels: number;
  /** As ITK counts: the index of the last iteration, from 0. Null for methods without iterations, and per lesion. */
  readonly iterations: number | null;
  readonly performance: readonly ReaderPerformance[];
  readonly region: RegionDependence;
  readonly soft: SoftMap;
}

/** How one reader drew a lesion. */
export interface LesionReader {
  readonly read: string;
  /** Null: this reader has not read the segment. */
  readonly present: boolean | null;
  readonly voxels: number;
  readonly volumeMl: number;
  /** Greatest distance between the centres of two of its voxels, mm; 0 if there are none. */
  readonly diameter: number;
}

export interface LesionConsensus {
  /** From 1, over all lesion segments: by segment, then by first voxel. */
  readonly id: number;
  readonly segment: number;
  readonly votes: number;
  /** Readers who read the segment. */
  readonly asked: number;
  /** Whether enough readers saw it. */
  readonly accepted: boolean;
  /** Probability that the lesion exists: mean of the Beta distribution after these votes, starting from a uniform one. */
  readonly existence: number;
  /** Voxels of the hard consensus; of a lesion that was not accepted, of the union of its readers' masks. */
  readonly voxels: number;
  readonly volumeMl: number;
  /** As of `LesionReader`. */
  readonly diameter: number;
  /** Grid coordinates of the centre of mass; the middle of voxel (i, j, k) is (i, j, k). */
  readonly centre: Vector;
  readonly box: VoxelBox;
  readonly method: ShapeMethod['id'];
  readonly iterations: number | null;
  readonly performance: readonly ReaderPerformance[];
  readonly readers: readonly LesionReader[];
}

export type DisputeKind = 'presence' | 'boundary' | 'label';

/** A connected region of voxels on which the readers do not all agree. */
export interface DisputedRegion {
  /** From 1, the most severe kind and the largest first. */
  readonly number: number;
  /**
   * `presence`: some reader did not see the object at all. `label`: readers gave the voxels to different segments.
   * `boundary`: all saw the object, and drew its border elsewhere.
   */
  readonly kind: DisputeKind;
  readonly segments: readonly number[];
  readonly lesion: number | null;
  /** Start, length, start, length ... in linear order. */
  readonly runs: Uint32Array;
  readonly voxels: number;
  readonly volumeMl: number;
  readonly box: VoxelBox;
  /** Grid coordinates of the centre of mass. */
  readonly centre: Vector;
  /** Mean disagreement of the voxels, 0 to 1. */
  readonly severity: number;
  readonly candidates: readonly {
    readonly read: string;
    /** Whether the reader marked the object anywhere; null: not read. */
    readonly present: boolean | null;
    /** Voxels of the region that the reader gave to one of the segments. */
    readonly voxels: number;
    readonly volumeMl: number;
  }[];
  readonly consensus: {
    /** Voxels of the region that the hard consensus gives to one of the segments. */
    readonly voxels: number;
    readonly volumeMl: number;
    /** Mean over the region of the probability that a voxel belongs to one of the segments. */
    readonly probability: number;
    readonly undecidedVoxels: number;
  };
}

export interface CaseConsensus {
  /** Segment numbers, one per voxel; 0 where nothing is, and where it is undecided. */
  readonly labels: Uint8Array;
  /** Voxels without a decision: start, length, start, length ... in linear order. */
  readonly undecided: Uint32Array;
  readonly undecidedVoxels: number;
  /** 0 (all agree) to 255 (as far apart as can be), one per voxel: `disagreementOfPatterns` says how it is counted. */
  readonly disagreement: Uint8Array;
  /** Which votes each voxel got; soft maps refer to it. */
  readonly patterns: VotePatterns;
  readonly segments: readonly SegmentConsensus[];
  readonly lesions: readonly LesionConsensus[];
  readonly disputes: readonly DisputedRegion[];
  readonly warnings: readonly ConsensusWarning[];
}
