/** A point in millimetres along i, j and k of the grid. */
export type GridPoint = readonly [number, number, number];

/** Slack for rounding, in voxels. */
const SLACK = 1e-9;

/**
 * What a ball covers that moves from `from` to `to` (mm): a capsule. It is convex, so it cuts a line of voxels in one
 * interval, which is found exactly; however fast the pointer moves, the track has no gaps and no steps.
 */
export class Sweep {
  private readonly direction: GridPoint;
  private readonly lengthSquared: number;

  constructor(
    private readonly from: GridPoint,
    private readonly to: GridPoint,
    private readonly radius: number
  ) {
    this.direction = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    this.lengthSquared = this.direction[0] ** 2 + this.direction[1] ** 2 + this.direction[2] ** 2;
  }

  /** Interval that the capsule can reach along an axis, in mm. */
  reach(axis: 0 | 1 | 2): readonly [number, number] {
    return [
      Math.min(this.from[axis], this.to[axis]) - this.radius,
      Math.max(this.from[axis], this.to[axis]) + this.radius
    ];
  }

  /** Where the line through `point` along `axis` lies in the capsule, in mm; null if it misses it. */
  cut(point: GridPoint, axis: 0 | 1 | 2): readonly [number, number] | null {
    let low = Infinity;
    let high = -Infinity;
    const include = (a: number, b: number): void => {
      if (a < low) low = a;
      if (b > high) high = b;
    };
    for (const end of [this.from, this.to]) {
      const room = this.radius ** 2 - squaredDistanceAcross(point, end, axis);
      if (room >= 0) include(end[axis] - Math.sqrt(room), end[axis] + Math.sqrt(room));
    }
    if (this.lengthSquared > 0) this.cutSides(point, axis, include);
    return low <= high ? [low, high] : null;
  }

  /** The part of the line beside the path, between its ends. */
  private cutSides(point: GridPoint, axis: 0 | 1 | 2, include: (a: number, b: number) => void): void {
    const along = this.direction[axis];
    let across = 0;
    for (const other of [0, 1, 2] as const) {
      if (other !== axis) across += (point[other] - this.from[other]) * this.direction[other];
    }
    // Distance² of the point at t from the path: a t² - 2 b t + c.
    const a = 1 - along ** 2 / this.lengthSquared;
    if (a < 1e-12) return;
    const b = (along * across) / this.lengthSquared;
    const c = squaredDistanceAcross(point, this.from, axis) - across ** 2 / this.lengthSquared - this.radius ** 2;
    const root = b * b - a * c;
    if (root < 0) return;
    let low = (b - Math.sqrt(root)) / a;
    let high = (b + Math.sqrt(root)) / a;
    if (along === 0) {
      if (across < 0 || across > this.lengthSquared) return;
    } else {
      const ends = [-across / along, (this.lengthSquared - across) / along] as const;
      low = Math.max(low, Math.min(...ends));
      high = Math.min(high, Math.max(...ends));
    }
    if (low <= high) include(this.from[axis] + low, this.from[axis] + high);
  }
}

function squaredDistanceAcross(a: GridPoint, b: GridPoint, axis: 0 | 1 | 2): number {
  let sum = 0;
  for (const other of [0, 1, 2] as const) {
    if (other !== axis) sum += (a[other] - b[other]) ** 2;
  }
  return sum;
}

/** The voxels whose centres lie in an interval of millimetres, cut at the grid's border: first and last. */
export function voxelsIn(interval: readonly [number, number], spacing: number, edge: number): [number, number] {
  return [
    Math.max(0, Math.ceil(interval[0] / spacing - SLACK)),
    Math.min(edge - 1, Math.floor(interval[1] / spacing + SLACK))
  ];
}
