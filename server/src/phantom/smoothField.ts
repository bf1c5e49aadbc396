import { Random } from './random.js';

const SIDE = 32;
const MASK = SIDE - 1;

/**
 * A smooth random field: independent standard normal values on a periodic lattice, interpolated with quadratic
 * B-splines and scaled to a standard deviation of 1 averaged over space. Its autocorrelation falls to about exp(-1/2)
 * at 0.738 lattice steps; `correlationMm` is that distance.
 */
export class SmoothField {
  private readonly nodes = new Float64Array(SIDE ** 3);
  private readonly perMm: number;

  constructor(seed: number, correlationMm: number) {
    const random = new Random(seed);
    for (let n = 0; n < this.nodes.length; n++) this.nodes[n] = random.normal() * SCALE;
    this.perMm = STEPS_PER_CORRELATION / correlationMm;
  }

  /** Mean 0, standard deviation 1. */
  at(x: number, y: number, z: number): number {
    const u = x * this.perMm;
    const v = y * this.perMm;
    const w = z * this.perMm;
    const i = Math.round(u);
    const j = Math.round(v);
    const k = Math.round(w);
    const a = u - i;
    const b = v - j;
    const c = w - k;
    const [a0, a1, a2] = [0.5 * (0.5 - a) ** 2, 0.75 - a * a, 0.5 * (0.5 + a) ** 2];
    const i0 = (i - 1) & MASK;
    const i1 = i & MASK;
    const i2 = (i + 1) & MASK;
    let sum = 0;
    for (let dk = -1; dk <= 1; dk++) {
      const wk = dk === 0 ? 0.75 - c * c : 0.5 * (0.5 + dk * c) ** 2;
      const plane = ((k + dk) & MASK) * SIDE;
      for (let dj = -1; dj <= 1; dj++) {
        const wj = dj === 0 ? 0.75 - b * b : 0.5 * (0.5 + dj * b) ** 2;
        const row = (plane + ((j + dj) & MASK)) * SIDE;
        sum += wk * wj * (a0 * this.node(row + i0) + a1 * this.node(row + i1) + a2 * this.node(row + i2));
      }
    }
    return sum;
  }

  private node(index: number): number {
    return this.nodes[index] ?? 0;
  }
}

/** Mean over one lattice step of the sum of squared quadratic B-spline weights is 11/20 per axis. */
const SCALE = (20 / 11) ** 1.5;

/** Lattice steps at which the autocorrelation of the interpolated field is exp(-1/2). */
const STEPS_PER_CORRELATION = 0.738;
