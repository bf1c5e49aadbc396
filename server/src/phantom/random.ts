/*
 * Random numbers of the phantom: small, documented, and the same on every machine, because only 32-bit integer
 * arithmetic is used. Not for secrets.
 */

const GOLDEN = 0x9e3779b9;

/** A 32-bit hash of a 32-bit integer: the finaliser of MurmurHash3 (Austin Appleby, public domain). */
export function hash32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A seed for one purpose out of a seed for all: equal text gives equal seeds. */
export function deriveSeed(seed: number, purpose: string): number {
  let h = hash32(seed ^ GOLDEN);
  for (let n = 0; n < purpose.length; n++) h = hash32(h ^ (purpose.charCodeAt(n) + Math.imul(n, GOLDEN)));
  return h;
}

/**
 * A stream of random numbers from a seed: hash32 of a counter that advances by the golden ratio (a SplitMix generator
 * with 32 bits of state; its period is 2^32).
 */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = hash32(seed);
  }

  /** A stream for one purpose; what it is asked for changes nothing elsewhere. */
  static for(seed: number, purpose: string): Random {
    return new Random(deriveSeed(seed, purpose));
  }

  /** 0 to 2^32 - 1. */
  integer(): number {
    this.state = (this.state + GOLDEN) | 0;
    return hash32(this.state);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.integer() / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Standard normal, by the polar method of Marsaglia. */
  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[Math.floor(this.uniform() * from.length)] ?? from[0];
  }

  /** A direction, uniform on the sphere. */
  direction(): readonly [number, number, number] {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const z = 2 * this.uniform() - 1;
      const size = Math.sqrt(x * x + y * y + z * z);
      if (size > 0.1 && size <= 1) return [x / size, y / size, z / size];
    }
  }
}
