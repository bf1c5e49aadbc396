import type { RegionRule } from '@voxcord/schemas/api';
import type { Vector } from '@voxcord/schemas/geometry';
import { boxVolume, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { clippedBox, grownBox, wholeBox } from '../morphology/boxes.js';

/** Regions that a dependence report compares with the one asked for. */
export const COMPARED_REGIONS: readonly RegionRule[] = [
  { rule: 'union' },
  { rule: 'margin', millimetres: 10 },
  { rule: 'whole' }
];

export interface Region {
  readonly rule: RegionRule;
  /** Null: an empty region. With `beyond: 'background'` it may reach beyond the grid. */
  readonly box: VoxelBox | null;
  readonly voxels: number;
}

/**
 * The region of a rule.
 *
 * @param union box of the voxels that any reader marked; null if there are none
 * @param beyond what a margin does at the border of the image: it is `clipped`, or what lies beyond counts as
 *   `background`, so that widening the image with background changes nothing
 */
export function regionOf(
  rule: RegionRule,
  union: VoxelBox | null,
  dims: Dims,
  spacing: Vector,
  beyond: 'clipped' | 'background'
): Region {
  const box = boxOf(rule, union, dims, spacing, beyond);
  return { rule, box, voxels: box === null ? 0 : boxVolume(box) };
}

function boxOf(
  rule: RegionRule,
  union: VoxelBox | null,
  dims: Dims,
  spacing: Vector,
  beyond: 'clipped' | 'background'
): VoxelBox | null {
  switch (rule.rule) {
    case 'whole':
      return wholeBox(dims);
    case 'union':
      return union;
    case 'margin': {
      if (union === null) return null;
      const grown = grownBox(union, rule.millimetres, spacing);
      return beyond === 'clipped' ? clippedBox(grown, dims) : grown;
    }
  }
}

/** As in the command's `--roi`. */
export function nameOfRegion(rule: RegionRule): string {
  return rule.rule === 'margin' ? `margin:${rule.millimetres}` : rule.rule;
}
