import { totalVoxels, voteShares, type BinaryVotes } from './binaryVotes.js';
import { OrderedSums } from './orderedSums.js';
import type { VoxelOrder } from './voxelOrder.js';

/** A Beta distribution for a sensitivity or a specificity. */
export interface BetaPrior {
  readonly alpha: number;
  readonly beta: number;
}

export interface StapleOptions {
  /** ITK's ConfidenceWeight: the prior is this times the mean share of votes. */
  readonly confidenceWeight?: number;
  readonly maximumIterations?: number;
  /** Maximum a posteriori instead of maximum likelihood. */
  readonly priors?: { readonly sensitivity: BetaPrior; readonly specificity: BetaPrior };
  /**
   * The voxels of the region one after the other: then sums are rounded as by a program that adds voxel by voxel, and
   * the answer is ITK's to the last digits even of very many voxels. Left out: sums of the counts, which are more exact.
   */
  readonly order?: VoxelOrder;
}

/** The raw estimate: numbers are NaN where nothing or everything is marked. */
export interface StapleEstimate {
  readonly sensitivity: Float64Array;
  readonly specificity: Float64Array;
  /** Probability that the voxels of each row belong to the object. */
  readonly posterior: Float64Array;
  /** Probability of the object before any vote is seen. */
  readonly prior: number;
  /** As ITK's ElapsedIterations: index of the last iteration, from 0. */
  readonly iterations: number;
  readonly converged: boolean;
}

/** Squared change of every sensitivity and specificity at which ITK stops. */
const CONVERGED = 1e-14;
const DEFAULT_MAXIMUM = 100_000;

/**
 * Priors for readers who are right much more often than not: mean 0.77 and mode 0.89, of the weight of six and a half
 * voxels (Commowick, Akhondi-Asl, Warfield, IEEE TMI 2012;31:1593).
 */
export const DEFAULT_PRIORS: Required<StapleOptions>['priors'] = {
  sensitivity: { alpha: 5, beta: 1.5 },
  specificity: { alpha: 5, beta: 1.5 }
};

/**
 * STAPLE for one object (Warfield, Zou, Wells, IEEE TMI 2004;23:903) in the order of computation of ITK's
 * STAPLEImageFilter: start from the share of votes, one prior for all voxels that stays fixed, M step first, stop when
 * no estimate moves by more than 1e-7. All voxels of a row have the same posterior, so that the cost does not depend on
 * the number of voxels.
 *
 * @param votes of the voxels of the region; its size is part of the answer
 */
export function staple(votes: BinaryVotes, options: StapleOptions = {}): StapleEstimate {
  const { readers } = votes;
  const { confidenceWeight = 1, maximumIterations = DEFAULT_MAXIMUM, priors, order } = options;
  const posterior = voteShares(votes);
  const prior =
    confidenceWeight * (order === undefined ? meanOf(posterior, votes.counts) : meanInOrder(posterior, order));
  const sensitivity = new Float64Array(readers);
  const specificity = new Float64Array(readers);
  let iterations = 0;
  let converged = false;
  for (; iterations < maximumIterations; iterations++) {
    const before = [sensitivity.slice(), specificity.slice()] as const;
    const sums = order === undefined ? sumsOf(votes, posterior) : sumsInOrder(votes, posterior, order);
    estimatePerformance(sums, priors, sensitivity, specificity);
    estimatePosterior(votes, prior, sensitivity, specificity, posterior);
    converged = iterations > 0 && !moves(before[0], sensitivity) && !moves(before[1], specificity);
    if (converged) break;
  }
  return { sensitivity, specificity, posterior, prior, iterations, converged };
}

/** Probability of the object before any vote is seen, as `staple` takes it: no probability if it is 1 or more. */
export function priorOf(votes: BinaryVotes, confidenceWeight: number): number {
  return confidenceWeight * meanOf(voteShares(votes), votes.counts);
}

function meanOf(values: Float64Array, counts: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const count = counts[row] ?? 0;
    sum += (values[row] ?? 0) * count;
    total += count;
  }
  return sum / total;
}

/** Whether an estimate changed; NaN does not, as in ITK. */
function moves(before: Float64Array, after: Float64Array): boolean {
  return after.some((value, r) => (value - (before[r] ?? 0)) ** 2 > CONVERGED);
}

/** Expected voxels in and outside the object: of all, those that each reader marked, and those that each left unmarked. */
interface ExpectedVoxels {
  readonly inside: number;
  readonly outside: number;
  readonly hits: Float64Array;
  readonly rejections: Float64Array;
}

function sumsOf({ readers, marks, counts }: BinaryVotes, posterior: Float64Array): ExpectedVoxels {
  let inside = 0;
  let outside = 0;
  const hits = new Float64Array(readers);
  const rejections = new Float64Array(readers);
  for (let row = 0; row < marks.length; row++) {
    const count = counts[row] ?? 0;
    const probability = posterior[row] ?? 0;
    const weightInside = probability * count;
    const weightOutside = (1 - probability) * count;
    inside += weightInside;
    outside += weightOutside;
    const mark = marks[row] ?? 0;
    for (let r = 0; r < readers; r++) {
      if ((mark >>> r) & 1) hits[r] = (hits[r] ?? 0) + weightInside;
      else rejections[r] = (rejections[r] ?? 0) + weightOutside;
    }
  }
  return { inside, outside, hits, rejections };
}

