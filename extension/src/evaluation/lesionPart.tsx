import type { TranslationBundle } from '@jupyterlab/translation';
import type { EvaluatedCase, EvaluatedLesion, LesionSummary } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { PlotFigure } from '../review/plots/plotFigure.js';
import { threeDigits } from '../ui/numbers.js';
import { EstimateTable, Reasons } from './estimateTable.js';
import { figureText, intervalText, sizeText } from './evaluationTexts.js';
import { FrocFigure, type FrocFigureProps } from './frocFigure.js';

export interface LesionPartProps {
  readonly name: string;
  readonly segment: number;
  readonly lesions: LesionSummary;
  readonly cases: readonly EvaluatedCase[];
  /** Opens the case, at this place (world mm) if there is one. */
  readonly onOpen: (caseId: string, centre: readonly [number, number, number] | null) => void;
  readonly trans: TranslationBundle;
}

/** Which lesions were found: all of them, by size, and with which false positives. */
export function LesionPart(props: LesionPartProps): ReactNode {
  const { lesions, trans } = props;
  const { detection, bins } = lesions;
  return (
    <>
      <h3>{trans.__('Lesions')}</h3>
      <p>
        {trans.__('%1 of %2 lesions found', detection.found, detection.lesions)};{' '}
        {trans._n('%1 false positive', '%1 false positives', detection.falsePositives)}
        {detection.repeatedMarks > 0 &&
          `; ${trans._n('%1 more mark on a lesion that was found', '%1 more marks on lesions that were found', detection.repeatedMarks)}`}
        .
      </p>
      <EstimateTable
        rows={[
          {
            name: trans.__('Sensitivity'),
            definition: 'lesion.sensitivity',
            unit: '',
            estimate: detection.sensitivity
          },
          { name: trans.__('Precision'), definition: 'lesion.precision', unit: '', estimate: detection.precision },
          { name: 'F1', definition: 'lesion.f1', unit: '', estimate: detection.f1 },
          {
            name: trans.__('False positives per case'),
            definition: 'lesion.false-positives-per-case',
            unit: 'count',
            estimate: detection.falsePositivesPerCase
          }
        ]}
        trans={trans}
      />
      <Reasons estimates={[detection.sensitivity, detection.falsePositivesPerCase]} />
      <h3>{trans.__('By size of the lesion')}</h3>
      <div className="voxcord-Evaluation-wide">
        <table data-table="sizes">
          <thead>
            <tr>
              <th scope="col">{trans.__('Long axis')}</th>
              <th scope="col">{trans.__('Found')}</th>
              <th scope="col">{trans.__('Sensitivity')}</th>
              <th scope="col">{trans.__('95 % interval')}</th>
              <th scope="col">{trans.__('Dice of found')}</th>
              <th scope="col">{trans.__('False positives')}</th>
            </tr>
          </thead>
          <tbody>
            {bins.map(bin => (
              <tr key={bin.from}>
                <th scope="row">{sizeText(bin, trans)}</th>
                <td>{trans.__('%1 of %2', bin.found, bin.lesions)}</td>
                <td>{figureText(bin.sensitivity.value)}</td>
                <td>{intervalText(bin.sensitivity)}</td>
                <td>
                  {figureText(bin.quality.find(({ measure }) => measure.definition === 'dice')?.mean.value ?? null)}
                </td>
                <td>{bin.falsePositives}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="voxcord-Row-detail">
        {trans.__('Sizes are those of the truth; false positives have their own. 10 mm is in “10 to below 20 mm”.')}
      </p>
      <SizeFigure {...props} />
      <FrocFigure froc={lesions.froc} marks={scoresOf(props)} name={props.name} trans={trans} />
    </>
  );
}

interface Placed {
  readonly of: EvaluatedLesion;
  readonly in: EvaluatedCase;
  readonly diameter: number;
  readonly dice: number;
}

function SizeFigure({ name, segment, lesions, cases, onOpen, trans }: LesionPartProps): ReactNode {
  const placed = cases.flatMap(each =>
    each.lesions.flatMap((of): Placed[] =>
      of.segment !== segment || of.diameter === null
        ? []
        : [{ of, in: each, diameter: of.diameter, dice: of.outcome === 'found' ? (of.values['dice'] ?? 0) : 0 }]
    )
  );
  if (placed.length === 0) return null;
  const says = trans.__('%1: Dice of each lesion of the truth by its size. Missed ones lie at 0, as rings.', name);
  const figure = {
    kind: 'lesionSizes',
    data: {
      points: placed.map(({ of, diameter, dice }) => ({ x: diameter, y: dice, isFound: of.outcome === 'found' })),
      bounds: lesions.bins.map(({ from }) => from).filter(from => from > 0)
    },
    x: trans.__('Long axis, mm'),
    y: 'Dice'
  } as const;
  return (
    <>
      <PlotFigure
        figure={figure}
        label={says}
        onPoint={at => {
          const point = placed[at];
          if (point !== undefined) onOpen(point.in.caseId, point.of.centre);
        }}
      />
      <p>{says}</p>
      <details>
        <summary>{trans.__('As a table')}</summary>
        <table data-table="lesions">
          <thead>
            <tr>
              <th scope="col">{trans.__('Lesion')}</th>
              <th scope="col">{trans.__('Long axis, mm')}</th>
              <th scope="col">{trans.__('Outcome')}</th>
              <th scope="col">{trans.__('Dice')}</th>
            </tr>
          </thead>
          <tbody>
            {placed.map(({ of, in: inside, diameter, dice }) => (
              <tr key={`${inside.caseId} ${of.lesion ?? ''}`}>
                <th scope="row">
                  <button className="voxcord-Link" onClick={() => onOpen(inside.caseId, of.centre)}>
                    {trans.__('%1, lesion %2', inside.title, of.lesion ?? '')}
                  </button>
                </th>
                <td>{threeDigits(diameter)}</td>
                <td>{of.outcome === 'found' ? trans.__('found') : trans.__('missed')}</td>
                <td>{of.outcome === 'found' ? figureText(dice) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** How many of the reader's marks of this segment have a score. */
function scoresOf({ segment, cases }: LesionPartProps): FrocFigureProps['marks'] {
  const marked = cases.flatMap(each =>
    each.lesions.filter(lesion => lesion.segment === segment && lesion.outcome !== 'missed')
  );
  if (marked.length === 0) return 'none';
  if (marked.every(({ score }) => score !== null)) return 'scored';
  return marked.some(({ score }) => score !== null) ? 'partly-scored' : 'unscored';
}
