import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import type { SaveState } from '../client/index.js';
import { TrackedPanel } from '../panels/trackedPanel.js';
import type { CaseTracker } from './caseTracker.js';
import type { CaseView } from './caseView.js';

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

export function connectionText(state: SaveState, trans: TranslationBundle): string {
  switch (state.kind) {
    case 'saved':
    case 'unsaved':
      return trans.__('Connected');
    case 'connecting':
      return trans.__('Connecting…');
    case 'offline':
      return trans.__('Offline');
    case 'refused':
      return trans.__('Refused');
  }
}

/** "✓ Saved" only when the server has it on its disk. */
export function savedText(state: SaveState, trans: TranslationBundle): string {
  if (state.kind === 'saved') return trans.__('✓ Saved');
  if (state.count > 0) return trans._n('%1 change not saved', '%1 changes not saved', state.count);
  return state.kind === 'connecting' ? '' : trans.__('Nothing unsaved');
}

function connectionHint(state: SaveState, trans: TranslationBundle): string {
  switch (state.kind) {
    case 'saved':
      return trans.__('The server has everything on its disk.');
    case 'unsaved':
    case 'connecting':
      return trans.__('The server has not confirmed everything yet.');
    case 'offline':
      return trans.__('You can go on painting. Your changes are sent when the server can be reached again.');
    case 'refused':
      return trans.__('See the notice above the picture.');
  }
}
