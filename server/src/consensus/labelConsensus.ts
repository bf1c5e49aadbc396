import type { RegionRule, TieRule } from '@voxcord/schemas/api';
import type { Orientation, Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import type { RegionDependence } from './caseConsensus.js';
import { performanceAgainst, tally } from './hardPerformance.js';
import {
  agreeByMultiLabelStaple,
  agreeByShape,
  agreeByStaple,
  agreeByVote,
  type MethodContext,
  type MethodResult
} from './labelMethods.js';
import { settle, type SettledLabels } from './patternGrid.js';
import { boxesOfPatterns, labelsOf, readVotes, type VotePatterns } from './votePatterns.js';
import { ConsensusError, type ConsensusWarning } from './warnings.js';

export type LabelMethod = 'vote' | 'staple' | 'staple-multilabel' | 'sba';

/** Whole label maps and one method, as batch programs use them. */
export interface LabelConsensusInput {
  readonly dims: Dims;
  /** mm along i, j, k. */
  readonly spacing: Vector;
  /** Headings of the axes in whose order ITK would read the voxels; STAPLE rounds its sums in this order. */
  readonly orientation: Orientation;
  /** Segment numbers, one per voxel, i fastest. */
  readonly reads: readonly { readonly id: string; readonly labels: Uint8Array }[];
  readonly method: LabelMethod;
  /** Only this segment; null: all that occur. */
  readonly segment: number | null;
  /** Of STAPLE; a margin ends at the border of the image. */
  readonly region: RegionRule;
  /** Of STAPLE: ITK's ConfidenceWeight. */
  readonly confidenceWeight: number;
  /** Vote: votes needed; null: the most votes. STAPLE: the probability above which a voxel is in; null: one half. */
  readonly threshold: number | null;
  readonly ties: TieRule;
  /** Of the readers, for votes and shapes; null: all alike. */
  readonly weights: readonly number[] | null;
  readonly compatibility: 'itk5.2' | null;
}

export interface LabelSegment {
  readonly segment: number;
  readonly voxels: number;
  /** Undecided voxels that one reader at least gave to this segment. */
  readonly undecidedVoxels: number;
  /** One per reader; null where there is no such number, for `reason`. */
  readonly sensitivity: readonly (number | null)[];
  readonly specificity: readonly (number | null)[];
  readonly reason: string | null;
  /** As ITK's ElapsedIterations; null for methods without iterations. */
  readonly iterations: number | null;
  readonly dependence: RegionDependence;
  /** Probability per pattern in the region; it is 0 outside. */
  readonly soft: Float64Array;
  /** The region; null: empty. */
  readonly box: VoxelBox | null;
}

export interface LabelConsensus extends SettledLabels {
  readonly patterns: VotePatterns;
  readonly segments: readonly LabelSegment[];
  readonly warnings: readonly ConsensusWarning[];
}

/**
 * Computes one method on label maps. What comes out is that method's answer even where it is doubtful; warnings say so.
 * Throws `ConsensusError`.
 */
export function consensusOfLabels(input: LabelConsensusInput): LabelConsensus {
  check(input);
  const { reads, dims, segment } = input;
  const patterns = readVotes(
    reads.map(({ labels }) => labels),
    dims,
    // Other segments are background, but for the method that looks at all of them together.
    segment === null || input.method === 'staple-multilabel' ? undefined : (_, label) => label === segment
  );
  const segments = segment === null ? labelsOf(patterns) : [segment];
  const { segments: found, claims } = agree({ input, patterns, boxes: boxesOfPatterns(patterns), segments });
  const settled = settle(patterns, claims);
  return {
    ...settled,
    patterns,
    segments: found.map(({ segment: number, soft, box, estimate, dependence }): LabelSegment => {
      const count = tally(patterns, claims, number);
      const against = reads.map((_, reader) => performanceAgainst(patterns, count, number, reader));
      return {
        segment: number,
        voxels: count.voxels,
        undecidedVoxels: count.undecidedVoxels,
        sensitivity: estimate?.sensitivity ?? against.map(({ sensitivity }) => sensitivity),
        specificity: estimate?.specificity ?? against.map(({ specificity }) => specificity),
        reason: estimate === null ? (against[0]?.reason ?? null) : estimate.reason,
        iterations: estimate?.iterations ?? null,
        dependence,
        soft,
        box
      };
    }),
    warnings: [
      ...warningsOfReads(input, patterns, segments),
      ...found.flatMap(({ segment: number, warnings }) => warnings.map(each => ({ ...each, segment: number }))),
      ...warningsOfTies(settled)
    ]
  };
}

function agree(context: MethodContext): MethodResult {
  switch (context.input.method) {
    case 'vote':
      return agreeByVote(context);
    case 'staple':
      return agreeByStaple(context);
    case 'staple-multilabel':
      return agreeByMultiLabelStaple(context);
    case 'sba':
      return agreeByShape(context);
  }
}

function check({ reads, weights, threshold, method, confidenceWeight }: LabelConsensusInput): void {
  const refuse = (text: string): never => {
    throw new ConsensusError('consensus.parameter', text);
  };
  if (!(Number.isFinite(confidenceWeight) && confidenceWeight > 0)) refuse('The confidence weight must be above 0.');
  if (weights !== null) {
    if (weights.length !== reads.length) refuse(`${reads.length} readers need as many weights, not ${weights.length}.`);
    if (!weights.every(weight => Number.isFinite(weight) && weight >= 0) || !weights.some(weight => weight > 0)) {
      refuse('Weights of readers must be 0 or positive, and one of them positive.');
    }
  }
  if (threshold === null) return;
  if (method === 'vote' && !(Number.isInteger(threshold) && threshold >= 1 && threshold <= reads.length)) {
    refuse(`The threshold is a number of votes: 1 to ${reads.length}.`);
  }
  if (method === 'staple' && !(threshold > 0 && threshold < 1)) {
    refuse('The threshold of STAPLE is a probability between 0 and 1.');
  }
}

function warningsOfReads(
  { reads, method, weights, threshold }: LabelConsensusInput,
  { table, counts, readers }: VotePatterns,
  segments: readonly number[]
): ConsensusWarning[] {
  const warnings: ConsensusWarning[] = [];
  if (reads.length === 1) {
    const text = 'One reader only: the consensus is this read, and nothing can be said about agreement.';
    warnings.push({ code: 'readers.one', text, segment: null, reads: reads.map(({ id }) => id) });
  }
  const areIgnored = method === 'staple' || method === 'staple-multilabel' || threshold !== null;
  if (weights !== null && areIgnored) {
    const text = 'This counts all readers alike: their weights had no effect.';
    warnings.push({ code: 'weight.ignored', text, segment: null, reads: [] });
  }
  if (segments.length === 0) {
    const text = 'No reader marked anything: the consensus is empty.';
    warnings.push({ code: 'segment.empty', text, segment: null, reads: [] });
  }
  for (const segment of segments) {
    const marked = reads.map((_, r) => counts.some((__, n) => table[n * readers + r] === segment));
    if (!marked.includes(true)) {
      // STAPLE says so itself.
      if (method === 'staple') continue;
      const text = 'No reader marked this segment: its consensus is empty.';
      warnings.push({ code: 'segment.empty', text, segment, reads: [] });
    } else if (marked.includes(false)) {
      const empty = reads.map(({ id }) => id).filter((_, r) => marked[r] === false);
      const text = `Nothing was marked by ${empty.join(', ')}.`;
      warnings.push({ code: 'reader.empty', text, segment, reads: empty });
    }
  }
  return warnings;
}

function warningsOfTies({ undecidedVoxels }: SettledLabels): ConsensusWarning[] {
  if (undecidedVoxels === 0) return [];
  const text = `${undecidedVoxels} voxels are undecided: somebody has to look at them.`;
  return [{ code: 'ties.undecided', text, segment: null, reads: [] }];
}
