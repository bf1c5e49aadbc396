import type { TranslationBundle } from '@jupyterlab/translation';
import type { Dispute } from '@voxcord/schemas/api';
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
  const { disputes } = review;
  const asked = disputes.filter(dispute => dispute.asked);
  const others = disputes.filter(dispute => !dispute.asked);
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
      <Rows disputes={asked} review={review} trans={trans} />
      {others.length > 0 && (
        <details className="voxcord-Details" open={asked.length === 0 || others.some(isCurrent(review))}>
          <summary>
            {trans._n('%1 more, left to the consensus', '%1 more, left to the consensus', others.length)}
          </summary>
          <Rows disputes={others} review={review} trans={trans} />
        </details>
      )}
    </Section>
  );
}

function isCurrent(review: ReviewModel): (dispute: Dispute) => boolean {
  return ({ number }) => number === review.dispute?.number;
}

function Rows({ disputes, review, trans }: DisputeListProps & { readonly disputes: readonly Dispute[] }): ReactNode {
  return (
    <ul className="voxcord-Rows">
      {disputes.map(dispute => {
        const { text, look } = disputeState(dispute, trans);
        const isChosen = isCurrent(review)(dispute);
        const segment = review.segmentOf(dispute.segments[0] ?? 0)?.name ?? '';
        const name = disputeName(dispute, segment, trans);
        return (
          <li
            key={dispute.number}
            className={`voxcord-Row${isChosen ? ' voxcord-mod-current' : ''}`}
            data-listed-dispute={dispute.number}
            data-state={look}
          >
            <button
              className="voxcord-Row-main"
              aria-current={isChosen}
              title={trans.__('Dispute %1: %2, %3. %4. Go there', dispute.number, segment, name, text)}
              onClick={() => review.choose(dispute.number)}
            >
              <span className="voxcord-Row-mark">{look === 'done' ? '✓' : isChosen ? '▸' : ''}</span>
              <span className="voxcord-Row-name">
                {dispute.number} <span className="voxcord-Row-detail">{name}</span>
              </span>
              <span className="voxcord-Row-value">{trans.__('%1 ml', threeDigits(dispute.volumeMl))}</span>
              {/* Open is what a dispute is unless it says otherwise: the word in each row would crowd out its name. */}
              {look !== 'small' && look !== 'open' && (
                <span className={`voxcord-Chip voxcord-mod-${look}`}>{text}</span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
