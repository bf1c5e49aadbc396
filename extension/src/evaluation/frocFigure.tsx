import type { TranslationBundle } from '@jupyterlab/translation';
import type { Froc } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { PlotFigure } from '../review/plots/plotFigure.js';
import { threeDigits } from '../ui/numbers.js';
import { figureText, intervalText } from './evaluationTexts.js';

export interface FrocFigureProps {
  readonly froc: Froc;
  /** Marks of the reader, and of these how many have a score: all, some or none. */
  readonly marks: 'none' | 'scored' | 'partly-scored' | 'unscored';
  readonly name: string;
  readonly trans: TranslationBundle;
}

/** A free-response curve, or the one point that there is without scores; and the figures as a table. */
export function FrocFigure({ froc, marks, name, trans }: FrocFigureProps): ReactNode {
  if (froc.points.length === 0) return null;
  const says = froc.scored
    ? trans.__('%1: sensitivity against false positives per case, at every threshold of the score.', name)
    : trans.__('%1: sensitivity and false positives per case. %2', name, whyOnePoint(marks, trans));
  const figure = {
    kind: 'froc',
    data: {
      points: froc.points.map(({ falsePositivesPerCase, sensitivity }) => ({
        x: falsePositivesPerCase,
        y: sensitivity
      })),
      isCurve: froc.scored
    },
    x: trans.__('False positives per case'),
    y: trans.__('Sensitivity')
  } as const;
  return (
    <>
      <h3>{trans.__('Free-response operating characteristic')}</h3>
      <PlotFigure figure={figure} label={says} />
      <p>{says}</p>
      <table data-table="froc">
        <thead>
          <tr>
            <th scope="col">{trans.__('False positives per case')}</th>
            <th scope="col">{trans.__('Sensitivity')}</th>
            <th scope="col">{trans.__('95 % interval')}</th>
          </tr>
        </thead>
        <tbody>
          {froc.scored ? (
            <>
              {froc.at.map(({ falsePositivesPerCase, sensitivity }) => (
                <tr key={falsePositivesPerCase}>
                  <th scope="row">{falsePositivesPerCase}</th>
                  <td>{figureText(sensitivity.value)}</td>
                  <td>{intervalText(sensitivity)}</td>
                </tr>
              ))}
              <tr>
                <th scope="row">{trans.__('Mean of these')}</th>
                <td>{figureText(froc.mean.value)}</td>
                <td>{intervalText(froc.mean)}</td>
              </tr>
            </>
          ) : (
            froc.points.map(({ falsePositivesPerCase, sensitivity }) => (
              <tr key={falsePositivesPerCase}>
                <th scope="row">{threeDigits(falsePositivesPerCase)}</th>
                <td>{figureText(sensitivity)}</td>
                <td>–</td>
              </tr>
            ))
          )}
        </tbody>
      </table>
      {froc.scored && <Thresholds froc={froc} trans={trans} />}
    </>
  );
}

function whyOnePoint(marks: FrocFigureProps['marks'], trans: TranslationBundle): string {
  if (marks === 'none') return trans.__('Nothing was marked: there is one point.');
  return marks === 'partly-scored'
    ? trans.__('Not all marks have scores: there is one point.')
    : trans.__('Marks have no scores: there is one point.');
}

/** Every point of a curve: marks with this score and more count. */
function Thresholds({ froc, trans }: Pick<FrocFigureProps, 'froc' | 'trans'>): ReactNode {
  return (
    <details>
      <summary>{trans.__('Thresholds of the score')}</summary>
      <table data-table="thresholds">
        <thead>
          <tr>
            <th scope="col">{trans.__('Score, at least')}</th>
            <th scope="col">{trans.__('False positives per case')}</th>
            <th scope="col">{trans.__('Sensitivity')}</th>
          </tr>
        </thead>
        <tbody>
          {froc.points.flatMap(({ threshold, falsePositivesPerCase, sensitivity }) =>
            threshold === null ? (
              []
            ) : (
              <tr key={threshold}>
                <th scope="row">{threeDigits(threshold)}</th>
                <td>{threeDigits(falsePositivesPerCase)}</td>
                <td>{figureText(sensitivity)}</td>
              </tr>
            )
          )}
        </tbody>
      </table>
    </details>
  );
}
