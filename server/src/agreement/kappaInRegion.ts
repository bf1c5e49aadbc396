import { boxVolume, voxelCount, type VoxelBox } from '@voxcord/schemas/labelmap';
import { clippedBox, grownBox } from '../morphology/boxes.js';
import type { KappaRegion } from './kappaRegion.js';
import { addSubjects, fleissKappa, type NoKappa, type RatingTotals, type Statistic } from './raters/fleissKappa.js';
import type { GridGeometry } from './surfaces/mask.js';

/** Voxels of a region. */
export function regionVoxels(
  region: KappaRegion,
  painted: { readonly box: VoxelBox | null; readonly voxels: number },
  { dims, spacing }: GridGeometry
): number {
  if (region.kind === 'whole') return voxelCount(dims);
  if (painted.box === null) return 0;
  if (region.kind === 'union') return painted.voxels;
  if (region.kind === 'union-box') return boxVolume(painted.box);
  return boxVolume(clippedBox(grownBox(painted.box, region.mm, spacing), dims));
}

/** Fleiss' kappa of voxels: of those painted by anybody, and as many that nobody has painted as the region adds. */
export function kappaInRegion(painted: RatingTotals, voxels: number): Statistic<NoKappa> {
  const totals: RatingTotals = { ...painted, categories: painted.categories.slice() };
  addSubjects(totals, [painted.raters], voxels - painted.subjects);
  return fleissKappa(totals);
}
