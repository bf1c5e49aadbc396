import type { TranslationBundle } from '@jupyterlab/translation';
import type { ConsensusResult } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { Section } from '../../panels/section.js';
import { threeDigits } from '../../ui/numbers.js';
import { share } from '../agreementMatrix.js';
import type { ReviewView } from '../reviewView.js';
import type { Figure } from './drawPlot.js';
import { type BlandAltman, type PlacedPoint, blandAltman, performanceOf, sizeStrata } from './plotData.js';
import { PlotFigure } from './plotFigure.js';

interface FiguresProps {
  readonly view: ReviewView;
  readonly result: ConsensusResult;
  readonly trans: TranslationBundle;
}

const KINDS = ['volumes', 'diameters', 'sizes', 'performance'] as const;
type Kind = (typeof KINDS)[number];

interface Drawn {
  readonly figure: Figure;
  /** What it says, in a sentence. */
  readonly says: string;
  readonly table: ReactNode;
  readonly onPoint: (index: number) => void;
}

const nowhere = (): void => undefined;

/** How readers differ, drawn small; each figure also as a sentence and as a table. */
export function Figures({ view, result, trans }: FiguresProps): ReactNode {
  const [kind, setKind] = useState<Kind | null>(null);
  const segment = view.review?.segment ?? null;
  const lesions = result.lesions.filter(lesion => lesion.segment === segment);
  const performance = performanceOf(result, segment);
  const offered = KINDS.filter(one => (one === 'performance' ? performance.length > 0 : lesions.length > 0));
  const shown = kind !== null && offered.includes(kind) ? kind : offered[0];
  if (shown === undefined) return null;
  const names: Readonly<Record<Kind, string>> = {
    volumes: trans.__('volumes'),
    diameters: trans.__('diameters'),
    sizes: trans.__('seen, by size'),
    performance: trans.__('performance')
  };
  const go = (point: PlacedPoint): void => view.goTo(point.centre);
  const { figure, says, table, onPoint } = drawn(shown, result, segment, go, trans);
  return (
    <Section
      title={trans.__('Figures')}
      aside={
        <select
          className="voxcord-Select voxcord-mod-quiet"
          aria-label={trans.__('Figure')}
          value={shown}
          onChange={event => setKind(KINDS.find(one => one === event.target.value) ?? null)}
        >
          {offered.map(one => (
            <option key={one} value={one}>
              {names[one]}
            </option>
          ))}
        </select>
      }
    >
      <PlotFigure figure={figure} label={says} onPoint={onPoint} />
      <p className="voxcord-Hint">{says}</p>
      <details className="voxcord-Details">
        <summary>{trans.__('As a table')}</summary>
        {table}
      </details>
    </Section>
  );
}

function drawn(
  kind: Kind,
  result: ConsensusResult,
  segment: number | null,
  go: (point: PlacedPoint) => void,
  trans: TranslationBundle
): Drawn {
  switch (kind) {
    case 'volumes':
    case 'diameters': {
      const isVolume = kind === 'volumes';
      const unit = isVolume ? trans.__('ml') : trans.__('mm');
      const data = blandAltman(result.lesions, isVolume ? 'volumeMl' : 'diameter', segment);
      return {
        figure: {
          kind: 'blandAltman',
          data,
          x: trans.__('Mean of reader and consensus, %1', unit),
          y: trans.__('Reader − consensus, %1', unit)
        },
        says: limitsText(data, unit, trans),
        table: <PointTable data={data} unit={unit} go={go} trans={trans} />,
        onPoint: index => {
          const point = data.points[index];
          if (point !== undefined) go(point);
        }
      };
    }
    case 'sizes': {
      const data = sizeStrata(result.lesions, segment);
      return {
        figure: { kind: 'sizes', data, x: trans.__('Diameter, mm'), y: trans.__('Seen by readers') },
        says: trans.__('How often a reader saw a lesion, by its size, with the 95 % interval (Wilson).'),
        table: (
          <table className="voxcord-Table">
            <thead>
              <tr>
                <th scope="col">{trans.__('Diameter, mm')}</th>
                <td>{trans.__('seen / asked')}</td>
                <td>{trans.__('95 % interval')}</td>
              </tr>
            </thead>
            <tbody>
              {data.map(({ from, to, seen, asked, interval }) => (
                <tr key={from}>
                  <th scope="row">{to === Infinity ? trans.__('%1 or more', from) : trans.__('%1 to %2', from, to)}</th>
                  <td>
                    {seen} / {asked}
                  </td>
                  <td>{interval === null ? '–' : `${share(interval[0], 2)} – ${share(interval[1], 2)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ),
        onPoint: nowhere
      };
    }
    case 'performance': {
      const data = performanceOf(result, segment);
      return {
        figure: { kind: 'performance', data, x: trans.__('Specificity'), y: trans.__('Sensitivity') },
        says: trans.__('Sensitivity and specificity of each reader, against the consensus.'),
        table: (
          <table className="voxcord-Table">
            <thead>
              <tr>
                <th scope="col">{trans.__('Reader')}</th>
                <td>{trans.__('sensitivity')}</td>
                <td>{trans.__('specificity')}</td>
              </tr>
            </thead>
            <tbody>
              {data.map(({ letter, sensitivity, specificity }) => (
                <tr key={letter}>
                  <th scope="row">{letter}</th>
                  <td>{share(sensitivity, 3)}</td>
                  <td>{share(specificity, 4)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ),
        onPoint: nowhere
      };
    }
  }
}

export function limitsText({ points, bias, limits }: BlandAltman, unit: string, trans: TranslationBundle): string {
  if (bias === null || limits === null) {
    return trans._n(
      'Limits of agreement need two marks of readers at least; there is one.',
      'Limits of agreement need two marks of readers at least; there are %1.',
      points.length
    );
  }
  return trans
    .__(
      'Readers differ from the consensus by %1 %4 on average; 95 %% of differences lie between %2 and %3 %4 (n = %5).',
      threeDigits(bias),
      threeDigits(limits[0]),
      threeDigits(limits[1]),
      unit,
      points.length
    )
    .replace('%%', '%');
}

interface PointTableProps {
  readonly data: BlandAltman;
  readonly unit: string;
  readonly go: (point: PlacedPoint) => void;
  readonly trans: TranslationBundle;
}

function PointTable({ data, unit, go, trans }: PointTableProps): ReactNode {
  return (
    <table className="voxcord-Table">
      <thead>
        <tr>
          <th scope="col">{trans.__('Lesion')}</th>
          <td>{trans.__('reader')}</td>
          <td>{trans.__('mean, %1', unit)}</td>
          <td>{trans.__('difference')}</td>
        </tr>
      </thead>
      <tbody>
        {data.points.map(point => (
          <tr key={`${point.lesion} ${point.letter}`}>
            <th scope="row">
              <button
                className="voxcord-Value"
                title={trans.__('Go to lesion %1', point.lesion)}
                onClick={() => go(point)}
              >
                {point.lesion}
              </button>
            </th>
            <td>{point.letter}</td>
            <td>{threeDigits(point.x)}</td>
            <td>{threeDigits(point.y)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
