import type {
  DetectionSummary,
  EvaluatedLesion,
  EvaluatedSegment,
  LesionSummary,
  Measure,
  SizeBinSummary
} from '@voxcord/schemas/api';
import { meanOf } from './estimates.js';
import { frocOf } from './froc.js';
import { isIn, SIZE_BINS, type SizeBin } from './sizeBins.js';
import { summariseMeasure } from './summariseMeasure.js';

/** One segment in one case, with its lesions. */
export interface SegmentInCase {
  readonly segment: EvaluatedSegment;
  readonly lesions: readonly EvaluatedLesion[];
}

/** Lesions of one segment over cases. Shares are over all lesions; intervals draw patients with all of theirs. */
export function summariseLesions(cases: readonly SegmentInCase[], measures: readonly Measure[]): LesionSummary {
  return {
    detection: detectionIn(cases),
    bins: SIZE_BINS.map(bin => summariseBin(bin, cases, measures)),
    froc: frocOf(
      cases.map(({ lesions }) => ({
        lesions: lesions.filter(isLesion).length,
        found: lesions.filter(isFound).map(({ score }) => score),
        falseMarks: lesions.filter(isFalse).map(({ score }) => score)
      }))
    )
  };
}

function detectionIn(cases: readonly SegmentInCase[]): DetectionSummary {
  const all = cases.flatMap(({ lesions }) => lesions);
  const shares = (of: (lesions: readonly EvaluatedLesion[]) => readonly number[]): (readonly number[])[] =>
    cases.map(({ lesions }) => of(lesions));
  return {
    lesions: all.filter(isLesion).length,
    found: all.filter(isFound).length,
    marks: cases.reduce((sum, { segment }) => sum + (segment.marks ?? 0), 0),
    falsePositives: all.filter(isFalse).length,
    repeatedMarks: cases.reduce((sum, { segment }) => sum + (segment.repeatedMarks ?? 0), 0),
    sensitivity: meanOf(shares(sensitivityOf), 'value'),
    // Of what was found and what is false, the share that was found.
    precision: meanOf(
      shares(lesions => lesions.filter(each => !isMissed(each)).map(each => (isFound(each) ? 1 : 0))),
      'value'
    ),
    // 2 found / (2 found + missed + false): what was found counts twice.
    f1: meanOf(
      shares(lesions => lesions.flatMap(each => (isFound(each) ? [1, 1] : [0]))),
      'value'
    ),
    falsePositivesPerCase: meanOf(shares(lesions => [lesions.filter(isFalse).length]))
  };
}

function summariseBin(bin: SizeBin, cases: readonly SegmentInCase[], measures: readonly Measure[]): SizeBinSummary {
  const inBin = cases.map(({ lesions }) => lesions.filter(({ diameter }) => diameter !== null && isIn(bin, diameter)));
  const falseInBin = cases.map(({ lesions }) =>
    lesions.filter(each => isFalse(each) && each.markedDiameter !== null && isIn(bin, each.markedDiameter))
  );
  const found = inBin.map(lesions => lesions.filter(isFound));
  return {
    ...bin,
    lesions: inBin.flat().length,
    found: found.flat().length,
    sensitivity: meanOf(inBin.map(sensitivityOf), 'value'),
    falsePositives: falseInBin.flat().length,
    falsePositivesPerCase: meanOf(falseInBin.map(lesions => [lesions.length])),
    quality: measures.map(measure =>
      summariseMeasure(
        measure,
        found.map(lesions => lesions.map(({ values }) => values[measure.definition] ?? null)),
        'value'
      )
    )
  };
}

function sensitivityOf(lesions: readonly EvaluatedLesion[]): number[] {
  return lesions.filter(isLesion).map(each => (isFound(each) ? 1 : 0));
}

function isLesion({ outcome }: EvaluatedLesion): boolean {
  return outcome !== 'false-positive';
}

function isFound({ outcome }: EvaluatedLesion): boolean {
  return outcome === 'found';
}

function isMissed({ outcome }: EvaluatedLesion): boolean {
  return outcome === 'missed';
}

function isFalse({ outcome }: EvaluatedLesion): boolean {
  return outcome === 'false-positive';
}
