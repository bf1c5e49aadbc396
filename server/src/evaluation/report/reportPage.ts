import type { EvaluationResult, LesionSummary, MeasureSummary, SegmentSummary } from '@voxcord/schemas/api';
import { html, Html, page, table } from '../../truth/report/html.js';
import { binText } from '../sizeBins.js';
import { frocChart, sizeChart } from './charts.js';
import { isShown } from './evaluationText.js';
import { figureText, intervalText } from './figures.js';
import type { EvaluationReport } from './evaluationReport.js';

const STYLE = new Html(
  '<style>svg .curve { fill: none; stroke: var(--link); stroke-width: 2; } svg .dot { fill: var(--link); } ' +
    'svg .missed { fill: none; stroke: var(--bad); stroke-width: 2; }</style>'
);

const MEASURE_HEADINGS = ['Measure', 'Mean', '95 % interval', 'Median', '95 % interval', 'Patients', 'Without value'];

/** `report.html`: an evaluation for people to read and to print; needs nothing but itself. */
export function evaluationPage(report: EvaluationReport): string {
  const { release, subject, result } = report;
  const title = `${subject} against ${release.project.title} ${release.version}`;
  const counted = result.cases.filter(({ standing }) => standing !== 'left-out').length;
  return page(
    title,
    html`${STYLE}
      <h1>${title}</h1>
      <p class="quiet">
        ${counted} of ${result.cases.length} cases of the release; every patient counts the same in a mean, every lesion
        in a share. Intervals of 95 % draw patients anew.
      </p>
      ${release.valid ? null : html`<p class="note bad">The release is broken: these figures prove nothing.</p>`}
      ${result.warnings.map(({ text }) => html`<p class="note">${text}</p>`)}
      ${result.segments.map(segment => segmentSection(segment, result))} ${strataSection(result)}
      ${casesSection(result)} ${methodSection(report)}`
  );
}

function nameIn({ names }: EvaluationResult, number: number): string {
  return names.find(each => each.number === number)?.name ?? `Segment ${number}`;
}

function segmentSection({ number, measures, lesions }: SegmentSummary, result: EvaluationResult): Html {
  const { surface } = result.conditions;
  const shown = measures.filter(({ measure }) => isShown(measure.definition, surface));
  const others = measures.filter(({ measure }) => !isShown(measure.definition, surface));
  return html`<section>
    <h2>${nameIn(result, number)}</h2>
    ${table(
      MEASURE_HEADINGS,
      shown.map(each => measureRow(each, false))
    )}
    ${
      others.length === 0
        ? null
        : html`<details>
            <summary>By other definitions of surface distance</summary>
            ${table(
              MEASURE_HEADINGS,
              others.map(each => measureRow(each, true))
            )}
          </details>`
    }
    ${lesions === null ? null : lesionPart(number, lesions, result)}
  </section>`;
}

function measureRow(
  { measure, mean, median, withoutValue }: MeasureSummary,
  withDefinition: boolean
): (string | number)[] {
  const name = withDefinition ? measure.definition : measure.name;
  return [
    measure.unit === '' ? name : `${name} (${measure.unit})`,
    figureText(mean.value),
    intervalText(mean),
    figureText(median.value),
    intervalText(median),
    mean.cases,
    withoutValue
  ];
}

function lesionPart(number: number, { detection, bins, froc }: LesionSummary, result: EvaluationResult): Html {
  const lesions = result.cases.flatMap(({ title, lesions: all }) =>
    all.filter(({ segment }) => segment === number).map(each => ({ ...each, title }))
  );
  const rows = [
    ['Sensitivity', detection.sensitivity],
    ['Precision', detection.precision],
    ['F1', detection.f1],
    ['False positives per case', detection.falsePositivesPerCase]
  ] as const;
  const name = nameIn(result, number);
  return html`<h3>Detection</h3>
    <p>
      ${detection.found} of ${detection.lesions} lesions found; ${detection.falsePositives} of ${detection.marks} marks
      are false, ${detection.repeatedMarks} lie on a lesion that another one has found.
    </p>
    ${table(
      ['Measure', 'Value', '95 % interval', 'Patients'],
      rows.map(([label, estimate]) => [label, figureText(estimate.value), intervalText(estimate), estimate.cases])
    )}
    <h3>By size</h3>
    ${table(
      [
        'Long axis',
        'Lesions',
        'Found',
        'Sensitivity',
        '95 % interval',
        'Dice of found',
        'False positives of this size'
      ],
      bins.map(bin => [
        binText(bin),
        bin.lesions,
        bin.found,
        figureText(bin.sensitivity.value),
        intervalText(bin.sensitivity),
        figureText(bin.quality.find(({ measure }) => measure.definition === 'dice')?.mean.value ?? null),
        bin.falsePositives
      ])
    )}
    ${sizeChart(lesions, `${name}: Dice of each lesion by its size (rings: missed)`)}
    <h3>Free-response operating characteristic</h3>
    ${
      froc.points.length === 0
        ? html`<p>The truth has no lesion.</p>`
        : html`${frocChart(froc, `${name}: sensitivity against false positives per case`)}
          ${froc.scored ? frocTable(froc) : html`<p class="note">${froc.mean.reason}</p>`}`
    }`;
}

