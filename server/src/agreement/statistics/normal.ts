import { regularisedGamma } from './incompleteGamma.js';
import { solve } from './solve.js';

/** P(Z <= z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  const tail = regularisedGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** The z with P(Z <= z) = `probability`. */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return -Infinity;
  if (probability >= 1) return Infinity;
  // Of the lower tail, where probabilities keep their digits.
  if (probability > 0.5) return -normalQuantile(1 - probability);
  return solve(z => normalCdf(z) - probability, -39, 0);
}
