import type { SurfaceDefinition } from '../definitions.js';
import { DistancesTo, type DirectedDistances } from './directedDistances.js';
import type { Mask, MaskGrid } from './mask.js';
import { nearbyRows } from './nearestPoint.js';
import { MeshDistances } from './meshDistances.js';
import { boundaryVoxels, surfaceElements, type Surface } from './surface.js';
import { FIGURES_OF_NOTHING, FIGURES_WITH_ONE_EMPTY, surfaceFigures, type SurfaceFigures } from './surfaceFigures.js';

export type PairSurfaces = Readonly<Partial<Record<SurfaceDefinition, SurfaceFigures>>>;

export interface SurfaceSettings {
  /** mm. */
  readonly tau: number;
  readonly percentile: number;
  readonly definitions: readonly SurfaceDefinition[];
}

/** Distances between every two of several surfaces: `[from][to]`; null where one of them is empty. */
type Distances = readonly (readonly (DirectedDistances | null)[])[];

/** Definitions that look at the same points share their distances. */
type Points = 'elements' | 'voxels' | 'triangles';

const POINTS: Readonly<Record<SurfaceDefinition, Points>> = {
  deepmind: 'elements',
  metricsreloaded: 'voxels',
  medpy: 'voxels',
  'mean-of-directed': 'voxels',
  mesh: 'triangles'
};

/** Where neither mask has anything. */
export function surfacesOfNothing(definitions: readonly SurfaceDefinition[]): PairSurfaces {
  return Object.fromEntries(definitions.map(definition => [definition, FIGURES_OF_NOTHING]));
}

/** Surface figures of masks A and B of several on one grid, by their places in `masks`. */
export function surfacesOfPairs(
  masks: readonly Mask[],
  grid: MaskGrid,
  settings: SurfaceSettings
): (a: number, b: number) => PairSurfaces {
  const isEmpty = masks.map(mask => !mask.includes(1));
  const distances = new Map<Points, Distances>();
  for (const definition of settings.definitions) {
    const points = POINTS[definition];
    if (!distances.has(points)) distances.set(points, distancesBetween(points, masks, isEmpty, grid));
  }
  const figuresOf = (definition: SurfaceDefinition, a: number, b: number): SurfaceFigures => {
    if (isEmpty[a] === true && isEmpty[b] === true) return FIGURES_OF_NOTHING;
    const between = distances.get(POINTS[definition]);
    const there = between?.[a]?.[b] ?? null;
    const back = between?.[b]?.[a] ?? null;
    if (there === null || back === null) return FIGURES_WITH_ONE_EMPTY;
    return surfaceFigures(definition, there, back, settings);
  };
  return (a, b) =>
    Object.fromEntries(settings.definitions.map(definition => [definition, figuresOf(definition, a, b)]));
}

function distancesBetween(
  points: Points,
  masks: readonly Mask[],
  isEmpty: readonly boolean[],
  grid: MaskGrid
): Distances {
  if (points === 'triangles') {
    const meshes = masks.map((mask, at) => (isEmpty[at] === true ? null : MeshDistances.ofMask(mask, grid)));
    return pairwise(meshes, to => from => to.from(from));
  }
  const surfaceOf = points === 'elements' ? surfaceElements : boundaryVoxels;
  const surfaces = masks.map((mask, at): Surface | null => (isEmpty[at] === true ? null : surfaceOf(mask, grid)));
  const [lattice] = surfaces.flatMap(surface => (surface === null ? [] : [surface.lattice]));
  const rows = nearbyRows(lattice ?? grid.dims, grid.spacing);
  return pairwise(surfaces, to => {
    // One distance transform serves all that are measured to this surface.
    const distancesTo = new DistancesTo(to, grid.spacing, rows);
    return from => distancesTo.from(from);
  });
}

function pairwise<Shape>(
  shapes: readonly (Shape | null)[],
  measureTo: (to: Shape) => (from: Shape) => DirectedDistances
): Distances {
  const distances = shapes.map(() => shapes.map((): DirectedDistances | null => null));
  shapes.forEach((to, column) => {
    if (to === null) return;
    const measure = measureTo(to);
    shapes.forEach((from, row) => {
      const line = distances[row];
      if (from !== null && row !== column && line !== undefined) line[column] = measure(from);
    });
  });
  return distances;
}
