import { length, subtract } from '@voxcord/schemas/geometry';
import { mean } from '../overlap.js';
import { bestAssignment } from './assignment.js';
import type { InstancePairs } from './instances.js';

/**
 * When a lesion counts as found.
 * - `iou`: |A∩B| / |A∪B| is at least `threshold` (above 0.5 matches are unique; for small lesions it is strict).
 * - `centroid-in-mask`: the centre of the reader's lesion lies in the reference's.
 * - `distance`: their centres are at most `mm` apart.
 */
export type MatchingRule =
  | { readonly kind: 'iou'; readonly threshold: number }
  | { readonly kind: 'centroid-in-mask' }
  | { readonly kind: 'distance'; readonly mm: number };

/** Lesions are numbered from 1. */
export interface Match {
  readonly reference: number;
  readonly measured: number;
  readonly iou: number;
  readonly dice: number;
}

export interface Detection {
  readonly rule: MatchingRule;
  readonly matches: readonly Match[];
  /** Lesions of the reference that were not found. */
  readonly missed: readonly number[];
  /** Lesions of the reader that are none in the reference. */
  readonly additional: readonly number[];
  /** Share of the reader's lesions that are right; `null` if there are none. */
  readonly precision: number | null;
  /** Share of the reference's lesions that were found; `null` if there are none. */
  readonly recall: number | null;
  /** `null` if there are no lesions at all. */
  readonly f1: number | null;
  /** Σ IoU of matches / (matches + ½ missed + ½ additional); `null` if there are no lesions at all. */
  readonly panopticQuality: number | null;
  /** Mean IoU of matches. */
  readonly segmentationQuality: number | null;
}

/** Matches lesions one to one: as many as the rule allows, and among those ways the one with the largest overlap. */
export function detect(pairs: InstancePairs, rule: MatchingRule): Detection {
  const overlaps = pairs.reference.map(({ voxels }, row) =>
    pairs.measured.map((other, column) => {
      const both = pairs.common[row]?.[column] ?? 0;
      return { iou: both / (voxels + other.voxels - both), dice: (2 * both) / (voxels + other.voxels) };
    })
  );
  // One match more weighs more than any overlap.
  const most = 1 + Math.min(pairs.reference.length, pairs.measured.length);
  const scores = overlaps.map((row, reference) =>
    row.map(({ iou }, measured) => (isAllowed(pairs, rule, reference, measured, iou) ? most + iou : 0))
  );
  const assigned = bestAssignment(scores);
  const matches = assigned.flatMap((measured, reference): Match[] => {
    const found = measured === null ? undefined : overlaps[reference]?.[measured];
    return measured === null || found === undefined
      ? []
      : [{ reference: reference + 1, measured: measured + 1, ...found }];
  });
  return summarise(rule, matches, pairs.reference.length, pairs.measured.length);
}

function isAllowed(pairs: InstancePairs, rule: MatchingRule, row: number, column: number, iou: number): boolean {
  const reference = pairs.reference[row];
  const measured = pairs.measured[column];
  if (reference === undefined || measured === undefined) return false;
  switch (rule.kind) {
    case 'iou':
      return iou > 0 && iou >= rule.threshold;
    case 'centroid-in-mask':
      return measured.centreIn === row + 1;
    case 'distance':
      return length(subtract(reference.centre, measured.centre)) <= rule.mm;
  }
}

function summarise(rule: MatchingRule, matches: readonly Match[], lesions: number, marked: number): Detection {
  const found = matches.length;
  const rest = (count: number, taken: readonly number[]): number[] =>
    Array.from({ length: count }, (_, at) => at + 1).filter(number => !taken.includes(number));
  const either = (lesions + marked) / 2;
  const ious = matches.map(({ iou }) => iou);
  return {
    rule,
    matches,
    missed: rest(
      lesions,
      matches.map(({ reference }) => reference)
    ),
    additional: rest(
      marked,
      matches.map(({ measured }) => measured)
    ),
    precision: marked === 0 ? null : found / marked,
    recall: lesions === 0 ? null : found / lesions,
    f1: either === 0 ? null : found / either,
    panopticQuality: either === 0 ? null : ious.reduce((sum, iou) => sum + iou, 0) / either,
    segmentationQuality: mean(ious)
  };
}

/** Over cases: how many false lesions a case has, and rates over all lesions. */
export function detectionOverCases(cases: readonly Detection[]): {
  readonly falsePositivesPerCase: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
} {
  const sum = (count: (one: Detection) => number): number => cases.reduce((total, one) => total + count(one), 0);
  const found = sum(({ matches }) => matches.length);
  const missed = sum(one => one.missed.length);
  const additional = sum(one => one.additional.length);
  const share = (whole: number): number | null => (whole === 0 ? null : found / whole);
  return {
    falsePositivesPerCase: cases.length === 0 ? null : additional / cases.length,
    precision: share(found + additional),
    recall: share(found + missed),
    f1: share(found + (missed + additional) / 2)
  };
}
