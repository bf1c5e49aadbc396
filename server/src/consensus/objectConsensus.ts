import type { RegionRule, ShapeMethod, TieRule } from '@voxcord/schemas/api';
import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import {
  markedByReader,
  markedVoxels,
  totalVoxels,
  voteShares,
  votesInRegion,
  type BinaryVotes
} from './binaryVotes.js';
import type { RegionDependence } from './caseConsensus.js';
import { COMPARED_REGIONS, nameOfRegion, regionOf } from './regions.js';
import { averageShapes } from './shapeAverage.js';
import { DEFAULT_PRIORS, doubtsOf, staple, type StapleDoubt, type StapleEstimate } from './staple.js';
import { performanceForLabel, stapleMultiLabel } from './stapleMultiLabel.js';
import { byHalf, Decision, voteKOfN, voteWeighted } from './votes.js';
import type { ConsensusWarningCode } from './warnings.js';

/** The marks of some readers for one object. */
export interface ObjectMarks {
  /** Ids of the readers, in the order of the bits of `votes`. */
  readonly readers: readonly string[];
  readonly weights: readonly number[];
  /** Over the whole grid. */
  readonly votes: BinaryVotes;
  /** Box of the marked voxels; null if there are none. */
  readonly union: VoxelBox | null;
  readonly dims: Dims;
  readonly spacing: Vector;
  /** See `regionOf`. */
  readonly beyond: 'clipped' | 'background';
  /** The masks as voxels, for methods of shape: in a box as `shapeBox` makes it. */
  readonly masks: () => ObjectMasks;
}

export interface ObjectMasks {
  readonly box: VoxelBox;
  readonly dims: Dims;
  readonly masks: readonly Uint8Array[];
  /** Row of the votes of each voxel of the box. */
  readonly rows: Uint16Array | Uint32Array;
}

/** A decision (see `Decision`) for each row of the votes, or for each voxel of a box. */
export type Decisions =
  | { readonly by: 'row'; readonly rows: Uint8Array }
  | { readonly by: 'voxel'; readonly box: VoxelBox; readonly voxels: Uint8Array };

export interface ObjectWarning {
  readonly code: ConsensusWarningCode;
  readonly text: string;
  readonly reads: readonly string[];
}

export interface ObjectConsensus {
  readonly method: ShapeMethod['id'];
  readonly decisions: Decisions;
  /** Probability for each row of the votes. */
  readonly soft: Float64Array;
  readonly iterations: number | null;
  /** One per reader; null where it has no value, for `reason`. */
  readonly sensitivity: readonly (number | null)[];
  readonly specificity: readonly (number | null)[];
  readonly reason: string | null;
  readonly region: RegionDependence;
  readonly warnings: readonly ObjectWarning[];
}

const NO_REGION: RegionDependence = { depends: false, answers: [] };
const VOTE = { id: 'vote.kofn', threshold: null, ties: 'undecided' } as const satisfies ShapeMethod;
const SHAPES = { id: 'sba', ties: 'undecided' } as const satisfies ShapeMethod;

/** Makes one mask of several. What cannot be computed falls back to something that can, and says so. */
export function agreeOnObject(marks: ObjectMarks, method: ShapeMethod): ObjectConsensus {
  const { readers, votes } = marks;
  if (readers.length === 0) return trivial(marks, method, 'readers.none', 'Nobody has read this segment.');
  if (markedVoxels(votes) === 0) {
    return trivial(marks, method, 'segment.empty', 'No reader marked this segment: its consensus is empty.');
  }
  if (readers.length === 1) {
    const text = 'One reader only: the consensus is this mask, and nothing can be said about agreement.';
    return byVotes(marks, VOTE, [{ code: 'readers.one', text, reads: readers }]);
  }
  const warnings = warningsOfEmptyReaders(marks);
  switch (method.id) {
    case 'vote.kofn':
      return byVotes(marks, method, [...warnings, ...ignoredWeights(marks, method.threshold !== null, method.id)]);
    case 'sba':
      return byShapes(marks, method.ties, warnings);
    case 'staple.binary.itk':
    case 'staple.map':
    case 'staple.multilabel.f64': {
      const said = [...warnings, ...ignoredWeights(marks, true, method.id)];
      if (readers.length > 2) return byStaple(marks, method, said);
      const text = 'Two readers only: a voxel that one of them marked has no majority, and STAPLE decides nothing.';
      return byShapes(marks, SHAPES.ties, [
        ...said,
        { code: 'readers.two', text, reads: [] },
        { code: 'method.fallback', text: 'Shape-based averaging was used in place of STAPLE.', reads: [] }
      ]);
    }
  }
}

