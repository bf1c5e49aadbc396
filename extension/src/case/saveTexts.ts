import type { TranslationBundle } from '@jupyterlab/translation';
import type { SaveState } from '../client/saveState.js';

/** Whether the server can be reached. */
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
  // A refusal may mean that the server has lost what it had saved: the notice above the picture says.
  return state.kind === 'connecting' || state.kind === 'refused' ? '' : trans.__('Nothing unsaved');
}

/** What the connection means for one's work. */
export function connectionHint(state: SaveState, trans: TranslationBundle): string {
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
