import type { EvaluationResult, LesionSummary, MeasureSummary, SegmentSummary } from '../api/evaluations.js';
import type { Estimate } from '../api/projectAgreement.js';

/** One figure of an evaluation over cases, with all that says what it is. */
export interface EstimateRow {
  /** Null: all cases. */
  readonly stratum: { readonly name: string; readonly value: string } | null;
  readonly segment: number;
  /** Long axis of the lesions, mm; null: whatever their size. */
  readonly size: { readonly from: number; readonly below: number | null } | null;
  readonly definition: string;
  readonly unit: string;
  readonly statistic: 'mean' | 'median' | 'share';
  readonly estimate: Estimate;
}

/** All figures over cases, as rows. */
export function evaluationEstimates({ segments, strata }: EvaluationResult): EstimateRow[] {
  return [
    ...segments.flatMap(segment => rowsOf(segment, null)),
    ...strata.flatMap(({ name, value, segments: inside }) => inside.flatMap(each => rowsOf(each, { name, value })))
  ];
}

function rowsOf({ number, measures, lesions }: SegmentSummary, stratum: EstimateRow['stratum']): EstimateRow[] {
  const about = { stratum, segment: number, size: null };
  return [
    ...measures.flatMap(summary => measureRows(summary, about)),
    ...(lesions === null ? [] : lesionRows(lesions, about))
  ];
}

type About = Pick<EstimateRow, 'stratum' | 'segment' | 'size'>;

function measureRows({ measure, mean, median }: MeasureSummary, about: About, prefix = ''): EstimateRow[] {
  const row = { ...about, definition: `${prefix}${measure.definition}`, unit: measure.unit };
  return [
    { ...row, statistic: 'mean', estimate: mean },
    { ...row, statistic: 'median', estimate: median }
  ];
}

function lesionRows({ detection, bins, froc }: LesionSummary, about: About): EstimateRow[] {
  const share = (definition: string, estimate: Estimate, size: EstimateRow['size'] = null): EstimateRow => ({
    ...about,
    size,
    definition,
    unit: '',
    statistic: 'share',
    estimate
  });
  return [
    share('lesion.sensitivity', detection.sensitivity),
    share('lesion.precision', detection.precision),
    share('lesion.f1', detection.f1),
    { ...share('lesion.false-positives-per-case', detection.falsePositivesPerCase), statistic: 'mean' },
    ...bins.flatMap(({ from, below, sensitivity, falsePositivesPerCase, quality }): EstimateRow[] => [
      share('lesion.sensitivity', sensitivity, { from, below }),
      { ...share('lesion.false-positives-per-case', falsePositivesPerCase, { from, below }), statistic: 'mean' },
      ...quality.flatMap(summary => measureRows(summary, { ...about, size: { from, below } }, 'lesion.found.'))
    ]),
    ...froc.at.map(({ falsePositivesPerCase, sensitivity }) =>
      share(`froc.sensitivity.at-${falsePositivesPerCase}`, sensitivity)
    ),
    ...(froc.scored ? [{ ...share('froc.sensitivity.mean', froc.mean), statistic: 'mean' as const }] : [])
  ];
}

/** A comma-separated file. */
export interface EvaluationTable {
  readonly name: string;
  readonly text: string;
}

type Cell = string | number | null;

/** Everything of an evaluation as comma-separated files (RFC 4180): figures, cases, lesions and curves. */
export function evaluationTables(result: EvaluationResult): EvaluationTable[] {
  const names = new Map(result.names.map(({ number, name }) => [number, name]));
  const nameOf = (number: number): string => names.get(number) ?? '';
  return [
    { name: 'figures.csv', text: csv(figureTable(result, nameOf)) },
    { name: 'cases.csv', text: csv(caseTable(result, nameOf)) },
    { name: 'lesions.csv', text: csv(lesionTable(result, nameOf)) },
    { name: 'froc.csv', text: csv(frocTable(result, nameOf)) }
  ];
}

function figureTable(result: EvaluationResult, nameOf: (segment: number) => string): Cell[][] {
  const head = ['stratum', 'group', 'segment', 'name', 'size from (mm)', 'size below (mm)', 'definition', 'unit'];
  return [
    [...head, 'statistic', 'value', 'interval low', 'interval high', 'patients', 'why there is none'],
    ...evaluationEstimates(result).map(({ stratum, segment, size, definition, unit, statistic, estimate }) => [
      stratum?.name ?? 'all',
      stratum?.value ?? '',
      segment,
      nameOf(segment),
      size?.from ?? null,
      size?.below ?? null,
      definition,
      unit,
      statistic,
      estimate.value,
      estimate.interval?.[0] ?? null,
      estimate.interval?.[1] ?? null,
      estimate.cases,
      estimate.reason
    ])
  ];
}

function caseTable({ cases }: EvaluationResult, nameOf: (segment: number) => string): Cell[][] {
  const definitions = definitionsIn(cases.flatMap(({ segments }) => segments));
  const head = ['case', 'title', 'standing', 'prediction', 'segment', 'name', 'truth (ml)', 'prediction (ml)'];
  return [
    [...head, 'lesions', 'marks', 'repeated marks', 'no value', ...definitions],
    ...cases.flatMap(({ caseId, title, standing, prediction, segments }) => {
      const about = [caseId, title, standing, prediction];
      if (segments.length === 0) return [[...about, ...Array<Cell>(8 + definitions.length).fill(null)]];
      return segments.map(({ number, truthMl, predictionMl, lesions, marks, repeatedMarks, noValue, values }) => [
        ...about,
        number,
        nameOf(number),
        truthMl,
        predictionMl,
        lesions,
        marks,
        repeatedMarks,
        noValue,
        ...definitions.map(definition => values[definition] ?? null)
      ]);
    })
  ];
}

function lesionTable({ cases }: EvaluationResult, nameOf: (segment: number) => string): Cell[][] {
  const definitions = definitionsIn(cases.flatMap(({ lesions }) => lesions));
  const head = ['case', 'title', 'segment', 'name', 'outcome', 'lesion', 'marks', 'x (mm)', 'y (mm)', 'z (mm)'];
  return [
    [...head, 'diameter (mm)', 'volume (ml)', 'marked diameter (mm)', 'marked volume (ml)', 'score', ...definitions],
    ...cases.flatMap(({ caseId, title, lesions }) =>
      lesions.map(each => [
        caseId,
        title,
        each.segment,
        nameOf(each.segment),
        each.outcome,
        each.lesion,
        each.marks.join(' '),
        ...each.centre,
        each.diameter,
        each.volumeMl,
        each.markedDiameter,
        each.markedVolumeMl,
        each.score,
        ...definitions.map(definition => each.values[definition] ?? null)
      ])
    )
  ];
}

function frocTable({ segments }: EvaluationResult, nameOf: (segment: number) => string): Cell[][] {
  return [
    ['segment', 'name', 'threshold', 'false positives per case', 'sensitivity'],
    ...segments.flatMap(({ number, lesions }) =>
      (lesions?.froc.points ?? []).map(({ threshold, falsePositivesPerCase, sensitivity }) => [
        number,
        nameOf(number),
        threshold,
        falsePositivesPerCase,
        sensitivity
      ])
    )
  ];
}

function definitionsIn(measured: readonly { readonly values: Readonly<Record<string, unknown>> }[]): string[] {
  return [...new Set(measured.flatMap(({ values }) => Object.keys(values)))];
}

function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map(row => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  // A spreadsheet would compute what begins like a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
