import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { messageOf } from '../client/index.js';

export interface LoadFailedProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly trans: TranslationBundle;
  /** It stands on a page of its own. */
  readonly isPage?: boolean;
}

/** In place of what could not be loaded: why, and another attempt. */
export function LoadFailed({ error, onRetry, trans, isPage }: LoadFailedProps): ReactNode {
  return (
    <div className={`voxcord-Empty${isPage === true ? ' voxcord-mod-page' : ''}`} role="alert">
      <p>{messageOf(error)}</p>
      <button className="voxcord-Button" onClick={onRetry}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}
