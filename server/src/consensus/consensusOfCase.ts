import { boxSize, voxelCount, type VoxelBox } from '@voxcord/schemas/labelmap';
import { forEachRow } from '../morphology/boxes.js';
import type {
  CaseConsensus,
  CaseInput,
  LesionRule,
  ReaderPerformance,
  RegionDependence,
  SegmentConsensus,
  StructureRule
} from './caseConsensus.js';
import { disputesOfCase } from './caseDisputes.js';
import { agreeOnLesions, type SegmentLesions } from './caseLesions.js';
import { readersOf, type CaseReaders } from './caseReaders.js';
import { agreeOnStructures, type StructureConsensus } from './caseStructures.js';
import { warningsOfCase } from './caseWarnings.js';
import { Claims } from './claims.js';
import { disagreementOfPatterns } from './disagreement.js';
import { presentLesions } from './presentLesions.js';
import { boxesOfPatterns, boxOfSegments, readVotes, type VotePatterns } from './votePatterns.js';

/**
 * The consensus of several reads of one case, with everything that is to be known of it: see `CaseConsensus`.
 *
 * Needs about 7 bytes per voxel of the box of all marks, 4 bytes per voxel and reader of the box of a lesion segment, and 2
 * bytes per voxel of the grid. Deterministic; apart from the order of lists it does not depend on the order of the reads.
 * Throws `ConsensusError`.
 */
export function consensusOfCase(input: CaseInput): CaseConsensus {
  const { dims, reads, rules } = input;
  const readers = readersOf(input);
  const ruled = new Set(rules.map(({ segment }) => segment));
  const patterns = readVotes(
    reads.map(({ labels }) => labels),
    dims,
    (reader, label) => ruled.has(label) && !readers.notRead(reader, label)
  );
  const boxes = boxesOfPatterns(patterns);
  const isStructure = (rule: CaseInput['rules'][number]): rule is StructureRule => rule.kind === 'structure';
  const structures = agreeOnStructures(input, rules.filter(isStructure), patterns, boxes, readers);
  const lesions = new Map(
    rules
      .filter((rule): rule is LesionRule => rule.kind === 'lesion')
      .map(rule => {
        const counted = readers.counted(rule.segment);
        const union = boxOfSegments(patterns, boxes, counted, label => label === rule.segment);
        return [rule.segment, agreeOnLesions(input, rule, union, readers)];
      })
  );
  const claims = claimAll(patterns, structures, lesions);
  const { labels, undecided, undecidedVoxels } = settle(patterns, claims);
  const isCounted = (reader: number): boolean => (readers.weights[reader] ?? 0) > 0;
  const byPattern = disagreementOfPatterns(patterns, readers.notRead, isCounted);
  const presented = presentLesions(input, readers, lesions, labels);
  const segments = rules
    .map(rule => presentSegment(input, rule, readers, patterns, structures, lesions, claims))
    .sort((a, b) => a.segment - b.segment);
  return {
    labels,
    undecided,
    undecidedVoxels,
    disagreement: spread(patterns, byPattern),
    patterns,
    segments,
    lesions: presented,
    disputes: disputesOfCase({ input, readers, patterns, structures, lesions, presented, claims, labels, byPattern }),
    warnings: warningsOfCase(input, readers, structures, lesions, presented, undecidedVoxels)
  };
}