function trivial(
  { votes, readers }: ObjectMarks,
  method: ShapeMethod,
  code: ConsensusWarningCode,
  text: string
): ObjectConsensus {
  const nothing = readers.map(() => null);
  return {
    method: method.id,
    decisions: { by: 'row', rows: new Uint8Array(votes.marks.length) },
    soft: new Float64Array(votes.marks.length),
    iterations: null,
    sensitivity: nothing,
    specificity: nothing,
    reason: text,
    region: NO_REGION,
    warnings: [{ code, text, reads: [] }]
  };
}

function warningsOfEmptyReaders({ votes, readers }: ObjectMarks): ObjectWarning[] {
  const marked = markedByReader(votes);
  const empty = readers.filter((_, r) => marked[r] === 0);
  if (empty.length === 0) return [];
  return [{ code: 'reader.empty', text: `Nothing was marked by ${empty.join(', ')}.`, reads: empty }];
}

function ignoredWeights({ weights }: ObjectMarks, areIgnored: boolean, method: string): ObjectWarning[] {
  if (!areIgnored || !differ(weights)) return [];
  const text = `${method} counts all readers alike: their weights had no effect.`;
  return [{ code: 'weight.ignored', text, reads: [] }];
}

function differ(weights: readonly number[]): boolean {
  return weights.some(weight => weight !== weights[0]);
}

function byVotes(
  marks: ObjectMarks,
  { threshold, ties }: Extract<ShapeMethod, { id: 'vote.kofn' }>,
  warnings: readonly ObjectWarning[]
): ObjectConsensus {
  const { votes, weights } = marks;
  const rows =
    threshold === null && differ(weights) ? voteWeighted(votes, weights, ties) : voteKOfN(votes, threshold, ties);
  return {
    method: 'vote.kofn',
    decisions: { by: 'row', rows },
    soft: voteShares(votes, weights),
    iterations: null,
    ...performanceAgainst(votes, row => rows[row] ?? 0, votes.counts),
    region: NO_REGION,
    warnings
  };
}

