import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { Section } from '../panels/section.js';
import { threeDigits } from '../ui/numbers.js';
import type { ReviewModel } from './reviewModel.js';
import { disputeName, disputeState } from './reviewTexts.js';

interface DisputeListProps {
  readonly review: ReviewModel;
  readonly trans: TranslationBundle;
}

/** Every dispute with what became of it; a row leads to its place. */
export function DisputeList({ review, trans }: DisputeListProps): ReactNode {
  const { disputes, dispute: current } = review;
  return (
    <Section
      title={trans.__('All disputes')}
      aside={
        <select
          className="voxcord-Select voxcord-mod-quiet"
          aria-label={trans.__('Order of the disputes')}
          value={review.order}
          onChange={event => {
            review.order = event.target.value === 'severity' ? 'severity' : 'size';
          }}
        >
          <option value="size">{trans.__('by size')}</option>
          <option value="severity">{trans.__('by severity')}</option>
        </select>
      }
    >
      <ul className="voxcord-Rows">
        {disputes.map(dispute => {
          const { text, look } = disputeState(dispute, trans);
          const isCurrent = dispute.number === current?.number;
          const segment = review.segmentOf(dispute.segments[0] ?? 0)?.name ?? '';
          return (
            <li
              key={dispute.number}
              className={`voxcord-Row${isCurrent ? ' voxcord-mod-current' : ''}`}
              data-listed-dispute={dispute.number}
              data-state={look}
            >
              <button
                className="voxcord-Row-main"
                aria-current={isCurrent}
                title={trans.__('Dispute %1: %2, %3. Go there', dispute.number, segment, disputeName(dispute, trans))}
                onClick={() => review.choose(dispute.number)}
              >
                <span className="voxcord-Row-mark">{look === 'done' ? '✓' : isCurrent ? '▸' : ''}</span>
                <span className="voxcord-Row-name">
                  {dispute.number} <span className="voxcord-Row-detail">{disputeName(dispute, trans)}</span>
                </span>
                <span className="voxcord-Row-value">{trans.__('%1 ml', threeDigits(dispute.volumeMl))}</span>
                <span className={`voxcord-Chip voxcord-mod-${look}`}>{text}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
