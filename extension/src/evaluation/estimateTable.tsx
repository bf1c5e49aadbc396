import type { TranslationBundle } from '@jupyterlab/translation';
import type { Estimate, Measure, MeasureSummary } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { figureText, intervalText, measureName } from './evaluationTexts.js';

interface MeasureTableProps {
  readonly measures: readonly MeasureSummary[];
  /** Ids of definitions instead of names. */
  readonly byDefinition?: boolean;
  readonly trans: TranslationBundle;
}

/** Measures with means, medians and their intervals. */
export function MeasureTable({ measures, byDefinition = false, trans }: MeasureTableProps): ReactNode {
  return (
    <div className="voxcord-Evaluation-wide">
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('Measure')}</th>
            <th scope="col">{trans.__('Mean')}</th>
            <th scope="col">{trans.__('95 % interval')}</th>
            <th scope="col">{trans.__('Median')}</th>
            <th scope="col">{trans.__('95 % interval')}</th>
            <th scope="col">{trans.__('n')}</th>
          </tr>
        </thead>
        <tbody>
          {measures.map(({ measure, mean, median }) => (
            <tr key={measure.definition} data-definition={measure.definition}>
              <th scope="row" title={measure.definition}>
                {byDefinition ? <code>{measure.definition}</code> : measureName(measure)}
              </th>
              <td>{figureText(mean.value, measure.unit)}</td>
              <td>{intervalText(mean, measure.unit)}</td>
              <td>{figureText(median.value, measure.unit)}</td>
              <td>{intervalText(median, measure.unit)}</td>
              <td>{mean.cases}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export interface NamedEstimate {
  readonly name: string;
  readonly definition: string;
  readonly unit: Measure['unit'] | 'count';
  readonly estimate: Estimate;
}

interface EstimateTableProps {
  readonly rows: readonly NamedEstimate[];
  readonly trans: TranslationBundle;
}

/** Single figures with their intervals. */
export function EstimateTable({ rows, trans }: EstimateTableProps): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{trans.__('Measure')}</th>
          <th scope="col">{trans.__('Value')}</th>
          <th scope="col">{trans.__('95 % interval')}</th>
          <th scope="col">{trans.__('n')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, definition, unit, estimate }) => (
          <tr key={definition} data-definition={definition}>
            <th scope="row" title={definition}>
              {name}
            </th>
            <td>{figureText(estimate.value, unit)}</td>
            <td>{intervalText(estimate, unit)}</td>
            <td>{estimate.cases}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is said once below tables: why there are no intervals. */
export function Reasons({ estimates }: { readonly estimates: readonly Estimate[] }): ReactNode {
  const reasons = [...new Set(estimates.flatMap(({ reason }) => reason ?? []))];
  return reasons.map(reason => (
    <p key={reason} className="voxcord-Row-detail">
      {reason}
    </p>
  ));
}
