import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReactNode } from 'react';
import type { CaseInFront } from '../case/caseInFront.js';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { TrackedPanel } from '../panels/trackedPanel.js';
import { disputeIcon } from '../ui/icons.js';
import { ComparisonSection } from './comparisonSection.js';
import { DisputeList } from './disputeList.js';
import { DisputeSection } from './disputeSection.js';
import { reviewIn } from './reviewCommands.js';
import type { ReviewView } from './reviewView.js';
import { VersionList } from './versionList.js';

/** Right panel of a review: the dispute in question, all disputes, and the versions of the truth. */
export class DisputePanel extends TrackedPanel {
  constructor(
    front: CaseInFront,
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {
    super(front);
    this.id = 'voxcord-dispute-panel';
    this.title.icon = disputeIcon;
    this.title.caption = trans.__('Disputes and versions of the case');
    this.addClass('voxcord-Panel');
  }

  protected override draw(): ReactNode {
    const { trans, commands } = this;
    const view = reviewIn(this.front);
    const review = view?.review ?? null;
    if (view === null || review === null) {
      return (
        <Section title={trans.__('Disputes')}>
          <p className="voxcord-Empty">
            {trans.__(
              'Places where readers disagree appear here, one by one, with what each of them painted. Open the consensus of a case to decide about them.'
            )}
          </p>
        </Section>
      );
    }
    if (review.comparison.phase.kind !== 'closed') {
      return <ComparisonSection view={view} review={review} trans={trans} />;
    }
    return (
      <div className="voxcord-Panel-body">
        {review.result !== null && review.disputes.length > 0 && (
          <>
            <Begin view={view} commands={commands} trans={trans} />
            <DisputeSection view={view} review={review} trans={trans} />
            <DisputeList review={review} trans={trans} />
          </>
        )}
        {review.result !== null && review.disputes.length === 0 && (
          <Section title={trans.__('Disputes')}>
            <p className="voxcord-Empty">{trans.__('The readers agree everywhere: there is nothing to decide.')}</p>
          </Section>
        )}
        <VersionList review={review} commands={commands} trans={trans} />
      </div>
    );
  }
}

interface BeginProps {
  readonly view: ReviewView;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** Before the first decision: who decides, and that it is recorded. */
function Begin({ view, commands, trans }: BeginProps): ReactNode {
  const { review } = view;
  const result = review?.result ?? null;
  if (review === null || result === null || result.adjudication.read !== null) return null;
  if (review.draft?.deviates === true) return null;
  return (
    <div className="voxcord-Callout" role="note">
      <p>
        {result.adjudication.needed
          ? trans.__(
              'The protocol asks for decisions here. The adjudication begins as the consensus; each decision is painted into it and kept with its reason.'
            )
          : trans.__('The protocol asks for no decision here: the consensus stands as it is.')}
      </p>
      {result.adjudication.needed && (
        <button
          className="voxcord-Button voxcord-mod-primary"
          onClick={() => void commands.execute(CommandIDs.beginAdjudication)}
        >
          {trans.__('Begin the adjudication')}
        </button>
      )}
    </div>
  );
}
