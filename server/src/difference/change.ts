import type { Affine, Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';

/** Where label maps lie: i is fastest; voxel to world in mm, RAS+. */
export interface VolumeGeometry {
  readonly dims: Dims;
  readonly affine: Affine;
}

/**
 * What happened to an object: a set of voxels of one segment that touch by faces, edges or corners.
 * - `added`, `removed`: it overlaps no object of its segment before, or after.
 * - `split`: one object became several; `merged`: several became one.
 * - `relabelled`: most of it belongs to another segment now.
 * - `moved`: one object stayed one, and its boundary is elsewhere.
 */
export type ChangeKind = 'added' | 'removed' | 'split' | 'merged' | 'relabelled' | 'moved';

export interface LesionChange {
  readonly kind: ChangeKind;
  readonly segment: number;
  /** The segment before, where it was relabelled. */
  readonly previousSegment: number | null;
  /** Objects that it was, and objects that it is. */
  readonly before: number;
  readonly after: number;
  readonly volumeBeforeMl: number;
  readonly volumeAfterMl: number;
  /** Of the objects before and after; null where one of them is not there. */
  readonly dice: number | null;
  /** Of the boundary in mm, positive outward (see `boundaryMovement`); null where there is none before or after. */
  readonly meanMovement: number | null;
  /** The movement that is the largest, whether outward or inward. */
  readonly maximumMovement: number | null;
  /** Of what changed if it moved, else of the objects; world, mm. */
  readonly centre: Vector;
  /** Around the same; voxels. */
  readonly box: VoxelBox;
}

export interface SegmentChange {
  readonly number: number;
  readonly volumeBeforeMl: number;
  readonly volumeAfterMl: number;
  readonly addedVoxels: number;
  readonly removedVoxels: number;
  /** Null if it is in neither label map. */
  readonly dice: number | null;
}

/** What changed between two label maps. */
export interface LabelMapDifference {
  readonly identical: boolean;
  readonly segments: readonly SegmentChange[];
  /** By segment; added first, then removed, relabelled, split, merged and moved; the larger change first. */
  readonly changes: readonly LesionChange[];
}
