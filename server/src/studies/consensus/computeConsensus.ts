import type { Warning } from '@voxcord/schemas/api';
import type { MeasuredConsensus } from '@voxcord/schemas/criteria';
import { encodeBricks } from '@voxcord/schemas/labelmap';
import { consensusOfCase, ConsensusError, type CaseConsensus } from '../../consensus/index.js';
import { contentOfLabelMap } from '../../truth/labelMapContent.js';
import { bitmapOf, countLabels, voxelMl } from '../brickMaps.js';
import { measureAgreement } from './measureAgreement.js';
import { presentDispute, presentLesion, presentSegments } from './presentConsensus.js';
import type { ConsensusRefusal, ConsensusTask, MeasuredOutcome, ReadVolume } from './consensusTask.js';
import { segmentRules } from './segmentRules.js';
import { softBytes } from './softBytes.js';

/** The reads are such that no consensus is made of them. */
export class ConsensusRefused extends Error {
  override readonly name = 'ConsensusRefused';
  constructor(readonly refusal: ConsensusRefusal) {
    super(refusal.detail);
  }
}

export type ReportProgress = (done: number, step: string) => void;

/** A read with its voxels. */
interface OpenedRead {
  readonly letter: string;
  readonly root: string;
  readonly labels: Uint8Array;
  readonly weight: number;
  readonly notRead: readonly number[];
}

/**
 * Computes a consensus and measures it. The same reads give the same bytes, whatever their order.
 * Throws `ConsensusRefused`.
 */
export function computeConsensus(task: ConsensusTask, report: ReportProgress): MeasuredOutcome {
  const { dims } = task;
  report(0, 'Reading the label maps');
  const reads = openReads(task);
  report(0.1, 'Computing the consensus');
  const consensus = consensusOf(task, reads);
  refuseFlipped(consensus);
  report(0.55, 'Measuring the agreement');
  const agreement = measureAgreement(task, reads);
  report(0.8, 'Describing disputes');
  const volumes = readVolumes(task, reads);
  const measured: MeasuredConsensus = {
    readers: reads.map(({ letter }) => ({ letter })),
    segments: presentSegments(task, consensus),
    agreement,
    lesions: consensus.lesions.map(lesion => presentLesion(task, lesion)),
    disputes: consensus.disputes.map(dispute => presentDispute(task, dispute)),
    volumesMl: groupVolumes(volumes)
  };
  report(0.9, 'Packing the maps');
  const soft = new Map(
    consensus.segments.map(({ segment, soft: map }) => [
      segment,
      encodeBricks(softBytes(map, consensus.patterns, dims), dims)
    ])
  );
  return {
    dims,
    measured,
    warnings: consensus.warnings.map(({ code, text, segment }): Warning => ({ code, text, segment })),
    labelMapRoot: contentOfLabelMap(consensus.labels, dims).root,
    volumes,
    labelMap: encodeBricks(consensus.labels, dims),
    disagreement: encodeBricks(consensus.disagreement, dims),
    soft,
    regions: consensus.disputes.map(({ runs }) => runs)
  };
}

/** What has no weight is shown beside the consensus: nothing that is computed here knows of it. */
function openReads({ reads, segments, dims }: ConsensusTask): OpenedRead[] {
  return reads
    .filter(({ weight }) => weight > 0)
    .map(({ letter, root, bricks, weight, readSegments }) => ({
      letter,
      root,
      labels: bitmapOf(bricks, dims),
      weight,
      notRead: readSegments === null ? [] : segments.map(({ number }) => number).filter(n => !readSegments.includes(n))
    }));
}

function consensusOf({ dims, spacing, rules, segments }: ConsensusTask, reads: readonly OpenedRead[]): CaseConsensus {
  // Sums of floating-point numbers depend on their order: here it follows from what the reads hold.
  const ordered = [...reads].sort((a, b) => (a.root < b.root ? -1 : a.root > b.root ? 1 : b.weight - a.weight));
  try {
    return consensusOfCase({
      dims,
      spacing,
      reads: ordered.map(({ letter, labels, weight, notRead }) => ({ id: letter, labels, weight, notRead })),
      rules: segmentRules(segments, rules)
    });
  } catch (error) {
    if (!(error instanceof ConsensusError)) throw error;
    throw new ConsensusRefused({ code: error.code, detail: error.message });
  }
}

/** A read that is upside down would be outvoted or averaged in, and nobody would know. */
function refuseFlipped({ warnings }: CaseConsensus): void {
  const flipped = warnings.find(({ code }) => code === 'read.flipped');
  if (flipped === undefined) return;
  const which = flipped.reads.length === 0 ? '' : ` (reader ${[...flipped.reads].sort().join(', ')})`;
  throw new ConsensusRefused({
    code: 'consensus.read-flipped',
    detail: `${flipped.text} No consensus is made of such a read${which}: reopen it and correct it first.`
  });
}

function readVolumes({ spacing, segments }: ConsensusTask, reads: readonly OpenedRead[]): ReadVolume[] {
  const each = voxelMl(spacing);
  return reads.flatMap(({ letter, labels, notRead }) => {
    const counts = countLabels(labels);
    return segments
      .filter(({ number }) => !notRead.includes(number))
      .map(({ number }) => ({ letter, number, volumeMl: (counts[number] ?? 0) * each }));
  });
}

function groupVolumes(volumes: readonly ReadVolume[]): MeasuredConsensus['volumesMl'] {
  const grouped: Record<string, Record<number, number>> = {};
  for (const { letter, number, volumeMl } of volumes) (grouped[letter] ??= {})[number] = volumeMl;
  return grouped;
}
