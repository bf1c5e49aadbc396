import type { Point } from './shapes.js';

/** A displacement in mm at a point in mm. */
export type VectorField = (x: number, y: number, z: number) => Point;

/**
 * A vector field sampled on a lattice and interpolated trilinearly between its nodes; constant beyond its ends. The
 * interpolated field is the definition of the displacement: nothing is lost by sampling.
 */
export class VectorLattice {
  /** Largest stretch of a length by "point plus displacement": 1 and a bound of the norm of its gradient. */
  readonly stretch: number;
  private readonly values: Float64Array;
  private readonly counts: Point;
  /** Bound of the gradient's norm in each cell and its neighbours. */
  private readonly steepness: Float32Array;

  constructor(
    private readonly low: Point,
    high: Point,
    private readonly step: number,
    field: VectorField
  ) {
    const count = (axis: 0 | 1 | 2): number => Math.max(2, Math.ceil((high[axis] - low[axis]) / step) + 1);
    const [nx, ny, nz] = [count(0), count(1), count(2)];
    this.counts = [nx, ny, nz];
    this.values = new Float64Array(3 * nx * ny * nz);
    let at = 0;
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++) {
          this.values.set(field(low[0] + i * step, low[1] + j * step, low[2] + k * step), at);
          at += 3;
        }
      }
    }
    const perCell = this.steepnessOfCells();
    this.stretch = 1 + perCell.reduce((a, b) => Math.max(a, b), 0);
    this.steepness = this.withNeighbours(perCell);
  }

  /** Writes the displacement at a point to `into`. */
  sample(x: number, y: number, z: number, into: Float64Array): void {
    const [nx, ny, nz] = this.counts;
    const u = clamp((x - this.low[0]) / this.step, nx - 1);
    const v = clamp((y - this.low[1]) / this.step, ny - 1);
    const w = clamp((z - this.low[2]) / this.step, nz - 1);
    const i = Math.min(Math.floor(u), nx - 2);
    const j = Math.min(Math.floor(v), ny - 2);
    const k = Math.min(Math.floor(w), nz - 2);
    const a = u - i;
    const b = v - j;
    const c = w - k;
    const row = 3 * nx;
    const plane = row * ny;
    const at = 3 * i + row * j + plane * k;
    const values = this.values;
    for (let axis = 0; axis < 3; axis++) {
      const n = at + axis;
      const v00 = mix(values[n], values[n + 3], a);
      const v10 = mix(values[n + row], values[n + row + 3], a);
      const v01 = mix(values[n + plane], values[n + plane + 3], a);
      const v11 = mix(values[n + plane + row], values[n + plane + row + 3], a);
      const v0 = v00 + (v10 - v00) * b;
      into[axis] = v0 + (v01 + (v11 - v01) * b - v0) * c;
    }
  }

  /** As `stretch`, for steps of at most `reach` mm from a point. */
  stretchNear(x: number, y: number, z: number, reach: number): number {
    if (reach > this.step) return this.stretch;
    const [nx, ny, nz] = this.counts;
    const i = Math.floor(clamp((x - this.low[0]) / this.step, nx - 1.001));
    const j = Math.floor(clamp((y - this.low[1]) / this.step, ny - 1.001));
    const k = Math.floor(clamp((z - this.low[2]) / this.step, nz - 1.001));
    return 1 + (this.steepness[i + nx * (j + ny * k)] ?? 0);
  }

  /** Bound of the gradient's norm in each cell, from the largest difference along its four edges of each direction. */
  private steepnessOfCells(): Float32Array {
    const [nx, ny, nz] = this.counts;
    const strides = [1, nx, nx * ny] as const;
    const steepness = new Float32Array(nx * ny * nz);
    for (let k = 0; k + 1 < nz; k++) {
      for (let j = 0; j + 1 < ny; j++) {
        for (let i = 0; i + 1 < nx; i++) {
          const corner = i + nx * (j + ny * k);
          const squared =
            this.largestOfEdges(corner, strides[0], strides[1], strides[2]) +
            this.largestOfEdges(corner, strides[1], strides[2], strides[0]) +
            this.largestOfEdges(corner, strides[2], strides[0], strides[1]);
          steepness[corner] = Math.sqrt(squared) / this.step;
        }
      }
    }
    return steepness;
  }

  /** The largest value of each cell and the 26 around it. */
  private withNeighbours(cells: Float32Array): Float32Array {
    const [nx, ny] = this.counts;
    let from = cells;
    for (const stride of [1, nx, nx * ny]) {
      const source = from;
      from = source.map((value, n) => Math.max(value, source[n - stride] ?? 0, source[n + stride] ?? 0));
    }
    return from;
  }

  /** Largest squared difference along the four parallel edges of a cell; nodes apart by `along`. */
  private largestOfEdges(corner: number, along: number, second: number, third: number): number {
    return Math.max(
      this.difference(corner, corner + along),
      this.difference(corner + second, corner + second + along),
      this.difference(corner + third, corner + third + along),
      this.difference(corner + second + third, corner + second + third + along)
    );
  }

  /** Squared, of the vectors of two nodes. */
  private difference(a: number, b: number): number {
    let squared = 0;
    for (let axis = 0; axis < 3; axis++) {
      squared += ((this.values[3 * a + axis] ?? 0) - (this.values[3 * b + axis] ?? 0)) ** 2;
    }
    return squared;
  }
}

function clamp(value: number, high: number): number {
  return value < 0 ? 0 : value > high ? high : value;
}

function mix(a: number | undefined, b: number | undefined, t: number): number {
  const from = a ?? 0;
  return from + ((b ?? 0) - from) * t;
}
