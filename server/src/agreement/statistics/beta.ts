import { logGamma } from './logGamma.js';
import { solve } from './solve.js';

const MOST_TERMS = 10_000;
const TINY = 1e-300;

/** I_x(a, b): the regularised incomplete beta function. `rest` is 1 − x, given apart because it may have more digits. */
export function regularisedBeta(x: number, rest: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest));
  return x < (a + 1) / (a + b + 2)
    ? (scale * continuedFraction(x, a, b)) / a
    : 1 - (scale * continuedFraction(rest, b, a)) / b;
}

/** Lentz' way to evaluate it. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= c * d;
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** P(F <= f) of the F distribution with these degrees of freedom. */
export function fCdf(f: number, above: number, below: number): number {
  if (f <= 0) return 0;
  if (!Number.isFinite(f)) return 1;
  const whole = above * f + below;
  return regularisedBeta((above * f) / whole, below / whole, above / 2, below / 2);
}

/** The f with P(F <= f) = `probability`. */
export function fQuantile(probability: number, above: number, below: number): number {
  return Math.exp(solve(logF => fCdf(Math.exp(logF), above, below) - probability, -700, 700));
}

/** The t with P(T <= t) = `probability` of Student's distribution. */
export function tQuantile(probability: number, freedom: number): number {
  if (probability < 0.5) return -tQuantile(1 - probability, freedom);
  return Math.sqrt(fQuantile(2 * probability - 1, 1, freedom));
}
