import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReactNode } from 'react';
import type { CaseInFront } from '../case/caseInFront.js';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { TrackedPanel } from '../panels/trackedPanel.js';
import { consensusIcon } from '../ui/icons.js';
import { AgreementTable } from './agreementTable.js';
import { ConsensusHead } from './consensusHead.js';
import { CriteriaList, WarningList } from './criteriaList.js';
import { progressOf } from './disputeOrder.js';
import { NoConsensusYet } from './emptyConsensus.js';
import { placeOfValue } from './placeOfValue.js';
import { Figures } from './plots/figures.js';
import { ReadersTable } from './readersTable.js';
import { reviewIn } from './reviewCommands.js';
import type { ReviewView } from './reviewView.js';

/** Left panel of a review: what the consensus is, how far the readers agree, and whether that is enough. */
export class ConsensusPanel extends TrackedPanel {
  constructor(
    front: CaseInFront,
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {
    super(front);
    this.id = 'voxcord-consensus-panel';
    this.title.icon = consensusIcon;
    this.title.caption = trans.__('Consensus of the case');
    this.addClass('voxcord-Panel');
  }

  protected override draw(): ReactNode {
    const { trans } = this;
    const view = reviewIn(this.front);
    if (view === null) return this.nothing();
    const { review } = view;
    if (review === null) return <p className="voxcord-Spinner">{trans.__('Opening the case…')}</p>;
    const { phase } = review.drafts;
    if (phase.kind !== 'ready') {
      return (
        <div className="voxcord-Panel-body">
          <NoConsensusYet review={review} phase={phase} trans={trans} />
        </div>
      );
    }
    const { draft, result } = phase;
    return (
      <>
        <div className="voxcord-Panel-body">
          <ConsensusHead review={review} draft={draft} result={result} trans={trans} />
          <ReadersTable review={review} result={result} trans={trans} />
          <AgreementTable view={view} draft={draft} result={result} trans={trans} />
          <CriteriaList
            criteria={result.criteria}
            placeOf={(quantity, value) => placeOfValue(review, quantity, value, trans)}
            trans={trans}
          />
          <WarningList warnings={result.warnings} trans={trans} />
          <Figures view={view} result={result} trans={trans} />
        </div>
        {!draft.deviates && <Foot view={view} commands={this.commands} trans={trans} />}
      </>
    );
  }

  private nothing(): ReactNode {
    const { trans } = this;
    const view = this.front.view;
    return (
      <Section title={trans.__('Consensus')}>
        <div className="voxcord-Empty">
          <p>
            {trans.__(
              'A consensus makes one truth of several reads: it shows where readers agree, where they do not, and what is left to decide.'
            )}
          </p>
          {view === null ? (
            <button className="voxcord-Button" onClick={() => void this.commands.execute(CommandIDs.openHome)}>
              {trans.__('Choose a case')}
            </button>
          ) : (
            <button
              className="voxcord-Button voxcord-mod-primary"
              onClick={() => void this.commands.execute(CommandIDs.openReview, {})}
            >
              {trans.__('Open the consensus of this case')}
            </button>
          )}
        </div>
      </Section>
    );
  }
}

interface FootProps {
  readonly view: ReviewView;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** How far the decisions have come, and the way on to a release. */
function Foot({ view, commands, trans }: FootProps): ReactNode {
  const { review } = view;
  if (review === null) return null;
  const { asked, decided } = progressOf(review.disputes);
  const isDone = decided === asked;
  const outdated = review.draft?.outdated === true;
  const releases = view.reading.project?.myRole === 'manager';
  const isSigned = view.isAdjudicationSigned;
  return (
    <div className="voxcord-Panel-foot voxcord-mod-spread">
      <span data-decided={`${decided}/${asked}`} role="status">
        {asked === 0
          ? trans.__('No dispute to decide')
          : trans._n('%2 of %1 dispute decided', '%2 of %1 disputes decided', asked, decided)}
      </span>
      {!releases && isSigned ? (
        <span className="voxcord-Chip voxcord-mod-good" data-adjudication="signed">
          {trans.__('signed')}
        </span>
      ) : (
        (releases || asked > 0) && (
          <button
            className="voxcord-Button voxcord-mod-primary"
            disabled={!isDone || outdated}
            title={
              outdated
                ? trans.__('Compute the consensus again first')
                : !isDone
                  ? trans.__('Decide every dispute that the protocol asks for first')
                  : releases
                    ? trans.__('Sign what was decided and put a release together')
                    : trans.__('Sign what was decided; a manager of the project can release it then')
            }
            onClick={() => void commands.execute(CommandIDs.signAdjudication)}
          >
            {!releases
              ? trans.__('Sign the adjudication…')
              : isSigned || asked === 0
                ? trans.__('Release…')
                : trans.__('Sign and release…')}
          </button>
        )
      )}
    </div>
  );
}
