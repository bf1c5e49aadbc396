import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { SurfaceDefinition } from './definitions.js';
import type { KappaRegion } from './kappaRegion.js';
import type { Conformity, EmptyMasks } from './overlap.js';
import type { NoKappa, Statistic } from './raters/fleissKappa.js';
import type { SurfaceFigures } from './surfaces/surfaceFigures.js';

/** One reader's label map: one segment number per voxel, i fastest, 0 is background. */
export interface ReadLabels {
  readonly name: string;
  readonly labels: Uint8Array;
}

export interface AgreementOptions {
  /** How far (mm) surfaces may be apart and still count as agreeing (NSD). */
  readonly tau: number;
  /** Of the robust Hausdorff distance; 95 if left out. */
  readonly percentile?: number;
  /** `deepmind`, `metricsreloaded` and `mesh` if left out. */
  readonly definitions?: readonly SurfaceDefinition[];
  /** `union-box` if left out. */
  readonly kappaRoi?: KappaRegion;
}

/** Without these no figure can be compared with another one. */
export interface MeasuringConditions {
  /** mm. */
  readonly tau: number;
  readonly percentile: number;
  /** mm along i, j and k. */
  readonly spacing: Vector;
  readonly dims: Dims;
  /** 2 in a grid of one slice: contours are measured instead of surfaces. */
  readonly dimensions: 2 | 3;
  readonly definitions: readonly SurfaceDefinition[];
  readonly kappaRoi: KappaRegion;
  /** Of Voxcord. */
  readonly softwareVersion: string;
}

/** How far two reads agree on one segment. */
export interface PairAgreement {
  readonly a: string;
  readonly b: string;
  /** Why `dice` and what is like it have no value; with `one-empty` they are 0 and distances have none. */
  readonly noValue: EmptyMasks | null;
  readonly dice: number | null;
  readonly iou: number | null;
  /** [A, B]. */
  readonly volumesMl: readonly [number, number];
  /** B minus A. */
  readonly volumeDifferenceMl: number;
  /** 2·(B − A) / (A + B); `null` if both are empty. */
  readonly relativeVolumeDifference: number | null;
  readonly surfaces: Readonly<Partial<Record<SurfaceDefinition, SurfaceFigures>>>;
}

/** Fleiss' kappa over voxels in the chosen region, and in each region that needs no number. */
export interface VoxelKappa {
  readonly roi: KappaRegion;
  readonly chosen: Statistic<NoKappa>;
  readonly inRegion: Readonly<Record<'union' | 'union-box' | 'whole', Statistic<NoKappa>>>;
}

export interface SegmentAgreement {
  readonly number: number;
  /** One per pair of reads, in the order of the reads: (1, 2), (1, 3) ... (2, 3) ... */
  readonly pairs: readonly PairAgreement[];
  readonly conformity: Conformity;
  /** Over the pairs that have a value; so many of them. */
  readonly meanDice: { readonly value: number | null; readonly pairs: number };
  /** This segment against everything else. */
  readonly kappa: VoxelKappa;
  /** Voxels that exactly 0, 1, 2 ... reads have, in the union box. */
  readonly votes: readonly number[];
}

export interface CaseAgreement {
  readonly conditions: MeasuringConditions;
  readonly reads: readonly string[];
  readonly segments: readonly SegmentAgreement[];
  /** All segments as categories. */
  readonly kappa: VoxelKappa;
}
