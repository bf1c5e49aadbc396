const HALF = 1 << 16;

/**
 * The values with these ranks (0: the smallest), exactly, in two or three passes: single-precision numbers are in the order
 * of their bits, once negative ones are turned over, so that counting the upper and then the lower halves finds them.
 */
export function orderStatistics(values: Float32Array, ranks: readonly number[]): number[] {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const upper = new Uint32Array(HALF);
  for (let n = 0; n < bits.length; n++) {
    const half = ordered(bits[n] ?? 0) >>> 16;
    upper[half] = (upper[half] ?? 0) + 1;
  }
  const lowers = new Map<number, Uint32Array>();
  return ranks.map(rank => {
    const { bin, before } = binOf(upper, rank);
    const lower = lowers.get(bin) ?? lowerHalves(bits, bin);
    lowers.set(bin, lower);
    return fromOrdered(((bin << 16) | binOf(lower, rank - before).bin) >>> 0);
  });
}

/** The bin that holds the value of this rank, and how many values lie in those before. */
function binOf(counts: Uint32Array, rank: number): { bin: number; before: number } {
  let before = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] ?? 0;
    if (before + count > rank) return { bin, before };
    before += count;
  }
  throw new RangeError(`There is no value of rank ${rank}.`);
}

function lowerHalves(bits: Uint32Array, upper: number): Uint32Array {
  const counts = new Uint32Array(HALF);
  for (let n = 0; n < bits.length; n++) {
    const key = ordered(bits[n] ?? 0);
    if (key >>> 16 !== upper) continue;
    const half = key & (HALF - 1);
    counts[half] = (counts[half] ?? 0) + 1;
  }
  return counts;
}

function ordered(bits: number): number {
  return (bits & 0x80000000) === 0 ? (bits | 0x80000000) >>> 0 : ~bits >>> 0;
}

function fromOrdered(key: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, (key & 0x80000000) === 0 ? ~key >>> 0 : key & 0x7fffffff);
  return view.getFloat32(0);
}