function byShapes(marks: ObjectMarks, ties: TieRule, warnings: readonly ObjectWarning[]): ObjectConsensus {
  const { votes, weights, spacing } = marks;
  const { box, dims, masks, rows } = marks.masks();
  const voxels = averageShapes(masks, dims, spacing, ties, weights);
  // Voxels by row and decision; those outside the box are background that nobody marked.
  const counts = new Float64Array(3 * votes.marks.length);
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    const at = 3 * (rows[voxel] ?? 0) + (voxels[voxel] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  counts[0] = (counts[0] ?? 0) + totalVoxels(votes) - voxels.length;
  const spread = {
    readers: votes.readers,
    marks: Uint32Array.from(counts, (_, n) => votes.marks[Math.floor(n / 3)] ?? 0)
  };
  return {
    method: 'sba',
    decisions: { by: 'voxel', box, voxels },
    soft: voteShares(votes, weights),
    iterations: null,
    ...performanceAgainst(spread, row => row % 3, counts),
    region: NO_REGION,
    warnings
  };
}

/** Sensitivity and specificity against a hard consensus; undecided voxels do not count. */
function performanceAgainst(
  { readers, marks }: Pick<BinaryVotes, 'readers' | 'marks'>,
  decisionOf: (row: number) => number,
  counts: Float64Array
): Pick<ObjectConsensus, 'sensitivity' | 'specificity' | 'reason'> {
  let inside = 0;
  let outside = 0;
  const hits = new Float64Array(readers);
  const rejections = new Float64Array(readers);
  for (let row = 0; row < marks.length; row++) {
    const decision = decisionOf(row);
    if (decision === Decision.undecided) continue;
    const count = counts[row] ?? 0;
    const isInside = decision === Decision.foreground;
    if (isInside) inside += count;
    else outside += count;
    for (let r = 0; r < readers; r++) {
      const isMarked = (((marks[row] ?? 0) >>> r) & 1) === 1;
      if (isInside && isMarked) hits[r] = (hits[r] ?? 0) + count;
      if (!isInside && !isMarked) rejections[r] = (rejections[r] ?? 0) + count;
    }
  }
  return {
    sensitivity: Array.from(hits, hit => (inside === 0 ? null : hit / inside)),
    specificity: Array.from(rejections, rejection => (outside === 0 ? null : rejection / outside)),
    reason: inside === 0 ? 'The consensus is empty.' : outside === 0 ? 'The consensus is full.' : null
  };
}

type StapleMethod = Extract<ShapeMethod, { region: RegionRule }>;

function byStaple(marks: ObjectMarks, method: StapleMethod, said: readonly ObjectWarning[]): ObjectConsensus {
  const inRegion = (rule: RegionRule): BinaryVotes => {
    const { union, dims, spacing, beyond } = marks;
    return votesInRegion(marks.votes, regionOf(rule, union, dims, spacing, beyond).voxels);
  };
  const votes = inRegion(method.region);
  const estimate = estimateOf(votes, method);
  const { stop, warnings } = tellDoubts(doubtsOf(votes, estimate), marks.readers);
  if (stop === 'full') return { ...byVotes(marks, VOTE, [...said, ...warnings]), ...unknownPerformance(marks) };
  if (stop === 'fallback') {
    const text = 'The majority vote was used in place of STAPLE.';
    return byVotes(marks, VOTE, [...said, ...warnings, { code: 'method.fallback', text, reads: [] }]);
  }
  const rows = Uint8Array.from(estimate.posterior, w => byHalf(w, 'undecided'));
  const region = dependenceOf(method, inRegion);
  const text = `The answer depends on the region: ${region.answers.map(a => `${a.region} ${a.voxels}`).join(', ')} voxels.`;
  return {
    method: method.id,
    decisions: { by: 'row', rows },
    soft: estimate.posterior,
    iterations: estimate.iterations,
    sensitivity: [...estimate.sensitivity],
    specificity: [...estimate.specificity],
    reason: null,
    region,
    warnings: [
      ...said,
      ...warnings,
      ...(region.depends ? [{ code: 'region.dependent' as const, text, reads: [] }] : [])
    ]
  };
}

function estimateOf(votes: BinaryVotes, method: StapleMethod): StapleEstimate {
  switch (method.id) {
    case 'staple.binary.itk':
      return staple(votes, { confidenceWeight: method.confidenceWeight });
    case 'staple.map':
      return staple(votes, { priors: DEFAULT_PRIORS });
    case 'staple.multilabel.f64':
      return binaryFromLabels(votes);
  }
}

/** The multi-label estimate of one object and its background. */
function binaryFromLabels(votes: BinaryVotes): StapleEstimate {
  const { readers, marks, counts } = votes;
  const table = new Uint8Array(marks.length * readers);
  marks.forEach((row, n) => {
    for (let r = 0; r < readers; r++) table[n * readers + r] = (row >>> r) & 1;
  });
  const labelVotes = { readers, table, counts };
  const estimate = stapleMultiLabel(labelVotes);
  const performance = performanceForLabel(labelVotes, estimate, 1);
  return {
    sensitivity: Float64Array.from(performance, ({ sensitivity }) => sensitivity ?? Number.NaN),
    specificity: Float64Array.from(performance, ({ specificity }) => specificity ?? Number.NaN),
    posterior: Float64Array.from(counts, (_, n) => estimate.posterior[n * estimate.labels + 1] ?? 0),
    prior: estimate.priors[1] ?? 0,
    iterations: estimate.iterations,
    converged: estimate.converged
  };
}

function unknownPerformance({ readers }: ObjectMarks): Pick<ObjectConsensus, 'sensitivity' | 'specificity' | 'reason'> {
  const nothing = readers.map(() => null);
  const reason = 'All readers marked the whole region: sensitivity and specificity cannot be told apart from chance.';
  return { sensitivity: nothing, specificity: nothing, reason };
}

/** Doubts in words, and whether the estimate can be used. */
export function tellDoubts(
  doubts: readonly StapleDoubt[],
  readers: readonly string[]
): { stop: 'empty' | 'full' | 'fallback' | null; warnings: ObjectWarning[] } {
  let stop: 'empty' | 'full' | 'fallback' | null = null;
  const warnings: ObjectWarning[] = [];
  for (const doubt of doubts) {
    switch (doubt.kind) {
      case 'empty':
        stop = 'empty';
        warnings.push({
          code: 'segment.empty',
          text: 'No reader marked this segment: its consensus is empty.',
          reads: []
        });
        break;
      case 'full':
        stop = 'full';
        warnings.push({
          code: 'segment.full',
          text: 'Every reader marked the whole region: the consensus is all of it, and readers cannot be compared.',
          reads: []
        });
        break;
      case 'prior':
        stop = 'fallback';
        warnings.push({
          code: 'staple.prior',
          text: 'The confidence weight takes the prior of STAPLE beyond 0 to 1. Choose a smaller weight or a wider region.',
          reads: []
        });
        break;
      case 'not-converged':
        stop = 'fallback';
        warnings.push({ code: 'staple.not-converged', text: 'STAPLE did not converge.', reads: [] });
        break;
      case 'inverted':
        stop = 'fallback';
        warnings.push({
          code: 'staple.degenerate',
          text: 'STAPLE gives voxels that nobody marked to the object: a degenerate optimum.',
          reads: []
        });
        break;
      case 'degenerate': {
        stop = 'fallback';
        const name = readers[doubt.reader] ?? '';
        warnings.push({
          code: 'staple.degenerate',
          text: `STAPLE found ${name} no better than chance (sensitivity + specificity <= 1): a degenerate optimum.`,
          reads: [name]
        });
        break;
      }
      case 'boundary': {
        const name = readers[doubt.reader] ?? '';
        warnings.push({
          code: 'staple.boundary',
          text: `STAPLE estimates the ${doubt.what} of ${name} as 0 or 1: this reader alone decides disputed voxels.`,
          reads: [name]
        });
        break;
      }
    }
  }
  return { stop, warnings };
}

/** The sizes of the answer in other regions. */
function dependenceOf(method: StapleMethod, inRegion: (rule: RegionRule) => BinaryVotes): RegionDependence {
  const rules = [method.region, ...COMPARED_REGIONS.filter(rule => nameOfRegion(rule) !== nameOfRegion(method.region))];
  const answers = rules.map(rule => {
    const votes = inRegion(rule);
    const { posterior } = estimateOf(votes, method);
    const voxels = posterior.reduce((sum, w, row) => sum + (w > 0.5 ? (votes.counts[row] ?? 0) : 0), 0);
    return { region: nameOfRegion(rule), voxels };
  });
  const sizes = answers.map(({ voxels }) => voxels);
  return { depends: Math.max(...sizes) - Math.min(...sizes) > 1, answers };
}
