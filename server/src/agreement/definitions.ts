/**
 * How a surface distance is defined. Figures of different definitions are not comparable, so each is stored with its
 * id. In a grid of one slice the surface is a contour and areas are lengths.
 *
 * - `deepmind`: surface elements at the corners between voxels, weighted by their area (marching cubes); percentiles are
 *   area-weighted and not interpolated (DeepMind's surface-distance).
 * - `metricsreloaded`: centres of the voxels of the mask that a 6-connected erosion takes away, each counting one;
 *   percentiles are interpolated between order statistics, of both directions the larger one (MetricsReloaded, MONAI).
 * - `medpy`: the same voxels; the percentile is that of both directions' distances in one pool (MedPy).
 * - `mean-of-directed`: the same voxels; the percentile is the mean of the two directed ones.
 * - `mesh`: the centres of the triangles of the surface at 0.5, weighted by their area, to the nearest point of the other
 *   surface (as MeshMetrics).
 */
export type SurfaceDefinition = 'deepmind' | 'metricsreloaded' | 'medpy' | 'mean-of-directed' | 'mesh';

export const SURFACE_DEFINITIONS: readonly SurfaceDefinition[] = [
  'deepmind',
  'metricsreloaded',
  'medpy',
  'mean-of-directed',
  'mesh'
];

/** What HD95 stands for. */
export const DEFAULT_PERCENTILE = 95;

/** Why a figure has no value. */
export type NoValue =
  /** Neither read has the segment. */
  | 'both-empty'
  /** One read has the segment: the distance to nothing is infinite. */
  | 'one-empty'
  /** The definition has no such metric. */
  | 'not-defined';
