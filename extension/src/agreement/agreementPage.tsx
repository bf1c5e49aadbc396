import type { TranslationBundle } from '@jupyterlab/translation';
import type { Estimate, PooledAgreement, Project, ProjectAgreement } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { definitionOf, share } from '../review/agreementMatrix.js';
import { threeDigits } from '../ui/numbers.js';
import { DifferencesOfPairs } from './differencesOfPairs.js';
import { StrataFigure } from './strataFigure.js';

export interface AgreementPageProps {
  readonly agreement: ProjectAgreement;
  readonly project: Project;
  /** Opens the consensus of a case, at a lesion if there is one. */
  readonly onOpenCase: (caseId: string, lesion: number | null) => void;
  readonly onRefresh: () => void;
  readonly trans: TranslationBundle;
}

/** Figures over all cases, each with its interval, or with the reason why there is none. */
export function AgreementPage(props: AgreementPageProps): ReactNode {
  const { agreement, project, onRefresh, trans } = props;
  const [chosen, setChosen] = useState<number | null>(null);
  const { pooled, cases, readers } = agreement;
  const shown = pooled.find(({ number }) => number === chosen) ?? pooled[0] ?? null;
  const name = (number: number): string =>
    project.segments.find(segment => segment.number === number)?.name ?? trans.__('Segment %1', number);
  return (
    <article className="voxcord-Page">
      <header>
        <p className="voxcord-Page-kind">{trans.__('Agreement of readers')}</p>
        <h1>{project.title}</h1>
        <p>
          {trans._n('%1 case with a consensus', '%1 cases with a consensus', cases.length)},{' '}
          {trans._n('%1 reader', '%1 readers', readers.length)}
        </p>
        <div className="voxcord-Page-actions">
          {pooled.length > 1 && (
            <select
              className="voxcord-Select"
              aria-label={trans.__('Segment')}
              value={shown?.number ?? ''}
              onChange={event => setChosen(Number(event.target.value))}
            >
              {pooled.map(({ number }) => (
                <option key={number} value={number}>
                  {name(number)}
                </option>
              ))}
            </select>
          )}
          <button className="voxcord-Button" onClick={onRefresh}>
            {trans.__('Refresh')}
          </button>
        </div>
      </header>
      {shown === null ? (
        <p>
          {trans.__(
            'No case has a consensus yet. When several reads of a case are submitted and their consensus is computed, this page says how far readers agree over all cases.'
          )}
        </p>
      ) : (
        <Segment {...props} pooled={shown} />
      )}
    </article>
  );
}

function Segment(props: AgreementPageProps & { readonly pooled: PooledAgreement }): ReactNode {
  const { agreement, pooled, onOpenCase, trans } = props;
  const { rules } = agreement;
  const millimetres = (value: number): string => trans.__('%1 mm', threeDigits(value));
  const plain = (value: number): string => share(value, 3);
  const named = (metric: 'nsd' | 'hd95' | 'assd'): string => (rules === null ? metric : definitionOf(metric, rules));
  const rows: readonly [string, Estimate, (value: number) => string][] = [
    ['Dice', pooled.dice, plain],
    [named('nsd'), pooled.nsd, plain],
    [named('hd95'), pooled.hd95, millimetres],
    [named('assd'), pooled.assd, millimetres],
    [trans.__('Fleiss κ'), pooled.kappa, plain],
    [trans.__('ICC(2,1) of volumes'), pooled.icc, plain]
  ];
  // What holds for several measures is said once, below them.
  const reasons = rows.map(([, { reason }]) => reason);
  const common = reasons.find((reason, n) => reason !== null && reasons.indexOf(reason) < n) ?? null;
  return (
    <>
      <section>
        <h2>{trans.__('Over all cases')}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">{trans.__('Measure')}</th>
              <th scope="col">{trans.__('Mean')}</th>
              <th scope="col">{trans.__('95 % interval')}</th>
              <th scope="col">{trans.__('Cases')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, { value, interval, cases, reason }, text]) => (
              <tr key={label}>
                <th scope="row">
                  {label}
                  {reason !== null && reason !== common && <div className="voxcord-Row-detail">{reason}</div>}
                </th>
                <td>{value === null ? '–' : text(value)}</td>
                <td>{interval === null ? '–' : `${text(interval[0])} – ${text(interval[1])}`}</td>
                <td>{cases}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {common !== null && <p className="voxcord-Row-detail">{common}</p>}
      </section>
      <DifferencesOfPairs
        title={trans.__('Volumes')}
        unit={trans.__('ml')}
        pairs={pooled.volumes}
        agreement={agreement}
        onOpenCase={onOpenCase}
        trans={trans}
      />
      <DifferencesOfPairs
        title={trans.__('Diameters of lesions')}
        unit={trans.__('mm')}
        pairs={pooled.diameters}
        agreement={agreement}
        onOpenCase={onOpenCase}
        trans={trans}
      />
      <StrataFigure strata={pooled.strata} trans={trans} />
    </>
  );
}
