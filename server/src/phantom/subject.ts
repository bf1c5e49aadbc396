import { bodyOf, bodyWall, cavityOf, spineAndItsMuscles, type BodySize } from './bodyWall.js';
import { VectorLattice } from './lattice.js';
import { placeLesions, MIMIC_KINDS, type Lesions, type MimicKind } from './lesions.js';
import { anatomyVariation } from './motion.js';
import { Random } from './random.js';
import { column, grown, subtraction, type Point, type Shape } from './shapes.js';
import { part, type Structure } from './structure.js';
import { outlines, viscera } from './viscera.js';
import { intrahepaticVessels, largeVessels } from './vessels.js';

/** One invented patient: everything that does not depend on the scanner or the phase. */
export interface Subject {
  readonly seed: number;
  readonly size: BodySize;
  /** Uppermost first; beyond the last is air. */
  readonly structures: readonly Structure[];
  readonly lesions: Lesions;
  /** From the reference phase to the common anatomy: displacement, mm. */
  readonly variation: VectorLattice;
  /** Signed distance to the liver's surface in the reference phase; nodules at its capsule not counted. */
  readonly liver: Shape;
}

export interface SubjectOptions {
  readonly seed: number;
  /** Longest diameters of the nodules, mm, at most 12 of 3 to 60 mm; left out: none to five of 5 to 29 mm. */
  readonly noduleDiameters?: readonly number[];
  /** Left out: one of each kind. */
  readonly mimics?: readonly MimicKind[];
}

/** Where anatomy and its deformation are described, mm. */
export const EXTENT: readonly [Point, Point] = [
  [-264, -210, -210],
  [264, 210, 210]
];

const LATTICE_MM = 10;

export function makeSubject(options: SubjectOptions): Subject {
  const { seed } = options;
  const random = Random.for(seed, 'body');
  const size: BodySize = {
    halfWidth: random.between(152, 166),
    halfDepth: random.between(109, 119),
    fat: random.between(13, 23)
  };
  const variation = new VectorLattice(...EXTENT, LATTICE_MM, anatomyVariation(seed));
  const cavity = cavityOf(size);
  const bodies = outlines(cavity);
  const vessels = intrahepaticVessels(bodies.liver, seed);
  const liver = inSubject(bodies.liver, variation);
  const lesions = placeLesions(
    seed,
    { depth: liver, vessels, fromAnatomy: point => fromAnatomy(point, variation) },
    { noduleDiameters: options.noduleDiameters ?? null, mimics: options.mimics ?? MIMIC_KINDS }
  );
  const trees = vessels.map(({ tissue, shape }) => part(tissue, shape, 'liver'));
  const body = bodyOf(size);
  const tray = column([0, 340], [360 + size.halfDepth, 352 + size.halfDepth]);
  return {
    seed,
    size,
    structures: [
      ...lesions.structures,
      ...trees,
      ...largeVessels(),
      ...spineAndItsMuscles(),
      ...viscera(bodies, seed, Random.for(seed, 'viscera')),
      part('fat', cavity),
      ...bodyWall(size),
      part('couch', subtraction(couchShell(tray), grown(body, 3)))
    ],
    lesions,
    variation,
    liver
  };
}

/** A thin tray below the back. */
function couchShell(tray: Shape): Shape {
  return (x, y, z) => Math.max(Math.abs(tray(x, y, z) + 4) - 2.5, y + 60, Math.abs(x) - 205);
}

function inSubject(shape: Shape, variation: VectorLattice): Shape {
  const shift = new Float64Array(3);
  return (x, y, z) => {
    variation.sample(x, y, z, shift);
    return shape(x + (shift[0] ?? 0), y + (shift[1] ?? 0), z + (shift[2] ?? 0));
  };
}

/** The point that the variation maps to this one: the displacement is smaller than its argument, so steps converge. */
function fromAnatomy(point: Point, variation: VectorLattice): Point {
  const shift = new Float64Array(3);
  let [x, y, z] = point;
  for (let step = 0; step < 12; step++) {
    variation.sample(x, y, z, shift);
    x = point[0] - (shift[0] ?? 0);
    y = point[1] - (shift[1] ?? 0);
    z = point[2] - (shift[2] ?? 0);
  }
  return [x, y, z];
}
