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
import { performanceAgainst, tally, type Tally } from './hardPerformance.js';
import { forEachShared, settle, spread } from './patternGrid.js';
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

function performanceOf(
  read: string,
  reader: number,
  segment: number,
  readers: CaseReaders,
  patterns: VotePatterns,
  found: Tally
): ReaderPerformance {
  if (!readers.counted(segment).includes(reader)) {
    return { read, sensitivity: null, specificity: null, reason: reasonNotCounted(readers, reader, segment) };
  }
  return { read, ...performanceAgainst(patterns, found, segment, reader) };
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
