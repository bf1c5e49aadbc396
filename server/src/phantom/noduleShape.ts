import type { Random } from './random.js';
import type { Point, Shape } from './shapes.js';

/** An irregular ball: its radius along a unit direction from its origin. */
export class NoduleShape {
  /** Largest and smallest radius, mm. */
  readonly outerRadius: number;
  readonly innerRadius: number;

  constructor(
    readonly origin: Point,
    private readonly meanRadius: number,
    private readonly irregularity: number,
    private readonly lobes: readonly Lobe[]
  ) {
    this.outerRadius = meanRadius * (1 + irregularity);
    this.innerRadius = meanRadius * (1 - irregularity);
  }

  /**
   * A nodule whose longest diameter (the largest distance of two of its points) is `longAxis` mm and whose radius
   * departs from its mean by at most the share `irregularity`.
   */
  static make(random: Random, longAxis: number, irregularity: number): NoduleShape {
    const lobes: Lobe[] = [];
    for (let n = 0; n < LOBES; n++) {
      lobes.push({
        direction: random.direction(),
        frequency: random.between(1.5, 4.5),
        phase: random.between(0, 2 * Math.PI),
        weight: random.between(0.5, 1)
      });
    }
    const raw = new NoduleShape([0, 0, 0], 1, 1, lobes);
    let lowest = Infinity;
    let highest = -Infinity;
    for (const direction of DIRECTIONS) {
      const departure = raw.departure(direction[0], direction[1], direction[2]);
      lowest = Math.min(lowest, departure);
      highest = Math.max(highest, departure);
    }
    // Centred and scaled so that both extremes are reached: -1 and 1.
    const centred = lobes.map(lobe => ({ ...lobe, weight: (2 * lobe.weight) / (highest - lowest) }));
    centred.push({
      direction: [0, 0, 1],
      frequency: 0,
      phase: 0,
      weight: -(highest + lowest) / (highest - lowest)
    });
    const unit = new NoduleShape([0, 0, 0], 1, irregularity, centred);
    return new NoduleShape([0, 0, 0], longAxis / unit.longAxis(), irregularity, centred);
  }

  movedTo(origin: Point): NoduleShape {
    return new NoduleShape(origin, this.meanRadius, this.irregularity, this.lobes);
  }

  /** Radius in mm along a unit direction. */
  radius(x: number, y: number, z: number): number {
    return this.meanRadius * (1 + this.irregularity * this.departure(x, y, z));
  }

  /** Signed distance along the ray from the origin, mm: exactly zero on the surface. */
  readonly depth: Shape = (x, y, z) => {
    const dx = x - this.origin[0];
    const dy = y - this.origin[1];
    const dz = z - this.origin[2];
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
    if (distance < 1e-9) return -this.innerRadius;
    return distance - this.radius(dx / distance, dy / distance, dz / distance);
  };

  /**
   * The nodule less the outer `margin` mm (measured along the ray from the origin), as a distance that is never more
   * than the true one; see `shapes.ts`.
   */
  inset(margin: number): Shape {
    const outer = this.outerRadius - margin;
    const inner = this.innerRadius - margin;
    return (x, y, z) => {
      const dx = x - this.origin[0];
      const dy = y - this.origin[1];
      const dz = z - this.origin[2];
      const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
      if (distance >= outer) return distance - outer + FLOOR;
      if (distance <= inner) return distance - inner - FLOOR;
      if (distance < FLOOR) return -FLOOR;
      return (distance - this.radius(dx / distance, dy / distance, dz / distance) + margin) * STEEPNESS;
    };
  }

  /** mm³, to about 1e-5 of it: the integral of r³/3 over the sphere. */
  volume(): number {
    let sum = 0;
    for (const [x, y, z] of DIRECTIONS) sum += this.radius(x, y, z) ** 3;
    return ((4 / 3) * Math.PI * sum) / DIRECTIONS.length;
  }

  centroid(): Point {
    const sum: [number, number, number] = [0, 0, 0];
    let weight = 0;
    for (const [x, y, z] of DIRECTIONS) {
      const r = this.radius(x, y, z);
      weight += r ** 3;
      const moment = (3 / 4) * r ** 4;
      sum[0] += moment * x;
      sum[1] += moment * y;
      sum[2] += moment * z;
    }
    return [this.origin[0] + sum[0] / weight, this.origin[1] + sum[1] / weight, this.origin[2] + sum[2] / weight];
  }

  /** Largest distance of two points of the surface, mm. */
  longAxis(): number {
    return largestDistance(DIRECTIONS.filter((_, index) => index % 5 === 0).map(d => this.onSurface(d)));
  }

  /** Largest distance of two points of the surface in one axial plane, mm: the diameter that is read on CT. */
  axialDiameter(): number {
    let largest = 0;
    for (let plane = -8; plane <= 8; plane++) {
      const outline = this.axialOutline((plane / 9) * this.outerRadius);
      largest = Math.max(largest, largestDistance(outline));
    }
    return largest;
  }

  private axialOutline(height: number): Point[] {
    const outline: Point[] = [];
    for (let n = 0; n < 90; n++) {
      const angle = (n / 90) * 2 * Math.PI;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      let inside = 0;
      let outside = this.outerRadius;
      for (let step = 0; step < 24; step++) {
        const middle = (inside + outside) / 2;
        const distance = Math.sqrt(middle * middle + height * height);
        const isInside =
          distance < this.radius((cos * middle) / distance, (sin * middle) / distance, height / distance);
        if (isInside) inside = middle;
        else outside = middle;
      }
      if (inside > 0) outline.push([cos * inside, sin * inside, height]);
    }
    return outline;
  }

  private onSurface([x, y, z]: Point): Point {
    const r = this.radius(x, y, z);
    return [r * x, r * y, r * z];
  }

  private departure(x: number, y: number, z: number): number {
    let sum = 0;
    for (const { direction, frequency, phase, weight } of this.lobes) {
      sum += weight * Math.cos(frequency * (direction[0] * x + direction[1] * y + direction[2] * z) + phase);
    }
    return sum;
  }
}

interface Lobe {
  readonly direction: Point;
  readonly frequency: number;
  readonly phase: number;
  readonly weight: number;
}

const LOBES = 6;

/** Keeps the sign of the distance where the irregular surface meets its outer or inner sphere. */
const FLOOR = 1e-9;

/** One over the steepest slope of `depth` that the lobes above can make. */
const STEEPNESS = 0.6;

/** Evenly spread directions (a Fibonacci lattice on the sphere). */
const DIRECTIONS: readonly Point[] = Array.from({ length: 12_000 }, (_, n) => {
  const z = 1 - (2 * n + 1) / 12_000;
  const ring = Math.sqrt(1 - z * z);
  const angle = n * Math.PI * (3 - Math.sqrt(5));
  return [ring * Math.cos(angle), ring * Math.sin(angle), z];
});

function largestDistance(points: readonly Point[]): number {
  let largest = 0;
  points.forEach(([ax, ay, az], index) => {
    for (let other = index + 1; other < points.length; other++) {
      const point = points[other];
      if (point === undefined) continue;
      const squared = (ax - point[0]) ** 2 + (ay - point[1]) ** 2 + (az - point[2]) ** 2;
      if (squared > largest) largest = squared;
    }
  });
  return Math.sqrt(largest);
}
