import type { ShapeMethod } from '@voxcord/schemas/api';
import { boxSize, type VoxelBox } from '@voxcord/schemas/labelmap';
import { cutOut } from '../morphology/boxes.js';
import { votesForSegment, type SegmentVotes } from './binaryVotes.js';
import type { CaseInput, StructureRule } from './caseConsensus.js';
import type { CaseReaders } from './caseReaders.js';
import { agreeOnObject, type ObjectConsensus, type ObjectMasks, type ObjectWarning } from './objectConsensus.js';
import { COMPARED_REGIONS, nameOfRegion, regionOf } from './regions.js';
import { shapeBox } from './shapeAverage.js';
import { performanceForLabel, stapleMultiLabel, type LabelVotes } from './stapleMultiLabel.js';
import { boxOfSegments, patternsInBox, type VotePatterns } from './votePatterns.js';
import { Decision } from './votes.js';

/** The consensus on one structure, by pattern of the case. */
export interface StructureConsensus {
  readonly segment: number;
  readonly readers: readonly number[];
  readonly object: ObjectConsensus;
  /** Decision per pattern; null where it differs between voxels of a pattern: then the object has it by voxel. */
  readonly decisions: Uint8Array | null;
  /** Probability per pattern. */
  readonly soft: Float64Array;
}

type MultiLabel = Extract<ShapeMethod, { id: 'staple.multilabel.f64' }>;

/** Agrees on the structures of a case: those with the multi-label method together, the others one by one. */
export function agreeOnStructures(
  input: CaseInput,
  rules: readonly StructureRule[],
  patterns: VotePatterns,
  boxes: readonly (VoxelBox | null)[],
  readers: CaseReaders
): StructureConsensus[] {
  const together = rules.filter(({ method }) => method.id === 'staple.multilabel.f64');
  const joint = together.length === 0 ? null : jointReaders(together, readers);
  return rules.map(rule => {
    const counted = readers.counted(rule.segment);
    if (rule.method.id === 'staple.multilabel.f64' && joint !== null && joint.length > 2) {
      const isMarked = boxOfSegments(patterns, boxes, joint, label => label === rule.segment) !== null;
      if (isMarked) return agreeJointly(input, rule.segment, rule.method, patterns, boxes, joint, counted);
    }
    return agreeAlone(input, rule, patterns, boxes, readers, counted);
  });
}

/** Readers who read all structures that are agreed on together. */
function jointReaders(rules: readonly StructureRule[], readers: CaseReaders): number[] {
  const [first, ...others] = rules.map(({ segment }) => readers.counted(segment));
  return (first ?? []).filter(reader => others.every(list => list.includes(reader)));
}

function agreeAlone(
  input: CaseInput,
  { segment, method }: StructureRule,
  patterns: VotePatterns,
  boxes: readonly (VoxelBox | null)[],
  readers: CaseReaders,
  counted: readonly number[]
): StructureConsensus {
  const union = boxOfSegments(patterns, boxes, counted, label => label === segment);
  const segmentVotes = votesForSegment(patterns, segment, counted);
  const object = agreeOnObject(
    {
      readers: counted.map(reader => readers.ids[reader] ?? ''),
      weights: counted.map(reader => readers.weights[reader] ?? 1),
      votes: segmentVotes.votes,
      union,
      dims: input.dims,
      spacing: input.spacing,
      beyond: 'background',
      masks: () => masksOfSegment(input, segment, counted, patterns, segmentVotes, union)
    },
    method
  );
  const { rowOfPattern } = segmentVotes;
  const { decisions } = object;
  return {
    segment,
    readers: counted,
    object,
    decisions: decisions.by === 'row' ? Uint8Array.from(rowOfPattern, row => decisions.rows[row] ?? 0) : null,
    soft: Float64Array.from(rowOfPattern, row => object.soft[row] ?? 0)
  };
}

function masksOfSegment(
  { reads, dims }: CaseInput,
  segment: number,
  counted: readonly number[],
  patterns: VotePatterns,
  { rowOfPattern }: SegmentVotes,
  union: VoxelBox | null
): ObjectMasks {
  const box = shapeBox(union ?? { min: [0, 0, 0], max: [0, 0, 0] }, dims);
  const masks = counted.map(reader =>
    cutOut(reads[reader]?.labels ?? new Uint8Array(0), dims, box).map(label => (label === segment ? 1 : 0))
  );
  const patternsHere = patternsInBox(patterns, box);
  return { box, dims: boxSize(box), masks, rows: Uint32Array.from(patternsHere, p => rowOfPattern[p] ?? 0) };
}