/** What each voxel of the patterns' box is claimed for. */
function claimAll(
  patterns: VotePatterns,
  structures: readonly StructureConsensus[],
  lesions: ReadonlyMap<number, SegmentLesions>
): Claims {
  const byPattern = new Claims(patterns.counts.length);
  for (const { segment, decisions, soft } of structures) {
    decisions?.forEach((decision, pattern) => byPattern.claim(pattern, segment, decision, soft[pattern] ?? 0, false));
  }
  const { index } = patterns;
  const claims = new Claims(index.length);
  for (let voxel = 0; voxel < index.length; voxel++) {
    const pattern = index[voxel] ?? 0;
    if (pattern !== 0) claims.take(voxel, byPattern, pattern);
  }
  for (const { segment, object, soft } of structures) {
    if (object.decisions.by !== 'voxel') continue;
    const { box, voxels } = object.decisions;
    forEachShared(patterns, box, (at, position) => {
      claims.claim(at, segment, voxels[position] ?? 0, soft[index[at] ?? 0] ?? 0, false);
    });
  }
  for (const { lesions: list } of lesions.values()) {
    for (const { segment, shape, decisions, soft, accepted } of list) {
      if (!accepted) continue;
      forEachShared(patterns, shape, (at, position) => {
        claims.claim(at, segment, decisions[position] ?? 0, soft[position] ?? 0, true);
      });
    }
  }
  return claims;
}

/** Calls with the positions, in the patterns' box and in another box, of the voxels of both. */
function forEachShared(
  { box: inner }: VotePatterns,
  box: VoxelBox,
  visit: (at: number, position: number) => void
): void {
  if (inner === null) return;
  const [ni, nj] = boxSize(inner);
  const [width, height] = boxSize(box);
  for (let k = Math.max(box.min[2], inner.min[2]); k <= Math.min(box.max[2], inner.max[2]); k++) {
    for (let j = Math.max(box.min[1], inner.min[1]); j <= Math.min(box.max[1], inner.max[1]); j++) {
      const first = Math.max(box.min[0], inner.min[0]);
      const last = Math.min(box.max[0], inner.max[0]);
      let at = first - inner.min[0] + ni * (j - inner.min[1] + nj * (k - inner.min[2]));
      let position = first - box.min[0] + width * (j - box.min[1] + height * (k - box.min[2]));
      for (let i = first; i <= last; i++) visit(at++, position++);
    }
  }
}

/** The label map of the grid, and what stayed undecided as runs. */
function settle(
  { dims, box }: VotePatterns,
  claims: Claims
): Pick<CaseConsensus, 'labels' | 'undecided' | 'undecidedVoxels'> {
  const labels = new Uint8Array(voxelCount(dims));
  const runs: number[] = [];
  let undecidedVoxels = 0;
  if (box !== null) {
    forEachRow(dims, box, (start, position, length) => {
      labels.set(claims.labels.subarray(position, position + length), start);
      let run = 0;
      for (let x = 0; x <= length; x++) {
        if (x < length && claims.isUndecided(position + x)) run++;
        else if (run > 0) {
          runs.push(start + x - run, run);
          undecidedVoxels += run;
          run = 0;
        }
      }
    });
  }
  return { labels, undecided: Uint32Array.from(runs), undecidedVoxels };
}

/** A value per pattern as a value per voxel of the grid. */
function spread({ dims, box, index }: VotePatterns, byPattern: Uint8Array): Uint8Array {
  const values = new Uint8Array(voxelCount(dims));
  if (box !== null) {
    forEachRow(dims, box, (start, position, length) => {
      for (let x = 0; x < length; x++) values[start + x] = byPattern[index[position + x] ?? 0] ?? 0;
    });
  }
  return values;
}

