import type { TranslationBundle } from '@jupyterlab/translation';
import type { Consensus, ConsensusResult } from '@voxcord/schemas/api';
import type { CSSProperties, ReactNode } from 'react';
import { Section } from '../panels/section.js';
import {
  METRICS,
  type Metric,
  definitionOf,
  formatAgreement,
  goodness,
  isDistance,
  needsDefinition,
  pairOf,
  share,
  valueOf
} from './agreementMatrix.js';
import type { ReviewView } from './reviewView.js';

interface AgreementProps {
  readonly view: ReviewView;
  readonly draft: Consensus;
  readonly result: ConsensusResult;
  readonly trans: TranslationBundle;
}

const NAMES: Readonly<Record<Metric, string>> = { dice: 'Dice', iou: 'IoU', hd95: 'HD95', assd: 'ASSD', nsd: 'NSD' };

/** How far each pair of readers agrees; a cell leads to the place where they differ most. */
export function AgreementTable({ view, draft, result, trans }: AgreementProps): ReactNode {
  const { review } = view;
  if (review === null || result.readers.length < 2) return null;
  const { metric } = review;
  const agreement = result.agreement.find(({ number }) => number === review.segment);
  const pairs = agreement?.pairs ?? [];
  const letters = result.readers.map(({ letter }) => letter);
  const values = pairs.map(pair => valueOf(pair, metric));
  return (
    <Section
      title={trans.__('Agreement')}
      aside={
        <select
          className="voxcord-Select voxcord-mod-quiet"
          aria-label={trans.__('Metric')}
          value={metric}
          onChange={event => {
            const chosen = METRICS.find(name => name === event.target.value);
            if (chosen !== undefined) review.metric = chosen;
          }}
        >
          {METRICS.map(name => (
            <option key={name} value={name}>
              {NAMES[name]}
            </option>
          ))}
        </select>
      }
    >
      <table className="voxcord-Matrix" aria-label={definitionOf(metric, draft.agreementRules)}>
        <thead>
          <tr>
            <td />
            {letters.map(letter => (
              <th key={letter} scope="col">
                {letter}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {letters.map(a => (
            <tr key={a}>
              <th scope="row">{a}</th>
              {letters.map(b => {
                if (a === b) return <td key={b}>–</td>;
                const pair = pairOf(pairs, a, b);
                const value = pair === null ? null : valueOf(pair, metric);
                const style = { '--voxcord-goodness': goodness(value, metric, values) } as CSSProperties;
                const text = formatAgreement(value, metric);
                return (
                  <td key={b} style={style}>
                    <button
                      data-pair={`${a}${b}`}
                      title={trans.__('%1 and %2: %3 %4. Go to where they differ most', a, b, NAMES[metric], text)}
                      onClick={() => void view.goToDisagreement(a, b)}
                    >
                      {text}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {(needsDefinition(metric) || (agreement?.fleissKappa ?? null) !== null) && (
        <p className="voxcord-Hint">
          {needsDefinition(metric) && <span>{definitionOf(metric, draft.agreementRules)}. </span>}
          {isDistance(metric) && <span>{trans.__('Lower is better.')} </span>}
          {agreement?.fleissKappa !== undefined && agreement.fleissKappa !== null && (
            <span>{trans.__('Fleiss κ %1', share(agreement.fleissKappa, 2))}</span>
          )}
        </p>
      )}
    </Section>
  );
}
