import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { TrackedPanel } from '../panels/trackedPanel.js';
import type { CaseTracker } from './caseTracker.js';
import type { CaseView } from './caseView.js';
import { connectionHint, connectionText, savedText } from './saveTexts.js';

/** Status bar, left: connection, what is saved, and of which read. */
export class SaveStatus extends TrackedPanel {
  constructor(
    tracker: CaseTracker,
    private readonly trans: TranslationBundle
  ) {
    super(tracker);
    this.addClass('voxcord-Status');
  }

  protected override draw(view: CaseView | null): ReactNode {
    const state = view?.model.saveState ?? null;
    if (view === null || state === null) return null;
    const { trans } = this;
    const read = view.model.read;
    return (
      <>
        <span className={`voxcord-Status-connection voxcord-mod-${state.kind}`} title={connectionHint(state, trans)}>
          ● {connectionText(state, trans)}
        </span>
        <span className={`voxcord-Status-saved voxcord-mod-${state.kind}`} data-save-state={state.kind} role="status">
          {savedText(state, trans)}
        </span>
        {read !== null && (
          <span className="voxcord-Status-read">
            {read.title} · {read.state === 'open' ? trans.__('open') : trans.__('submitted')}
          </span>
        )}
      </>
    );
  }
}

/** Status bar, right: what this software may be used for, and on which case. */
export class UseStatus extends TrackedPanel {
  constructor(
    tracker: CaseTracker,
    private readonly trans: TranslationBundle
  ) {
    super(tracker);
    this.addClass('voxcord-Status');
  }

  protected override draw(view: CaseView | null): ReactNode {
    if (view === null) return null;
    return (
      <>
        <span>{this.trans.__('Research use. Not a medical device.')}</span>
        <span>{view.model.title}</span>
      </>
    );
  }
}