function presentSegment(
  { spacing, reads }: CaseInput,
  rule: CaseInput['rules'][number],
  readers: CaseReaders,
  patterns: VotePatterns,
  structures: readonly StructureConsensus[],
  lesions: ReadonlyMap<number, SegmentLesions>,
  claims: Claims
): SegmentConsensus {
  const { segment } = rule;
  const found = tally(patterns, claims, segment);
  const ml = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const common = {
    segment,
    voxels: found.voxels,
    volumeMl: found.voxels * ml,
    undecidedVoxels: found.undecidedVoxels
  };
  const structure = structures.find(each => each.segment === segment);
  if (structure !== undefined) {
    const { object, soft } = structure;
    return {
      ...common,
      method: object.method,
      iterations: object.iterations,
      performance: reads.map(({ id }, reader) => {
        const place = structure.readers.indexOf(reader);
        return {
          read: id,
          sensitivity: object.sensitivity[place] ?? null,
          specificity: object.specificity[place] ?? null,
          reason: place < 0 ? reasonNotCounted(readers, reader, segment) : object.reason
        };
      }),
      region: object.region,
      soft: { kind: 'patterns', values: soft }
    };
  }
  const list = lesions.get(segment)?.lesions ?? [];
  return {
    ...common,
    method: rule.kind === 'lesion' ? rule.shape.id : rule.method.id,
    iterations: null,
    performance: reads.map(({ id }, reader) => performanceOf(id, reader, segment, readers, patterns, found)),
    region: sumRegions(list.filter(({ accepted }) => accepted).map(({ object }) => object.region)),
    soft: { kind: 'boxes', parts: list.map(({ shape, soft }) => ({ box: shape, values: soft })) }
  };
}

function reasonNotCounted(readers: CaseReaders, reader: number, segment: number): string {
  return readers.notRead(reader, segment) ? 'Not read by this reader.' : 'This reader has no weight.';
}

interface Tally {
  readonly voxels: number;
  readonly undecidedVoxels: number;
  /** Voxels of the segment, and undecided ones, per pattern. */
  readonly inside: Float64Array;
  readonly open: Float64Array;
}

function tally({ index, counts, table, readers }: VotePatterns, claims: Claims, segment: number): Tally {
  const inside = new Float64Array(counts.length);
  const open = new Float64Array(counts.length);
  const isMarked = Uint8Array.from(counts, (_, pattern) => {
    const start = pattern * readers;
    return table.subarray(start, start + readers).includes(segment) ? 1 : 0;
  });
  let voxels = 0;
  let undecidedVoxels = 0;
  for (let voxel = 0; voxel < index.length; voxel++) {
    const pattern = index[voxel] ?? 0;
    if (claims.labels[voxel] === segment) {
      inside[pattern] = (inside[pattern] ?? 0) + 1;
      voxels++;
    } else if (pattern !== 0 && claims.isUndecided(voxel)) {
      open[pattern] = (open[pattern] ?? 0) + 1;
      undecidedVoxels += isMarked[pattern] ?? 0;
    }
  }
  return { voxels, undecidedVoxels, inside, open };
}

/** Against the hard consensus in the whole image; undecided voxels do not count. */
function performanceOf(
  read: string,
  reader: number,
  segment: number,
  readers: CaseReaders,
  { counts, table, readers: all }: VotePatterns,
  { inside, open, voxels }: Tally
): ReaderPerformance {
  if (!readers.counted(segment).includes(reader)) {
    return { read, sensitivity: null, specificity: null, reason: reasonNotCounted(readers, reader, segment) };
  }
  let hits = 0;
  let outside = 0;
  let rejections = 0;
  counts.forEach((count, pattern) => {
    const isMarked = table[pattern * all + reader] === segment;
    const rest = count - (inside[pattern] ?? 0) - (open[pattern] ?? 0);
    outside += rest;
    if (isMarked) hits += inside[pattern] ?? 0;
    else rejections += rest;
  });
  return {
    read,
    sensitivity: voxels === 0 ? null : hits / voxels,
    specificity: outside === 0 ? null : rejections / outside,
    reason: voxels === 0 ? 'The consensus is empty.' : null
  };
}

function sumRegions(regions: readonly RegionDependence[]): RegionDependence {
  const sums = new Map<string, number>();
  for (const { answers } of regions) {
    for (const { region, voxels } of answers) sums.set(region, (sums.get(region) ?? 0) + voxels);
  }
  return {
    depends: regions.some(({ depends }) => depends),
    answers: [...sums].map(([region, voxels]) => ({ region, voxels }))
  };
}
