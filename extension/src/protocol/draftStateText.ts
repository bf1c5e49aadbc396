import type { TranslationBundle } from '@jupyterlab/translation';
import { messageOf } from '../client/index.js';
import type { DraftState } from './draftSaving.js';

/** Whether the service has the draft as it is on show. */
export function draftStateText(state: DraftState, trans: TranslationBundle): string {
  switch (state.kind) {
    case 'saved':
      return trans.__('✓ Draft saved');
    case 'unsaved':
      return trans.__('Not saved yet');
    case 'saving':
      return trans.__('Saving…');
    case 'incomplete':
      return trans.__('Not saved: a field that is needed is empty');
    case 'conflict':
      return trans.__('Not saved: somebody else has changed the draft');
    case 'failed':
      return trans.__('Not saved: %1', messageOf(state.error));
  }
}