function sumsInOrder(
  { readers, marks }: BinaryVotes,
  posterior: Float64Array,
  { rows, lengths }: VoxelOrder
): ExpectedVoxels {
  const inside = 2 * readers;
  const outside = inside + 1;
  const sums = new OrderedSums(outside + 1);
  for (let run = 0; run < rows.length; run++) {
    const row = rows[run] ?? 0;
    const length = lengths[run] ?? 0;
    const mark = marks[row] ?? 0;
    const probability = posterior[row] ?? 0;
    const rest = 1 - probability;
    sums.add(inside, probability, length);
    sums.add(outside, rest, length);
    for (let r = 0; r < readers; r++) {
      if ((mark >>> r) & 1) sums.add(r, probability, length);
      else sums.add(readers + r, rest, length);
    }
  }
  return {
    inside: sums.values[inside] ?? 0,
    outside: sums.values[outside] ?? 0,
    hits: sums.values.subarray(0, readers),
    rejections: sums.values.subarray(readers, inside)
  };
}

function meanInOrder(values: Float64Array, { rows, lengths }: VoxelOrder): number {
  const sums = new OrderedSums(1);
  let total = 0;
  for (let run = 0; run < rows.length; run++) {
    sums.add(0, values[rows[run] ?? 0] ?? 0, lengths[run] ?? 0);
    total += lengths[run] ?? 0;
  }
  return (sums.values[0] ?? 0) / total;
}

function estimatePerformance(
  { inside, outside, hits, rejections }: ExpectedVoxels,
  priors: StapleOptions['priors'],
  sensitivity: Float64Array,
  specificity: Float64Array
): void {
  for (let r = 0; r < sensitivity.length; r++) {
    sensitivity[r] = share(hits[r] ?? 0, inside, priors?.sensitivity);
    specificity[r] = share(rejections[r] ?? 0, outside, priors?.specificity);
  }
}

/** Most likely share; with a prior, the mode of the Beta distribution after these counts. */
function share(part: number, whole: number, prior: BetaPrior | undefined): number {
  if (prior === undefined) return part / whole;
  return (part + prior.alpha - 1) / (whole + prior.alpha + prior.beta - 2);
}

function estimatePosterior(
  { readers, marks }: BinaryVotes,
  prior: number,
  sensitivity: Float64Array,
  specificity: Float64Array,
  posterior: Float64Array
): void {
  for (let row = 0; row < marks.length; row++) {
    const mark = marks[row] ?? 0;
    let inside = 1;
    let outside = 1;
    for (let r = 0; r < readers; r++) {
      const p = sensitivity[r] ?? 0;
      const q = specificity[r] ?? 0;
      if ((mark >>> r) & 1) {
        inside *= p;
        outside *= 1 - q;
      } else {
        inside *= 1 - p;
        outside *= q;
      }
    }
    posterior[row] = (prior * inside) / (prior * inside + (1 - prior) * outside);
  }
}

/** What is doubtful about an estimate. */
export type StapleDoubt =
  /** Nobody marked anything, or everybody everything: sensitivity and specificity have no value. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'full' }
  | { readonly kind: 'prior' }
  | { readonly kind: 'not-converged' }
  /** Voxels that nobody marked are given to the object. */
  | { readonly kind: 'inverted' }
  /** A reader whose marks speak against the object, or for whom both say nothing: p + q <= 1. */
  | { readonly kind: 'degenerate'; readonly reader: number }
  /** p or q is 0 or 1, and there are voxels on which readers differ. */
  | { readonly kind: 'boundary'; readonly reader: number; readonly what: 'sensitivity' | 'specificity' };

const NEAR = 1e-6;

/** Looks for the ways in which an estimate is known to mislead. */
export function doubtsOf(votes: BinaryVotes, estimate: StapleEstimate): StapleDoubt[] {
  const everybody = 2 ** votes.readers - 1;
  const total = totalVoxels(votes);
  const unmarked = votes.counts[0] ?? 0;
  const agreed = votes.marks.reduce((sum, row, n) => (row === everybody ? sum + (votes.counts[n] ?? 0) : sum), 0);
  if (total === 0 || unmarked === total) return [{ kind: 'empty' }];
  if (agreed === total) return [{ kind: 'full' }];
  const doubts: StapleDoubt[] = [];
  if (!(estimate.prior > 0 && estimate.prior < 1)) doubts.push({ kind: 'prior' });
  if (!estimate.converged) doubts.push({ kind: 'not-converged' });
  if (unmarked > 0 && (estimate.posterior[0] ?? 0) >= 0.5) doubts.push({ kind: 'inverted' });
  if (unmarked + agreed === total) return doubts;
  for (let reader = 0; reader < votes.readers; reader++) {
    const p = estimate.sensitivity[reader] ?? Number.NaN;
    const q = estimate.specificity[reader] ?? Number.NaN;
    if (marksNothing(votes, reader)) continue;
    if (!(p + q > 1 + NEAR)) doubts.push({ kind: 'degenerate', reader });
    else if (p > 1 - NEAR || p < NEAR) doubts.push({ kind: 'boundary', reader, what: 'sensitivity' });
    else if (q > 1 - NEAR || q < NEAR) doubts.push({ kind: 'boundary', reader, what: 'specificity' });
  }
  return doubts;
}

/** A reader without marks adds no information: p = 0 and q = 1, which misleads nobody. */
function marksNothing({ marks, counts }: BinaryVotes, reader: number): boolean {
  return marks.every((row, n) => ((row >>> reader) & 1) === 0 || (counts[n] ?? 0) === 0);
}
