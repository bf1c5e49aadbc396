import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { TrackedPanel } from '../panels/trackedPanel.js';
import { stateText } from '../reading/readTexts.js';
import type { CaseInFront } from './caseInFront.js';
import type { CaseView } from './caseView.js';
import { connectionHint, connectionText, savedText } from './saveTexts.js';

/** Status bar, left: connection, what is saved, and of which read. */
export class SaveStatus extends TrackedPanel {
  constructor(
    front: CaseInFront,
    private readonly trans: TranslationBundle
  ) {
    super(front);
    this.addClass('voxcord-Status');
  }

  protected override draw(inFront: CaseView | null): ReactNode {
    const view = inFront ?? unsavedBehind(this.front);
    const state = view?.model.saveState ?? null;
    if (view === null || state === null) return null;
    const { trans } = this;
    const read = view.model.read;
    const title = view === inFront ? read?.title : view.model.title;
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
            {title} · {stateText(read, trans)}
          </span>
        )}
      </>
    );
  }
}

/** An open case that is not in front and has work that is not saved: not seeing it is no reason not to say so. */
function unsavedBehind(front: CaseInFront): CaseView | null {
  const unsaved = front.open.find(({ view }) => {
    const state = view.model.saveState;
    return state !== null && state.kind !== 'saved' && state.count > 0;
  });
  return unsaved?.view ?? null;
}

/** Status bar, right: what this software may be used for. JupyterLab names the document in front beside it. */
export class UseStatus extends TrackedPanel {
  constructor(
    front: CaseInFront,
    private readonly trans: TranslationBundle
  ) {
    super(front);
    this.addClass('voxcord-Status');
  }

  protected override draw(view: CaseView | null): ReactNode {
    if (view === null) return null;
    return <span>{this.trans.__('Research use. Not a medical device.')}</span>;
  }
}