function frocTable({ at, mean }: LesionSummary['froc']): Html {
  return table(
    ['False positives per case', 'Sensitivity', '95 % interval'],
    [
      ...at.map(({ falsePositivesPerCase, sensitivity }) => [
        String(falsePositivesPerCase),
        figureText(sensitivity.value),
        intervalText(sensitivity)
      ]),
      ['Mean of these', figureText(mean.value), intervalText(mean)]
    ]
  );
}

function strataSection(result: EvaluationResult): Html | null {
  if (result.strata.length === 0) return null;
  const rows = result.strata.flatMap(({ name, value, cases, segments }) =>
    segments.map(({ number, measures, lesions }) => {
      const dice = measures.find(({ measure }) => measure.definition === 'dice')?.mean;
      return [
        `${name}: ${value}`,
        cases,
        nameIn(result, number),
        figureText(dice?.value ?? null),
        dice === undefined ? '–' : intervalText(dice),
        lesions === null ? '–' : `${lesions.detection.found} of ${lesions.detection.lesions}`,
        lesions === null ? '–' : figureText(lesions.detection.falsePositivesPerCase.value)
      ];
    })
  );
  const headings = ['Group', 'Cases', 'Segment', 'Dice', '95 % interval', 'Lesions found', 'False positives per case'];
  return html`<section>
    <h2>By group of cases</h2>
    ${table(headings, rows)}
  </section>`;
}

function casesSection(result: EvaluationResult): Html {
  const { surface, tau } = result.conditions;
  const rows = result.cases.flatMap(({ title, standing, segments }) =>
    segments.length === 0
      ? [[title, standing.replaceAll('-', ' '), '–', '–', '–', '–', '–', '–']]
      : segments.map(({ number, truthMl, predictionMl, values }) => [
          title,
          standing.replaceAll('-', ' '),
          nameIn(result, number),
          figureText(truthMl),
          figureText(predictionMl),
          figureText(values['dice'] ?? null),
          figureText(values[`hd95.${surface}`] ?? null),
          figureText(values[`nsd.${surface}.tau-${tau}mm`] ?? null)
        ])
  );
  const headings = ['Case', 'Prediction', 'Segment', 'Truth (ml)', 'Prediction (ml)', 'Dice', 'HD95 (mm)', 'NSD'];
  return html`<section>
    <h2>Cases</h2>
    ${table(headings, rows)}
  </section>`;
}

function methodSection({ release, result, predictions, software }: EvaluationReport): Html {
  const { matching, surface, tau, score, resamples, seed, diameter } = result.conditions;
  return html`<section>
    <h2>How this was measured</h2>
    <p>
      Release <code>${release.version}</code>, SHA-256 of release.json <code>${release.sha256}</code>, sealed by the
      service key <code>${release.serviceKey}</code>. ${software.name} ${software.version}.
    </p>
    <p>
      Surface distances by <code>${surface}</code>, tolerance ${tau} mm. A mark is a lesion of the truth with an IoU of
      ${matching.minimumIou} at least${matching.centroidInMask ? ', or where the centre of one lies in the other' : ''},
      or with surfaces at most ${matching.maximumDistance} mm apart. Sizes are <code>${diameter}</code>; a bin holds its
      lower border and not its upper one. The score of a mark is the ${score} of its voxels. ${resamples} resamples of
      patients, seed ${seed}; without ten patients there is no interval. Where truth and prediction both lack a segment
      there is no value; where one lacks it, overlaps are 0 and distances have none.
    </p>
    <details>
      <summary>Files</summary>
      ${table(
        ['Case', 'File', 'SHA-256'],
        predictions.map(({ case: id, file, sha256 }) => [id, file, html`<code>${sha256}</code>`])
      )}
    </details>
  </section>`;
}
