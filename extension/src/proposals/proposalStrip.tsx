import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { JSX, KeyboardEvent, ReactNode } from 'react';
import type { CaseView } from '../case/caseView.js';
import { returnFocusAfterPointer } from '../ui/returnFocus.js';
import { proposalKeys, proposalText } from './proposalTexts.js';

/** The line over the foot of the picture: what is proposed, and what one can do with it. Empty without a proposal. */
export class ProposalStrip extends ReactWidget {
  constructor(
    private readonly view: CaseView,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('voxcord-ProposalStrip');
    // Enter presses the button that has the focus.
    this.node.dataset['lmSuppressShortcuts'] = 'true';
    returnFocusAfterPointer(this.node, () => view);
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this.view.proposals.proposing.changed}>{() => this.strip()}</UseSignal>;
  }

  private strip(): ReactNode {
    const { trans } = this;
    const { proposals } = this.view;
    const { proposing } = proposals;
    const { isActive, isAsking, problem, proposed } = proposing;
    const mayAccept = proposed !== null && proposed.proposal.voxels > 0 && !isAsking;
    return (
      <div
        className="voxcord-ProposalStrip-line"
        hidden={!isActive}
        data-proposal={!isActive ? 'none' : isAsking ? 'asking' : problem === null ? 'there' : 'failed'}
        data-voxels={proposed?.proposal.voxels ?? ''}
        onKeyDown={this.onKey}
      >
        <span className="voxcord-ProposalStrip-text" role={problem === null ? 'status' : 'alert'}>
          {isActive ? proposalText(proposing, trans) : ''}
        </span>
        <span className="voxcord-ProposalStrip-keys">{proposalKeys(proposing, trans)}</span>
        <button type="button" className="voxcord-Button" disabled={!mayAccept} onClick={() => proposals.accept()}>
          {trans.__('Accept')}
        </button>
        <button type="button" className="voxcord-Button" onClick={() => proposing.takeBack()}>
          {trans.__('Take back')}
        </button>
        <button type="button" className="voxcord-Button" onClick={() => proposing.end()}>
          {trans.__('Refuse')}
        </button>
      </div>
    );
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.view.proposals.proposing.end();
    this.view.activate();
  };
}
