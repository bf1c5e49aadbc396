import type { TranslationBundle } from '@jupyterlab/translation';
import type { BlandAltman, ProjectAgreement } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { PlotFigure } from '../review/plots/plotFigure.js';
import { threeDigits } from '../ui/numbers.js';

interface DifferencesProps {
  readonly title: string;
  readonly unit: string;
  /** One for each pair of readers. */
  readonly pairs: readonly BlandAltman[];
  readonly agreement: ProjectAgreement;
  readonly onOpenCase: (caseId: string, lesion: number | null) => void;
  readonly trans: TranslationBundle;
}

/** Differences between two readers against their means, with limits; a point leads to its case. */
export function DifferencesOfPairs({ title, unit, pairs, agreement, onOpenCase, trans }: DifferencesProps): ReactNode {
  const [index, setIndex] = useState(0);
  const shown = pairs[Math.min(index, pairs.length - 1)];
  if (shown === undefined || pairs.every(({ points }) => points.length === 0)) return null;
  const nameOf = (username: string): string =>
    agreement.readers.find(reader => reader.username === username)?.displayName ?? username;
  const caseOf = (caseId: string): string => agreement.cases.find(one => one.caseId === caseId)?.title ?? caseId;
  const [first, second] = [nameOf(shown.first), nameOf(shown.second)];
  const says = saysOf(shown, [first, second], unit, trans);
  const figure = {
    kind: 'blandAltman',
    data: {
      points: shown.points.map(({ mean, difference }) => ({ x: mean, y: difference, letter: null })),
      // Of a single difference there is no mean.
      bias: shown.limits === null ? null : shown.bias,
      limits: shown.limits
    },
    x: trans.__('Mean of the two, %1', unit),
    y: trans.__('%1 − %2, %3', first, second, unit)
  } as const;
  return (
    <section>
      <h2>{title}</h2>
      {pairs.length > 1 && (
        <select
          className="voxcord-Select"
          aria-label={trans.__('Pair of readers')}
          value={index}
          onChange={event => setIndex(Number(event.target.value))}
        >
          {pairs.map((pair, n) => (
            <option key={`${pair.first} ${pair.second}`} value={n}>
              {trans.__('%1 and %2', nameOf(pair.first), nameOf(pair.second))}
            </option>
          ))}
        </select>
      )}
      <PlotFigure
        figure={figure}
        label={says}
        onPoint={at => {
          const point = shown.points[at];
          if (point !== undefined) onOpenCase(point.caseId, point.lesion);
        }}
      />
      <p>{says}</p>
      <details>
        <summary>{trans.__('As a table')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{trans.__('Case')}</th>
              <th scope="col">{trans.__('Lesion')}</th>
              <th scope="col">{trans.__('Mean, %1', unit)}</th>
              <th scope="col">{trans.__('Difference, %1', unit)}</th>
            </tr>
          </thead>
          <tbody>
            {shown.points.map(({ caseId, lesion, mean, difference }) => (
              <tr key={`${caseId} ${lesion ?? ''}`}>
                <th scope="row">
                  <button className="voxcord-Link" onClick={() => onOpenCase(caseId, lesion)}>
                    {caseOf(caseId)}
                  </button>
                </th>
                <td>{lesion ?? '–'}</td>
                <td>{threeDigits(mean)}</td>
                <td>{threeDigits(difference)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function saysOf(
  { points, bias, limits }: BlandAltman,
  [first, second]: readonly [string, string],
  unit: string,
  trans: TranslationBundle
): string {
  if (bias === null || limits === null) {
    return trans._n(
      'Limits of agreement need two points at least; there is one.',
      'Limits of agreement need two points at least; there are %1.',
      points.length
    );
  }
  return [
    trans.__('%1 minus %2: %3 %4 on average', first, second, threeDigits(bias), unit),
    trans.__('95 of 100 differences lie between %1 and %2 %3', threeDigits(limits[0]), threeDigits(limits[1]), unit),
    trans.__('n = %1', points.length)
  ].join('; ');
}
