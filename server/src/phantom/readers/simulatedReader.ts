import type { PhantomPhase, Phantom } from '../generatePhantom.js';
import type { MimicKind } from '../lesions.js';
import { deriveSeed, Random } from '../random.js';
import type { Point, Shape } from '../shapes.js';
import { SmoothField } from '../smoothField.js';
import { LIVER, NODULE } from '../truth.js';
import { BEYOND, distancesIn, type DistanceBox } from './distances.js';
import { measurePerformance, type MeasuredPerformance } from './performance.js';
import { missProbability, type ReaderProfile } from './profiles.js';

/** What a simulated reader makes of the lesions. */
export interface ReadPlan {
  /** Ids of the nodules that were drawn and that were not. */
  readonly found: readonly number[];
  readonly missed: readonly number[];
  /** What was drawn as a nodule and is none. */
  readonly falseMarks: readonly MimicKind[];
}

/** What a simulated reader drew, and how well. */
export interface SimulatedRead extends ReadPlan {
  /** 0 other, 1 liver, 2 nodule; i fastest. */
  readonly labels: Uint8Array;
  /** Against the truth, over the whole grid. */
  readonly liver: MeasuredPerformance;
  readonly nodules: MeasuredPerformance;
}

/**
 * Readers of one phase of a phantom. Distances to the true surfaces are worked out once, when the first reader needs
 * them, and shared by all readers. Pure; about a second for a volume of ten million voxels, and less for each reader.
 */
export class SimulatedReaders {
  private readonly liver: DistanceBox;
  private readonly nodules: readonly { readonly id: number; readonly longAxisMm: number; readonly box: DistanceBox }[];
  private readonly mimics: readonly { readonly kind: MimicKind; readonly box: DistanceBox }[];

  constructor(
    private readonly phantom: Pick<Phantom, 'subject' | 'grid'>,
    private readonly phase: PhantomPhase
  ) {
    const { subject } = phantom;
    this.liver = this.distances(subject.liver, [24, 10, 4], [130, 120, 110]);
    this.nodules = phase.nodules.map(({ nodule, centre }) => ({
      id: nodule.id,
      longAxisMm: nodule.longAxisMm,
      box: this.distances(nodule.shape.depth, centre, cube(nodule.shape.outerRadius + BEYOND))
    }));
    this.mimics = subject.lesions.mimics.map(({ kind, centre, diameterMm, depth }) => ({
      kind,
      box: this.distances(depth, phase.geometry.fromReference(centre), cube(diameterMm + BEYOND))
    }));
  }

  /** What a reader will find, miss and mark by mistake, without drawing it. */
  plan(profile: ReaderProfile, seed: number): ReadPlan {
    const random = Random.for(seed, 'reader');
    const falseMarks = this.mimics.map(({ kind }) => kind).filter(kind => random.chance(profile.falseMarks[kind]));
    const found: number[] = [];
    const missed: number[] = [];
    for (const { id, longAxisMm } of this.nodules) {
      (random.chance(missProbability(profile, longAxisMm)) ? missed : found).push(id);
    }
    return { found, missed, falseMarks };
  }

  /** One reader's label map. Equal seeds give equal maps. */
  read(profile: ReaderProfile, seed: number): SimulatedRead {
    const plan = this.plan(profile, seed);
    const labels = new Uint8Array(this.phase.labels.length);
    const departureIn = (object: string): Departure => departures(profile, deriveSeed(seed, object));
    this.draw(labels, this.liver, LIVER, departureIn('liver'));
    for (const { kind, box } of this.mimics) {
      if (plan.falseMarks.includes(kind)) this.draw(labels, box, NODULE, departureIn(kind));
    }
    for (const { id, box } of this.nodules) {
      if (plan.found.includes(id)) this.draw(labels, box, NODULE, departureIn(`nodule ${id}`));
    }
    const truth = this.phase.labels;
    return {
      ...plan,
      labels,
      liver: measurePerformance(truth, labels, LIVER),
      nodules: measurePerformance(truth, labels, NODULE)
    };
  }

  private distances(shape: Shape, centre: Point, reach: Point): DistanceBox {
    const low: Point = [centre[0] - reach[0], centre[1] - reach[1], centre[2] - reach[2]];
    const high: Point = [centre[0] + reach[0], centre[1] + reach[1], centre[2] + reach[2]];
    return distancesIn(shape, this.phase.geometry, this.phantom.grid, low, high);
  }

  /** Marks the voxels of a box whose distance to the true surface is less than the reader's departure there. */
  private draw(labels: Uint8Array, box: DistanceBox, segment: number, departureAt: Departure): void {
    const { affine, dims } = this.phantom.grid;
    const [nx, ny, nz] = box.dims;
    for (let k = 0; k < nz; k++) {
      const gk = box.origin[2] + k;
      const slice = departureAt(gk);
      const di = Math.round(slice.shift[0] / affine[0]);
      const dj = Math.round(slice.shift[1] / affine[5]);
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++) {
          const from = clamp(i - di, nx) + nx * (clamp(j - dj, ny) + ny * k);
          const distance = box.distance[from] ?? BEYOND;
          if (distance >= BEYOND) continue;
          const [gi, gj] = [box.origin[0] + i, box.origin[1] + j];
          const isInside =
            distance <= -BEYOND ||
            distance <=
              slice.departure(affine[3] + gi * affine[0], affine[7] + gj * affine[5], affine[11] + gk * affine[10]);
          if (isInside) labels[gi + dims[0] * (gj + dims[1] * gk)] = segment;
        }
      }
    }
  }
}

/** How a reader departs from the truth in slice k of one object. */
type Departure = (k: number) => {
  /** mm, in the plane. */
  readonly shift: readonly [number, number];
  /** mm outwards, at a world point. */
  readonly departure: (x: number, y: number, z: number) => number;
};

/** Each object is drawn afresh: its departures are independent of the others'. */
function departures({ boundarySd, bias, sliceJitter, correlationMm }: ReaderProfile, seed: number): Departure {
  const field = new SmoothField(seed, correlationMm);
  return k => {
    const random = Random.for(seed, `slice ${k}`);
    const offset = bias + sliceJitter * random.normal();
    return {
      shift: [sliceJitter * random.normal(), sliceJitter * random.normal()],
      departure: (x, y, z) => offset + boundarySd * field.at(x, y, z)
    };
  };
}

function cube(reach: number): Point {
  return [reach, reach, reach];
}

function clamp(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}
