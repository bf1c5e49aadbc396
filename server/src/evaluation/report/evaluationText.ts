import type { EvaluationResult, SegmentSummary } from '@voxcord/schemas/api';
import { binText } from '../sizeBins.js';
import { figureText, intervalText } from './figures.js';
import type { EvaluationReport } from './evaluationReport.js';

/** For people at a terminal: what matters most; the report and the JSON have everything. */
export function evaluationText({ release, subject, result }: EvaluationReport): string {
  const { conditions, cases } = result;
  const counted = cases.filter(({ standing }) => standing !== 'left-out').length;
  return [
    `${subject} against ${release.project.title} ${release.version}${release.valid ? '' : ' (broken)'}, ${counted} cases`,
    `surfaces ${conditions.surface}, tau ${conditions.tau} mm; means over patients, 95 % intervals`,
    ...result.segments.flatMap(segment => segmentText(segment, result))
  ].join('\n');
}

function segmentText({ number, measures, lesions }: SegmentSummary, { names, conditions }: EvaluationResult): string[] {
  const name = names.find(each => each.number === number)?.name ?? `Segment ${number}`;
  const shown = measures.filter(({ measure }) => isShown(measure.definition, conditions.surface));
  const rows = shown.map(({ measure, mean }) => [
    `${measure.name}${measure.unit === '' ? '' : ` (${measure.unit})`}`,
    figureText(mean.value),
    intervalText(mean),
    `n = ${mean.cases}`
  ]);
  if (lesions === null) return ['', name, ...aligned(rows)];
  const { detection, bins, froc } = lesions;
  const row = (label: string, { value, ...rest }: typeof detection.f1): string[] => [
    label,
    figureText(value),
    intervalText({ value, ...rest }),
    `n = ${rest.cases}`
  ];
  return [
    '',
    `${name}: ${detection.found} of ${detection.lesions} lesions found, ${detection.falsePositives} false positives`,
    ...aligned([
      ...rows,
      row('Sensitivity', detection.sensitivity),
      row('Precision', detection.precision),
      row('F1', detection.f1),
      row('False positives per case', detection.falsePositivesPerCase),
      ...bins.map(bin => row(`Sensitivity, ${binText(bin)} (${bin.found} of ${bin.lesions})`, bin.sensitivity)),
      ...(froc.scored ? [row('FROC, mean of sensitivities', froc.mean)] : [])
    ])
  ];
}

/** The definition that figures are shown by first, and those that need none. */
export function isShown(definition: string, surface: string): boolean {
  return !definition.includes('.') || definition.startsWith('volume.') || definition.split('.')[1] === surface;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
