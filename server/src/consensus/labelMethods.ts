import type { RegionRule } from '@voxcord/schemas/api';
import { boxSize, type VoxelBox } from '@voxcord/schemas/labelmap';
import { cutOut } from '../morphology/boxes.js';
import { bitCount, totalVoxels, votesForSegment, votesInRegion, voteShares, type BinaryVotes } from './binaryVotes.js';
import type { RegionDependence } from './caseConsensus.js';
import { Claims } from './claims.js';
import type { LabelConsensusInput } from './labelConsensus.js';
import { tellDoubts, type ObjectWarning } from './objectConsensus.js';
import { forEachShared } from './patternGrid.js';
import { COMPARED_REGIONS, nameOfRegion, regionOf, type Region } from './regions.js';
import { averageLabelShapes, averageShapes, shapeBox } from './shapeAverage.js';
import { doubtsOf, priorOf, staple } from './staple.js';
import {
  mostProbableLabels,
  performanceForLabel,
  stapleMultiLabel,
  type MultiLabelEstimate
} from './stapleMultiLabel.js';
import { boxOfSegments, type VotePatterns } from './votePatterns.js';
import { ConsensusError } from './warnings.js';
import { voxelsInOrder } from './voxelOrder.js';
import { Decision, resolveTie, voteKOfN, votePlurality, voteWeighted } from './votes.js';

export interface MethodContext {
  readonly input: LabelConsensusInput;
  readonly patterns: VotePatterns;
  readonly boxes: readonly (VoxelBox | null)[];
  readonly segments: readonly number[];
}

/** What a method says of one segment; null where it says nothing of the readers. */
export interface MethodSegment {
  readonly segment: number;
  /** Probability per pattern. */
  readonly soft: Float64Array;
  readonly box: VoxelBox | null;
  readonly estimate: {
    readonly sensitivity: readonly (number | null)[];
    readonly specificity: readonly (number | null)[];
    readonly reason: string | null;
    readonly iterations: number | null;
  } | null;
  readonly dependence: RegionDependence;
  readonly warnings: readonly ObjectWarning[];
}

export interface MethodResult {
  readonly segments: readonly MethodSegment[];
  /** What the voxels of the patterns' box are claimed for. */
  readonly claims: Claims;
}

const NO_DEPENDENCE: RegionDependence = { depends: false, answers: [] };
/** Difference from the threshold below which a probability is at it. */
const EQUAL = 1e-12;

/** Votes: by number for each segment if a threshold or a segment is given, else the most frequent label. */
export function agreeByVote(context: MethodContext): MethodResult {
  const { input, patterns, segments } = context;
  const { threshold, ties, weights } = input;
  const byPattern = new Claims(patterns.counts.length);
  if (input.segment === null && threshold === null) {
    const { labels, undecided } = votePlurality(patterns, null, ties, weights ?? undefined);
    labels.forEach((label, n) => {
      if (undecided[n] === 1) byPattern.claim(n, 0, Decision.undecided, 0, false);
      else if (label !== 0) byPattern.claim(n, label, Decision.foreground, 1, false);
    });
  }
  const result = segments.map((segment): MethodSegment => {
    const { votes, rowOfPattern } = votesForSegment(patterns, segment, allReaders(input));
    const shares = voteShares(votes, weights ?? undefined);
    const soft = Float64Array.from(rowOfPattern, row => shares[row] ?? 0);
    if (input.segment !== null || threshold !== null) {
      const rows =
        weights === null || threshold !== null ? voteKOfN(votes, threshold, ties) : voteWeighted(votes, weights, ties);
      rowOfPattern.forEach((row, n) => byPattern.claim(n, segment, rows[row] ?? 0, soft[n] ?? 0, false));
    }
    return { segment, soft, box: wholeBoxOf(context), estimate: null, dependence: NO_DEPENDENCE, warnings: [] };
  });
  return { segments: result, claims: byVoxel(patterns, byPattern) };
}

