import { findSite, SITES, type Occupied, type Site, type SubjectLiver } from './lesionSites.js';
import { NoduleShape } from './noduleShape.js';
import { Random } from './random.js';
import { capsule, grown, intersection, sphere, union, type Point, type Shape } from './shapes.js';
import type { Structure } from './structure.js';
import { TISSUES, type Phase } from './tissues.js';

/** Sizes by longest diameter, mm: the strata in which detection is told. */
export const SIZE_BINS = [
  [5, 10],
  [10, 20],
  [20, 29]
] as const;

/** Imaging features as LI-RADS names them. */
export interface LiradsFeatures {
  readonly nonRimArterialPhaseHyperenhancement: boolean;
  readonly nonPeripheralWashout: boolean;
  readonly enhancingCapsule: boolean;
  /** Outer edge to outer edge in the axial plane, mm. */
  readonly sizeMm: number;
}

/** A hepatocellular carcinoma, as it truly is in the reference phase. */
export interface Nodule {
  /** From 1 on. */
  readonly id: number;
  readonly site: Site;
  readonly shape: NoduleShape;
  /** Centre of mass, world mm. */
  readonly centre: Point;
  /** Exact, from the formula of its surface. */
  readonly volumeMm3: number;
  /** Largest distance of two of its points, mm. */
  readonly longAxisMm: number;
  readonly features: LiradsFeatures;
  /** CT numbers without noise. */
  readonly hu: Readonly<Record<Phase, number>>;
}

export const MIMIC_KINDS = ['cyst', 'haemangioma', 'perfusion-wedge', 'metastasis', 'vessel'] as const;
export type MimicKind = (typeof MIMIC_KINDS)[number];

/** Something in the liver that may be taken for a nodule. */
export interface Mimic {
  readonly kind: MimicKind;
  readonly centre: Point;
  readonly diameterMm: number;
  /** Signed distance to its surface, mm, near it. */
  readonly depth: Shape;
}

/** What the liver holds, and how it is drawn: the uppermost first. */
export interface Lesions {
  readonly nodules: readonly Nodule[];
  readonly mimics: readonly Mimic[];
  readonly structures: readonly Structure[];
  /** CT numbers of the structures whose tissue is their own. */
  readonly ownHu: ReadonlyMap<Structure, Readonly<Record<Phase, number>>>;
}

export interface WantedLesions {
  /** Longest diameters in mm; null: drawn from the seed. */
  readonly noduleDiameters: readonly number[] | null;
  readonly mimics: readonly MimicKind[];
}

const CAPSULE_MM = 1.4;
const CAPSULE_RISE = 20;

export function placeLesions(seed: number, liver: SubjectLiver, wanted: WantedLesions): Lesions {
  const random = Random.for(seed, 'lesions');
  const diameters = wanted.noduleDiameters ?? drawDiameters(random);
  const occupied: Occupied[] = [];
  const nodules: Nodule[] = [];
  const structures: Structure[] = [];
  const ownHu = new Map<Structure, Readonly<Record<Phase, number>>>();
  // The largest are the hardest to place; ids follow the order in which they were asked for.
  const order = diameters.map((_, index) => index).sort((a, b) => (diameters[b] ?? 0) - (diameters[a] ?? 0));
  for (const index of order) {
    const nodule = placeNodule(random, liver, index + 1, diameters[index] ?? 0, occupied);
    if (nodule === null) continue;
    nodules.push(nodule);
    occupied.push({ centre: nodule.shape.origin, radius: nodule.shape.outerRadius });
    const core: Structure = { tissue: 'hcc', shape: nodule.shape.inset(CAPSULE_MM), frame: 'subject', kind: 'nodule' };
    const rim: Structure = { tissue: 'hcc', shape: nodule.shape.inset(0), frame: 'subject', kind: 'nodule' };
    structures.push(core, rim);
    ownHu.set(core, nodule.hu);
    ownHu.set(rim, withCapsule(nodule));
  }
  nodules.sort((a, b) => a.id - b.id);
  const mimics: Mimic[] = [];
  for (const kind of wanted.mimics) {
    const made = placeMimic(random, liver, kind, occupied);
    if (made === null) continue;
    mimics.push(made.mimic);
    occupied.push({ centre: made.mimic.centre, radius: made.mimic.diameterMm / 2 });
    structures.push(...made.structures);
  }
  return { nodules, mimics, structures, ownHu };
}

/** None to five, small ones more often. */
function drawDiameters(random: Random): number[] {
  const count = Math.floor(random.uniform() * 6);
  return Array.from({ length: count }, () => {
    const [low, high] = random.pick<readonly [number, number]>([
      SIZE_BINS[0],
      SIZE_BINS[1],
      SIZE_BINS[1],
      SIZE_BINS[2]
    ]);
    return random.between(low, high);
  });
}

