import type { TranslationBundle } from '@jupyterlab/translation';
import type { Estimate, LesionStratum } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { share } from '../review/agreementMatrix.js';
import { PlotFigure } from '../review/plots/plotFigure.js';

interface StrataProps {
  readonly strata: readonly LesionStratum[];
  readonly trans: TranslationBundle;
}

/** How often lesions of each size are seen, and how much their diameters differ. */
export function StrataFigure({ strata, trans }: StrataProps): ReactNode {
  if (strata.length === 0) return null;
  const says = trans.__('Share of the readers asked who marked a lesion, by its diameter, with the 95 % interval.');
  const figure = {
    kind: 'sizes',
    data: strata.map(({ from, below, lesions, detection }) => ({
      from,
      to: below ?? Infinity,
      seen: 0,
      asked: lesions,
      share: detection.value,
      interval: detection.interval
    })),
    x: trans.__('Diameter, mm'),
    y: trans.__('Seen by readers')
  } as const;
  return (
    <section>
      <h2>{trans.__('By size')}</h2>
      <PlotFigure figure={figure} label={says} />
      <p>{says}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('Diameter, mm')}</th>
            <th scope="col">{trans.__('Lesions')}</th>
            <th scope="col">{trans.__('Accepted')}</th>
            <th scope="col">{trans.__('Seen')}</th>
            <th scope="col">{trans.__('Spread of diameters')}</th>
          </tr>
        </thead>
        <tbody>
          {strata.map(({ from, below, lesions, accepted, detection, diameterSpread }) => (
            <tr key={from}>
              <th scope="row">{below === null ? trans.__('%1 or more', from) : trans.__('%1 to %2', from, below)}</th>
              <td>{lesions}</td>
              <td>{accepted}</td>
              <td title={detection.reason ?? ''}>{estimateText(detection)}</td>
              <td title={diameterSpread.reason ?? ''}>{estimateText(diameterSpread)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function estimateText({ value, interval }: Estimate): string {
  if (value === null) return '–';
  return interval === null
    ? share(value, 2)
    : `${share(value, 2)} (${share(interval[0], 2)} – ${share(interval[1], 2)})`;
}
