import type { EvaluatedCase, EvaluationResult, EvaluationWarning, SegmentSummary } from '@voxcord/schemas/api';
import { FEWEST_PATIENTS } from '../agreement/index.js';
import { SERVER_VERSION } from '../version.js';
import { RESAMPLES, SEED } from './estimates.js';
import { lesionMeasures, segmentMeasures } from './measures.js';
import type { EvaluationSettings } from './settings.js';
import { DIAMETER } from './sizeBins.js';
import { strataOf } from './strata.js';
import { summariseLesions, type SegmentInCase } from './summariseLesions.js';
import { summariseMeasure } from './summariseMeasure.js';

/** What is evaluated. */
export interface EvaluationSubject {
  readonly names: EvaluationResult['names'];
  readonly settings: EvaluationSettings;
  /** Every case of the release, evaluated or not. */
  readonly cases: readonly EvaluatedCase[];
  /** What is known beside the figures. */
  readonly warnings: readonly EvaluationWarning[];
}

/** Figures over cases, for all of them and for each stratum. Does not depend on the order of cases. Pure. */
export function summariseEvaluation({ names, settings, cases, warnings }: EvaluationSubject): EvaluationResult {
  // Intervals draw cases by their place: so they have one.
  const ordered = [...cases].sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
  const counted = ordered.filter(({ standing }) => standing !== 'left-out');
  const segments = names.map(name => summariseSegment(name, counted, settings));
  const [surface] = settings.definitions;
  return {
    conditions: {
      surface,
      tau: settings.tau,
      matching: settings.matching,
      diameter: DIAMETER,
      score: settings.score,
      resamples: RESAMPLES,
      seed: SEED,
      softwareVersion: SERVER_VERSION
    },
    names: [...names],
    cases: ordered,
    segments,
    strata: strataOf(names, counted).map(({ name, value, cases: inside }) => ({
      name,
      value,
      cases: inside.length,
      segments: names.map(each => summariseSegment(each, inside, settings))
    })),
    warnings: [...warnings, ...warningsOf(segments, counted, names)]
  };
}

type Name = EvaluationResult['names'][number];

function summariseSegment(
  { number, kind }: Name,
  cases: readonly EvaluatedCase[],
  { definitions, tau }: EvaluationSettings
): SegmentSummary {
  const found = cases.flatMap(({ segments, lesions }): SegmentInCase[] =>
    segments
      .filter(segment => segment.number === number)
      .map(segment => ({ segment, lesions: lesions.filter(lesion => lesion.segment === number) }))
  );
  const [definition] = definitions;
  return {
    number,
    cases: found.length,
    measures: segmentMeasures(definitions, tau).map(({ measure }) =>
      summariseMeasure(
        measure,
        found.map(({ segment }) => [segment.values[measure.definition] ?? null])
      )
    ),
    lesions:
      kind === 'structure'
        ? null
        : summariseLesions(
            found,
            lesionMeasures(definition, tau).map(({ measure }) => measure)
          )
  };
}

function warningsOf(
  segments: readonly SegmentSummary[],
  cases: readonly EvaluatedCase[],
  names: readonly Name[]
): EvaluationWarning[] {
  const nameOf = (number: number): string => names.find(each => each.number === number)?.name ?? `Segment ${number}`;
  const warnings: EvaluationWarning[] = [];
  if (cases.length < FEWEST_PATIENTS) {
    const text =
      `There ${cases.length === 1 ? 'is 1 case' : `are ${cases.length} cases`}: too few for intervals, which need ` +
      `${FEWEST_PATIENTS} patients. Do not draw conclusions from these figures.`;
    warnings.push({ code: 'few-cases', text });
  }
  for (const { number, lesions } of segments) {
    if (lesions === null) continue;
    const name = nameOf(number);
    if (lesions.detection.lesions === 0) {
      warnings.push({ code: 'no-lesions', text: `${name}: the truth has no lesion. There is nothing to be found.` });
    } else if (!lesions.froc.scored && lesions.detection.marks > 0) {
      const some = cases.some(each => each.lesions.some(({ segment, score }) => segment === number && score !== null));
      const text = `${name}: ${some ? 'not all marks have scores' : 'marks have no scores'}, so the FROC is one operating point instead of a curve.`;
      warnings.push({ code: 'no-scores', text });
    }
  }
  return warnings;
}