/** STAPLE for each segment by itself, as ITK computes it. */
export function agreeByStaple(context: MethodContext): MethodResult {
  const { input, patterns, boxes, segments } = context;
  const { threshold, ties, confidenceWeight } = input;
  const byPattern = new Claims(patterns.counts.length);
  const readers = allReaders(input);
  const ids = input.reads.map(({ id }) => id);
  const result = segments.map((segment): MethodSegment => {
    const { votes, rowOfPattern } = votesForSegment(patterns, segment, readers);
    const union = boxOfSegments(patterns, boxes, readers, label => label === segment);
    const region = clippedRegion(context, input.region, union);
    const inRegion = votesInRegion(votes, region.voxels);
    const order = region.box === null ? null : voxelsInOrder(patterns, rowOfPattern, region.box, input.orientation);
    requirePrior(inRegion, segment, confidenceWeight);
    const raw = staple(inRegion, { confidenceWeight, ...(order === null ? {} : { order }) });
    const { stop, warnings } = tellDoubts(doubtsOf(inRegion, raw), ids);
    const isUndefined = stop === 'empty' || stop === 'full' || ids.length === 1;
    const posterior = isUndefined ? voteShares(votes) : raw.posterior;
    const isSymmetric = ids.length === 2 && !isUndefined;
    const rows = Uint8Array.from(posterior, (w, row) => {
      const marks = bitCount(votes.marks[row] ?? 0);
      if (marks === 0) return Decision.background;
      if (isSymmetric && marks === 1) return Decision[ties];
      return byThreshold(w, threshold ?? 0.5, ties);
    });
    const soft = Float64Array.from(rowOfPattern, row => posterior[row] ?? 0);
    rowOfPattern.forEach((row, n) => byPattern.claim(n, segment, rows[row] ?? 0, soft[n] ?? 0, false));
    const said: ObjectWarning[] = [...warnings];
    if (isSymmetric) {
      const text = 'Two readers: a voxel that one of them marked has no majority. Such voxels are ties.';
      said.push({ code: 'readers.two', text, reads: [] });
    }
    const dependence = isUndefined
      ? NO_DEPENDENCE
      : compareRegions(context, union, compared => {
          const other = votesInRegion(votes, compared.voxels);
          if (isFull(other)) return totalVoxels(other);
          if (priorOf(other, confidenceWeight) >= 1) return null;
          const { posterior: w } = staple(other, { confidenceWeight });
          return w.reduce((sum, each, n) => sum + (each > (threshold ?? 0.5) ? (other.counts[n] ?? 0) : 0), 0);
        });
    said.push(...tellDependence(dependence));
    const reason =
      ids.length === 1 ? 'One reader only.' : isUndefined ? 'The region is all background, or all foreground.' : null;
    return {
      segment,
      soft,
      box: region.box,
      estimate: {
        sensitivity: isUndefined ? ids.map(() => null) : [...raw.sensitivity],
        specificity: isUndefined ? ids.map(() => null) : [...raw.specificity],
        reason: totalVoxels(inRegion) === 0 ? 'No reader marked this segment.' : reason,
        iterations: raw.iterations
      },
      dependence,
      warnings: said
    };
  });
  return { segments: result, claims: byVoxel(patterns, byPattern) };
}

/** STAPLE of all labels together. With one segment, all labels are estimated and this one is answered. */
export function agreeByMultiLabelStaple(context: MethodContext): MethodResult {
  const { input, patterns, boxes, segments } = context;
  const { ties, compatibility } = input;
  const union = boxOfSegments(patterns, boxes, allReaders(input), label => label !== 0);
  const region = clippedRegion(context, input.region, union);
  const estimateIn = (voxels: number): MultiLabelEstimate =>
    stapleMultiLabel(
      { ...patterns, counts: countsIn(patterns, voxels) },
      compatibility === null ? {} : { compatibility }
    );
  const estimate = estimateIn(region.voxels);
  const { labels, posterior } = estimate;
  const byPattern = new Claims(patterns.counts.length);
  const isAsked = new Set(segments);
  for (let n = 1; n < patterns.counts.length; n++) {
    const best = mostProbableLabels(posterior.subarray(n * labels, (n + 1) * labels));
    const label = best.length === 0 && ties === 'background' ? 0 : resolveTie(best, ties);
    if (label === undefined) byPattern.claim(n, 0, Decision.undecided, 0, false);
    else if (isAsked.has(label)) byPattern.claim(n, label, Decision.foreground, 1, false);
  }
  const shared: ObjectWarning[] = estimate.converged
    ? []
    : [{ code: 'staple.not-converged', text: 'Multi-label STAPLE did not converge.', reads: [] }];
  const votes = { ...patterns, counts: countsIn(patterns, region.voxels) };
  const result = segments.map((segment): MethodSegment => {
    const isKnown = segment < labels;
    const performance = isKnown ? performanceForLabel(votes, estimate, segment) : [];
    const dependence = isKnown
      ? compareRegions(context, union, compared => {
          const { winners } = estimateIn(compared.voxels);
          return winners.reduce((sum, winner, n) => sum + (winner === segment ? (patterns.counts[n] ?? 0) : 0), 0);
        })
      : NO_DEPENDENCE;
    const isEmpty = performance.every(({ sensitivity }) => sensitivity === null);
    return {
      segment,
      soft: Float64Array.from(patterns.counts, (_, n) => (isKnown ? (posterior[n * labels + segment] ?? 0) : 0)),
      box: region.box,
      estimate: {
        sensitivity: input.reads.map((_, r) => performance[r]?.sensitivity ?? null),
        specificity: input.reads.map((_, r) => performance[r]?.specificity ?? null),
        reason: isEmpty ? 'The segment has no voxel.' : null,
        iterations: estimate.iterations
      },
      dependence,
      warnings: [...shared, ...tellDependence(dependence)]
    };
  });
  return { segments: result, claims: byVoxel(patterns, byPattern) };
}

