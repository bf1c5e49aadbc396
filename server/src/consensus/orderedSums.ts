/**
 * Running sums that are rounded as if every number had been added by itself.
 *
 * A sum of millions of numbers depends in its tenth digit on the order in which a program adds them. To answer as a
 * program does that adds voxel by voxel, its rounding has to be repeated; but within one power of two, adding the same
 * number always moves the sum by the same step, so that a run of equal numbers takes a few operations.
 */
export class OrderedSums {
  readonly values: Float64Array;
  /** The power of two above each sum. */
  private readonly limits: Float64Array;

  constructor(count: number) {
    this.values = new Float64Array(count);
    this.limits = new Float64Array(count).fill(Number.MIN_VALUE);
  }

  /** Adds a number, 0 or more, `times` times to one of the sums. */
  add(sum: number, number: number, times: number): void {
    const { values, limits } = this;
    let value = values[sum] ?? 0;
    if (times === 1) {
      values[sum] = value + number;
      return;
    }
    if (number === 0) return;
    if (!(number > 0 && number < Infinity)) {
      values[sum] = value + number;
      return;
    }
    let limit = limits[sum] ?? 0;
    let left = times;
    while (left > 0) {
      // The first step in a power of two may round another way than those after it (a tie goes to the even side).
      value += number;
      left -= 1;
      if (left === 0) break;
      if (value >= limit) {
        limit = powerAbove(value);
        continue;
      }
      const next = value + number;
      if (next >= limit) continue;
      const step = next - value;
      if (step === 0) break;
      const steps = Math.min(left, Math.floor((limit - value) / step) - 1);
      if (steps < 1) continue;
      value += steps * step;
      left -= steps;
    }
    values[sum] = value;
    limits[sum] = limit;
  }
}

const view = new DataView(new ArrayBuffer(8));

/** The smallest power of two that is larger than a positive number. */
function powerAbove(number: number): number {
  view.setFloat64(0, number);
  const exponent = (view.getUint16(0) >>> 4) & 0x7ff;
  return 2 ** (exponent - 1022);
}
