import type { TranslationBundle } from '@jupyterlab/translation';
import { CloseCode } from '@voxcord/schemas/rooms';
import { RoomRefused, messageOf } from '../client/index.js';

/** What happened, what is safe, what to do: for a room that the server has refused for good. */
export function refusalText(code: number, unsaved: number, trans: TranslationBundle): string {
  // What was saved in a history that is gone is not saved any more.
  const isLost = code === CloseCode.otherEpoch || code === CloseCode.gone;
  const safe = isLost
    ? trans.__('What you painted is still on this page.')
    : unsaved === 0
      ? trans.__('Everything you painted is saved.')
      : unsavedIsHere(unsaved, trans);
  switch (code) {
    case CloseCode.signIn:
      return `${trans.__('You are signed out.')} ${safe} ${trans.__('Sign in to Jupyter in another tab, then reconnect.')}`;
    case CloseCode.notAllowed:
      return `${trans.__('You may no longer take part in this read.')} ${safe} ${trans.__('Ask the manager of the project.')}`;
    case CloseCode.gone:
      return `${trans.__('This read is no longer on the server.')} ${safe} ${trans.__('Save a copy before you close it.')}`;
    case CloseCode.otherEpoch:
      return `${trans.__('The server has another history of this read, for example from a restored backup.')} ${safe} ${trans.__('Save a copy, or add your strokes to the server’s version.')}`;
    case CloseCode.olderClient:
      return `${trans.__('The server is newer than this page.')} ${safe} ${trans.__('Reload the page.')}`;
    default:
      return `${trans.__('The server has refused this connection (code %1).', code)} ${safe} ${trans.__('Save a copy, then reload the page.')}`;
  }
}

function unsavedIsHere(unsaved: number, trans: TranslationBundle): string {
  return trans._n(
    'One change is not saved; it is kept on this page.',
    '%1 changes are not saved; they are kept on this page.',
    unsaved
  );
}

/** The text for people in whatever stopped a case from opening. */
export function openingProblemText(reason: unknown, trans: TranslationBundle): string {
  return reason instanceof RoomRefused ? refusalText(reason.closeCode, 0, trans) : messageOf(reason);
}
