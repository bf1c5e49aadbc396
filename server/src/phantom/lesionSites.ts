import type { Random } from './random.js';
import type { Point, Shape } from './shapes.js';
import type { VesselPiece } from './vessels.js';

/** Where in the liver a lesion lies. */
export const SITES = ['parenchyma', 'capsule', 'vessel', 'dome'] as const;
export type Site = (typeof SITES)[number];

export interface Occupied {
  readonly centre: Point;
  readonly radius: number;
}

/** The liver of one subject, in the coordinates of the reference phase. */
export interface SubjectLiver {
  /** Negative inside. */
  readonly depth: Shape;
  readonly vessels: readonly VesselPiece[];
  /** From the common anatomy, where vessels are described, to the subject. */
  readonly fromAnatomy: (point: Point) => Point;
}

const ATTEMPTS = 6000;

/** A centre for a lesion of this radius, clear of the others; null if the liver has no such place. */
export function findSite(
  random: Random,
  liver: SubjectLiver,
  site: Site,
  radius: number,
  occupied: readonly Occupied[]
): Point | null {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const candidate = propose(random, liver, site, radius);
    if (candidate === null || !fits(candidate, liver, site, radius)) continue;
    if (occupied.every(other => distance(candidate, other.centre) > other.radius + radius + 4)) return candidate;
  }
  return null;
}

function propose(random: Random, liver: SubjectLiver, site: Site, radius: number): Point | null {
  if (site !== 'vessel') return [random.between(-60, 125), random.between(-75, 100), random.between(-60, 75)];
  const piece = liver.vessels[Math.floor(random.uniform() * liver.vessels.length)];
  if (piece === undefined || piece.radius < 2.4) return null;
  const t = random.uniform();
  const at = liver.fromAnatomy([
    piece.from[0] + t * (piece.to[0] - piece.from[0]),
    piece.from[1] + t * (piece.to[1] - piece.from[1]),
    piece.from[2] + t * (piece.to[2] - piece.from[2])
  ]);
  const [x, y, z] = random.direction();
  const away = 0.9 * radius + piece.radius;
  return [at[0] + away * x, at[1] + away * y, at[2] + away * z];
}

function fits([x, y, z]: Point, liver: SubjectLiver, site: Site, radius: number): boolean {
  if (liver.depth(x, y, z) > -0.3 * radius) return false;
  const { distance: depth, normal } = surfaceDistance(liver.depth, [x, y, z]);
  switch (site) {
    case 'parenchyma':
      return depth < -(radius + 6) && clearOfVessels([x, y, z], liver, radius);
    case 'vessel':
      return depth < -(radius + 3);
    case 'capsule':
      // Bulges a little over the free surface; not where the liver meets the diaphragm from below.
      return depth > -0.85 * radius && depth < -0.7 * radius && normal[2] < 0.5;
    case 'dome':
      return depth > -(radius + 5) && depth < -(radius + 1) && normal[2] > 0.8 && z > 20;
  }
}

function clearOfVessels(centre: Point, liver: SubjectLiver, radius: number): boolean {
  return liver.vessels.every(({ from, to, radius: thickness }) => {
    if (thickness < 2.4) return true;
    const middle = liver.fromAnatomy([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2]);
    return distance(centre, middle) > radius + thickness + 4;
  });
}

const STEEPEST = 1.6;
const FLATTEST = 0.2;

/** Distance to the surface and its outward normal, to first order: the value over the size of its gradient. */
export function surfaceDistance(shape: Shape, [x, y, z]: Point): { readonly distance: number; readonly normal: Point } {
  const step = 0.5;
  const gx = (shape(x + step, y, z) - shape(x - step, y, z)) / (2 * step);
  const gy = (shape(x, y + step, z) - shape(x, y - step, z)) / (2 * step);
  const gz = (shape(x, y, z + step) - shape(x, y, z - step)) / (2 * step);
  // No shape is steeper than this, however the anatomy is deformed: more is a jump between two of its bounds.
  const size = Math.min(STEEPEST, Math.max(FLATTEST, Math.sqrt(gx * gx + gy * gy + gz * gz)));
  return { distance: shape(x, y, z) / size, normal: [gx / size, gy / size, gz / size] };
}

function distance(a: Point, b: Point): number {
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
}