function placeNodule(
  random: Random,
  liver: SubjectLiver,
  id: number,
  diameter: number,
  occupied: readonly Occupied[]
): Nodule | null {
  const shape = NoduleShape.make(random, diameter, random.between(0.1, 0.2));
  const first = random.pick(SITES);
  for (const site of [first, ...SITES]) {
    const origin = findSite(random, liver, site, shape.outerRadius, occupied);
    if (origin === null) continue;
    const placed = shape.movedTo(origin);
    const longAxis = placed.longAxis();
    const axial = Math.min(longAxis, placed.axialDiameter());
    const features = drawFeatures(random, axial);
    return {
      id,
      site,
      shape: placed,
      centre: placed.centroid(),
      volumeMm3: placed.volume(),
      longAxisMm: longAxis,
      features,
      hu: enhancement(random, features)
    };
  }
  return null;
}

/** The larger, the more typical. */
function drawFeatures(random: Random, sizeMm: number): LiradsFeatures {
  const typical = Math.min(1, sizeMm / 25);
  return {
    nonRimArterialPhaseHyperenhancement: random.chance(0.75 + 0.2 * typical),
    nonPeripheralWashout: random.chance(0.5 + 0.35 * typical),
    enhancingCapsule: random.chance(0.25 + 0.5 * typical),
    sizeMm
  };
}

function enhancement(random: Random, features: LiradsFeatures): Record<Phase, number> {
  const [native, arterial, portal, delayed] = TISSUES.hcc.hu;
  const liver = TISSUES.liver.hu;
  const vary = (value: number): number => Math.round(10 * (value + random.between(-4, 4))) / 10;
  return {
    native: vary(native),
    arterial: vary(features.nonRimArterialPhaseHyperenhancement ? arterial : liver[1] - 3),
    portal: vary(features.nonPeripheralWashout ? portal : liver[2] - 6),
    delayed: vary(features.nonPeripheralWashout ? delayed : liver[3] - 5)
  };
}

function withCapsule({ hu, features }: Nodule): Readonly<Record<Phase, number>> {
  if (!features.enhancingCapsule) return hu;
  return { ...hu, portal: hu.portal + CAPSULE_RISE / 2, delayed: hu.delayed + CAPSULE_RISE };
}

interface PlacedMimic {
  readonly mimic: Mimic;
  readonly structures: readonly Structure[];
}

function placeMimic(
  random: Random,
  liver: SubjectLiver,
  kind: MimicKind,
  occupied: readonly Occupied[]
): PlacedMimic | null {
  const diameter = kind === 'vessel' ? random.between(6, 8) : random.between(7, 22);
  const radius = diameter / 2;
  const site = kind === 'perfusion-wedge' ? 'capsule' : kind === 'vessel' ? 'vessel' : 'parenchyma';
  const centre = findSite(random, liver, site, radius, occupied);
  if (centre === null) return null;
  const inLiver = (tissue: Structure['tissue'], shape: Shape): Structure => {
    return { tissue, shape, frame: 'subject', kind: 'liver' };
  };
  const placed = (depth: Shape, ...structures: Structure[]): PlacedMimic => {
    return { mimic: { kind, centre, diameterMm: diameter, depth }, structures };
  };
  switch (kind) {
    case 'cyst': {
      const shape = sphere(centre, radius);
      return placed(shape, inLiver('cyst', shape));
    }
    case 'haemangioma': {
      const outline = NoduleShape.make(random, diameter, 0.12).movedTo(centre);
      const shape = outline.inset(0);
      const nodes = Array.from({ length: 7 }, () => {
        const [x, y, z] = random.direction();
        const at: Point = [centre[0] + radius * x, centre[1] + radius * y, centre[2] + radius * z];
        return sphere(at, radius * random.between(0.35, 0.55));
      });
      const rim = intersection(shape, union(...nodes));
      return placed(outline.depth, inLiver('haemangiomaRim', rim), inLiver('haemangiomaCore', shape));
    }
    case 'perfusion-wedge': {
      const [x, y, z] = random.direction();
      const tip: Point = [centre[0] - radius * x, centre[1] - radius * y, centre[2] - radius * z];
      const base: Point = [centre[0] + radius * x, centre[1] + radius * y, centre[2] + radius * z];
      const shape = intersection(capsule(tip, base, 1, radius * 0.8), grown(liver.depth, -0.5));
      return placed(shape, inLiver('perfusionWedge', shape));
    }
    case 'metastasis': {
      const outline = NoduleShape.make(random, diameter, 0.15).movedTo(centre);
      const shape = outline.inset(0);
      return placed(outline.depth, inLiver('metastasis', outline.inset(1.8)), inLiver('metastasisRim', shape));
    }
    case 'vessel': {
      const shape = sphere(centre, radius);
      return placed(shape, inLiver('portalVein', shape));
    }
  }
}