function agreeJointly(
  input: CaseInput,
  segment: number,
  method: MultiLabel,
  patterns: VotePatterns,
  boxes: readonly (VoxelBox | null)[],
  joint: readonly number[],
  counted: readonly number[]
): StructureConsensus {
  const union = boxOfSegments(patterns, boxes, joint, label => label !== 0);
  const estimateIn = (
    rule: MultiLabel['region']
  ): { votes: LabelVotes; estimate: ReturnType<typeof stapleMultiLabel> } => {
    const { voxels } = regionOf(rule, union, input.dims, input.spacing, 'background');
    const votes = labelVotesOf(patterns, joint, voxels);
    return { votes, estimate: stapleMultiLabel(votes) };
  };
  const { votes, estimate } = estimateIn(method.region);
  const performance = performanceForLabel(votes, estimate, segment);
  const soft = Float64Array.from(votes.counts, (_, n) => estimate.posterior[n * estimate.labels + segment] ?? 0);
  const decisions = Uint8Array.from(estimate.winners, (winner, n) => {
    if (winner === segment) return Decision.foreground;
    return winner === estimate.labels && marksSegment(votes, n, segment) ? Decision.undecided : Decision.background;
  });
  const rules = [method.region, ...COMPARED_REGIONS.filter(each => nameOfRegion(each) !== nameOfRegion(method.region))];
  const answers = rules.map(rule => {
    const { votes: compared, estimate: other } = estimateIn(rule);
    const voxels = other.winners.reduce(
      (sum, winner, n) => sum + (winner === segment ? (compared.counts[n] ?? 0) : 0),
      0
    );
    return { region: nameOfRegion(rule), voxels };
  });
  const sizes = answers.map(({ voxels }) => voxels);
  const depends = Math.max(...sizes) - Math.min(...sizes) > 1;
  const warnings: ObjectWarning[] = [];
  if (depends) {
    const list = answers.map(answer => `${answer.region} ${answer.voxels}`).join(', ');
    warnings.push({ code: 'region.dependent', text: `The answer depends on the region: ${list} voxels.`, reads: [] });
  }
  if (!estimate.converged) {
    warnings.push({ code: 'staple.not-converged', text: 'Multi-label STAPLE did not converge.', reads: [] });
  }
  const place = (reader: number): (typeof performance)[number] | undefined => performance[joint.indexOf(reader)];
  const left = counted.filter(reader => !joint.includes(reader));
  return {
    segment,
    readers: counted,
    object: {
      method: method.id,
      decisions: { by: 'row', rows: decisions },
      soft,
      iterations: estimate.iterations,
      sensitivity: counted.map(reader => place(reader)?.sensitivity ?? null),
      specificity: counted.map(reader => place(reader)?.specificity ?? null),
      reason: left.length === 0 ? null : 'The reader has not read all structures that are agreed on together.',
      region: { depends, answers },
      warnings
    },
    decisions,
    soft
  };
}

/** The votes of some readers on all labels in a region that holds all marks; one row per pattern of the case. */
function labelVotesOf(patterns: VotePatterns, readers: readonly number[], regionVoxels: number): LabelVotes {
  const { table, counts, readers: all } = patterns;
  const rows = new Uint8Array(counts.length * readers.length);
  const inRegion = new Float64Array(counts.length);
  let marked = 0;
  for (let n = 0; n < counts.length; n++) {
    readers.forEach((reader, r) => (rows[n * readers.length + r] = table[n * all + reader] ?? 0));
    // What only others marked is background here.
    if (!rows.subarray(n * readers.length, (n + 1) * readers.length).some(label => label !== 0)) continue;
    inRegion[n] = counts[n] ?? 0;
    marked += counts[n] ?? 0;
  }
  inRegion[0] = regionVoxels - marked;
  return { readers: readers.length, table: rows, counts: inRegion };
}

function marksSegment({ table, readers }: LabelVotes, row: number, segment: number): boolean {
  for (let n = row * readers; n < (row + 1) * readers; n++) if (table[n] === segment) return true;
  return false;
}