/** Shape-based averaging of the label maps; of one segment, of its mask. */
export function agreeByShape(context: MethodContext): MethodResult {
  const { input, patterns, segments } = context;
  const { dims, spacing, reads, ties } = input;
  const claims = new Claims(patterns.index.length);
  const weights = input.weights ?? undefined;
  if (patterns.box !== null) {
    const box = shapeBox(patterns.box, dims);
    if (input.segment !== null) {
      const { segment } = input;
      const masks = reads.map(({ labels }) => cutOut(labels, dims, box).map(label => (label === segment ? 1 : 0)));
      const decisions = averageShapes(masks, boxSize(box), spacing, ties, weights);
      forEachShared(patterns, box, (at, n) => claims.claim(at, segment, decisions[n] ?? 0, 1, false));
    } else {
      const arrays = reads.map(({ labels }) => labels);
      const { labels, undecided } = averageLabelShapes(arrays, dims, spacing, segments, box, ties, weights);
      forEachShared(patterns, box, (at, n) => {
        if (undecided[n] === 1) claims.claim(at, 0, Decision.undecided, 0, false);
        else if (labels[n] !== 0) claims.claim(at, labels[n] ?? 0, Decision.foreground, 1, false);
      });
    }
  }
  const result = segments.map((segment): MethodSegment => {
    const { votes, rowOfPattern } = votesForSegment(patterns, segment, allReaders(input));
    const shares = voteShares(votes, weights);
    const soft = Float64Array.from(rowOfPattern, row => shares[row] ?? 0);
    return { segment, soft, box: wholeBoxOf(context), estimate: null, dependence: NO_DEPENDENCE, warnings: [] };
  });
  return { segments: result, claims };
}

function allReaders({ reads }: LabelConsensusInput): number[] {
  return reads.map((_, reader) => reader);
}

function wholeBoxOf({ input, boxes }: MethodContext): VoxelBox | null {
  return boxes.length === 0 ? null : regionOf({ rule: 'whole' }, null, input.dims, input.spacing, 'clipped').box;
}

function clippedRegion({ input }: MethodContext, rule: RegionRule, union: VoxelBox | null): Region {
  return regionOf(rule, union, input.dims, input.spacing, 'clipped');
}

/** Everybody marked every voxel: STAPLE has no numbers for that. */
function isFull(votes: BinaryVotes): boolean {
  return priorOf(votes, 1) === 1;
}

/** Beyond 1 the iteration has no meaning, and no end that would not depend on rounding. */
function requirePrior(votes: BinaryVotes, segment: number, confidenceWeight: number): void {
  const prior = priorOf(votes, confidenceWeight);
  if (!(prior >= 1) || isFull(votes)) return;
  throw new ConsensusError(
    'consensus.parameter',
    `A confidence weight of ${confidenceWeight} makes ${prior.toPrecision(3)} of the prior of segment ${segment}, which is ` +
      'no probability. Choose a smaller weight or a wider region.'
  );
}

function byThreshold(probability: number, threshold: number, ties: LabelConsensusInput['ties']): Decision {
  if (Math.abs(probability - threshold) <= EQUAL) return Decision[ties];
  return probability > threshold ? Decision.foreground : Decision.background;
}

/** Voxels per pattern in a region that holds all marks. */
function countsIn({ counts }: VotePatterns, regionVoxels: number): Float64Array {
  const inRegion = counts.slice();
  inRegion[0] = regionVoxels - counts.reduce((sum, count, n) => sum + (n === 0 ? 0 : count), 0);
  return inRegion;
}

function compareRegions(
  context: MethodContext,
  union: VoxelBox | null,
  voxelsIn: (region: Region) => number | null
): RegionDependence {
  const { region } = context.input;
  const rules = [region, ...COMPARED_REGIONS.filter(rule => nameOfRegion(rule) !== nameOfRegion(region))];
  const answers = rules.flatMap(rule => {
    const voxels = voxelsIn(clippedRegion(context, rule, union));
    return voxels === null ? [] : [{ region: nameOfRegion(rule), voxels }];
  });
  const sizes = answers.map(({ voxels }) => voxels);
  return { depends: Math.max(...sizes) - Math.min(...sizes) > 1, answers };
}

function tellDependence({ depends, answers }: RegionDependence): ObjectWarning[] {
  if (!depends) return [];
  const list = answers.map(({ region, voxels }) => `${region} ${voxels}`).join(', ');
  return [{ code: 'region.dependent', text: `The answer depends on the region: ${list} voxels.`, reads: [] }];
}

function byVoxel({ index }: VotePatterns, byPattern: Claims): Claims {
  const claims = new Claims(index.length);
  for (let voxel = 0; voxel < index.length; voxel++) {
    const pattern = index[voxel] ?? 0;
    if (pattern !== 0) claims.take(voxel, byPattern, pattern);
  }
  return claims;
}
