/*
 * Shapes as signed distances in mm: negative inside, zero on the surface. A distance may be an underestimate, never an
 * overestimate (Lipschitz constant 1), so that a value of d says that no surface is nearer than |d|. The formulas are
 * the usual ones of implicit modelling (spheres, capsules, polynomial smooth minimum).
 */

/** Signed distance at x, y, z in mm. */
export type Shape = (x: number, y: number, z: number) => number;

/** x, y, z in mm. */
export type Point = readonly [number, number, number];

export function sphere(centre: Point, radius: number): Shape {
  const [cx, cy, cz] = centre;
  return (x, y, z) => Math.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) - radius;
}

/** Scaled by the shortest semi-axis: exact on the surface, an underestimate elsewhere. */
export function ellipsoid(centre: Point, radii: Point, yaw = 0): Shape {
  const [cx, cy, cz] = centre;
  const [a, b, c] = radii;
  const shortest = Math.min(a, b, c);
  const cos = Math.cos(yaw);
  const sin = Math.sin(yaw);
  return (x, y, z) => {
    const dx = x - cx;
    const dy = y - cy;
    const u = (cos * dx + sin * dy) / a;
    const v = (cos * dy - sin * dx) / b;
    const w = (z - cz) / c;
    return (Math.sqrt(u * u + v * v + w * w) - 1) * shortest;
  };
}

/** A vertical column with an elliptic cross-section. */
export function column(centre: readonly [number, number], radii: readonly [number, number]): Shape {
  const [cx, cy] = centre;
  const [a, b] = radii;
  const shortest = Math.min(a, b);
  return (x, y) => {
    const u = (x - cx) / a;
    const v = (y - cy) / b;
    return (Math.sqrt(u * u + v * v) - 1) * shortest;
  };
}

/** A vertical column whose cross-section is a squarish ellipse: between the norms of 2 and of 4. */
export function trunk(centre: readonly [number, number], radii: readonly [number, number]): Shape {
  const [cx, cy] = centre;
  const [a, b] = radii;
  const shortest = Math.min(a, b);
  return (x, y) => {
    const u = ((x - cx) / a) ** 2;
    const v = ((y - cy) / b) ** 2;
    return (0.55 * Math.sqrt(u + v) + 0.45 * Math.sqrt(Math.sqrt(u * u + v * v)) - 1) * shortest;
  };
}

/** The points within a radius of a line; the radius goes from `ra` at `a` to `rb` at `b`. */
export function capsule(a: Point, b: Point, ra: number, rb = ra): Shape {
  const [ax, ay, az] = a;
  const dx = b[0] - ax;
  const dy = b[1] - ay;
  const dz = b[2] - az;
  const squared = dx * dx + dy * dy + dz * dz;
  const steepness = (rb - ra) / Math.sqrt(squared);
  const correction = 1 / Math.sqrt(1 + steepness * steepness);
  return (x, y, z) => {
    const px = x - ax;
    const py = y - ay;
    const pz = z - az;
    let t = (px * dx + py * dy + pz * dz) / squared;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    const qx = px - t * dx;
    const qy = py - t * dy;
    const qz = pz - t * dz;
    return (Math.sqrt(qx * qx + qy * qy + qz * qz) - (ra + t * (rb - ra))) * correction;
  };
}

/** x, y, z and the radius there, mm. */
export type Knot = readonly [number, number, number, number];

/** A chain of capsules through points, each with its radius. */
export function tube(knots: readonly Knot[]): Shape {
  const parts: Shape[] = [];
  const [low, high]: [number[], number[]] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity]
  ];
  knots.forEach((to, index) => {
    const from = knots[index - 1];
    if (from !== undefined) parts.push(capsule([from[0], from[1], from[2]], [to[0], to[1], to[2]], from[3], to[3]));
    for (const axis of [0, 1, 2] as const) {
      low[axis] = Math.min(low[axis] ?? Infinity, to[axis] - to[3]);
      high[axis] = Math.max(high[axis] ?? -Infinity, to[axis] + to[3]);
    }
  });
  return bounded(union(...parts), point(low), point(high));
}

/** How far from its box a bounded shape is told by the box alone, mm. */
const NEAR_BOX = 12;

/** A shape that lies in a box: far from the box, the distance to the box stands for it and saves time. */
export function bounded(shape: Shape, low: Point, high: Point): Shape {
  const [lx, ly, lz] = low;
  const [hx, hy, hz] = high;
  return (x, y, z) => {
    const dx = x < lx ? lx - x : x > hx ? x - hx : 0;
    const dy = y < ly ? ly - y : y > hy ? y - hy : 0;
    const dz = z < lz ? lz - z : z > hz ? z - hz : 0;
    // The longest side first: most points are far away along one axis.
    if (dx > NEAR_BOX || dy > NEAR_BOX || dz > NEAR_BOX) return Math.max(dx, dy, dz);
    return shape(x, y, z);
  };
}

function point([x = 0, y = 0, z = 0]: readonly number[]): Point {
  return [x, y, z];
}

/** Everything on the side of the plane through `point` that `normal` (any length) points away from. */
export function halfSpace(point: Point, normal: Point): Shape {
  const size = Math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2);
  const [nx, ny, nz] = [normal[0] / size, normal[1] / size, normal[2] / size];
  const offset = nx * point[0] + ny * point[1] + nz * point[2];
  return (x, y, z) => nx * x + ny * y + nz * z - offset;
}

/**
 * So far outside of one part, mm, the distance to an intersection is told by this part alone: less than it is, but
 * enough, and found sooner.
 */
const FAR = 12;

export function union(...parts: readonly Shape[]): Shape {
  return (x, y, z) => {
    let nearest = Infinity;
    for (const part of parts) {
      const distance = part(x, y, z);
      if (distance < nearest) nearest = distance;
    }
    return nearest;
  };
}

export function intersection(...parts: readonly Shape[]): Shape {
  return (x, y, z) => {
    let farthest = -Infinity;
    for (const part of parts) {
      const distance = part(x, y, z);
      if (distance > FAR) return distance;
      if (distance > farthest) farthest = distance;
    }
    return farthest;
  };
}

export function subtraction(from: Shape, what: Shape): Shape {
  return (x, y, z) => {
    const distance = from(x, y, z);
    return distance > FAR ? distance : Math.max(distance, -what(x, y, z));
  };
}

/** A union whose seam is rounded over about `blend` mm (quadratic polynomial). */
export function smoothUnion(a: Shape, b: Shape, blend: number): Shape {
  return (x, y, z) => smoothMinimum(a(x, y, z), b(x, y, z), blend);
}

/** An intersection whose edge is rounded over about `blend` mm. */
export function smoothIntersection(a: Shape, b: Shape, blend: number): Shape {
  return (x, y, z) => {
    const distance = a(x, y, z);
    return distance > FAR ? distance : -smoothMinimum(-distance, -b(x, y, z), blend);
  };
}

export function smoothSubtraction(from: Shape, what: Shape, blend: number): Shape {
  return (x, y, z) => {
    const distance = from(x, y, z);
    return distance > FAR ? distance : -smoothMinimum(-distance, what(x, y, z), blend);
  };
}

function smoothMinimum(a: number, b: number, blend: number): number {
  const h = Math.max(blend - Math.abs(a - b), 0);
  return Math.min(a, b) - (h * h) / (4 * blend);
}

/** A shape grown (or shrunk, if negative) by `margin` mm. */
export function grown(shape: Shape, margin: number): Shape {
  return (x, y, z) => shape(x, y, z) - margin;
}
