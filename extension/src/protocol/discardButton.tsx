import type { TranslationBundle } from '@jupyterlab/translation';
import { type ReactNode, useState } from 'react';

export interface DiscardButtonProps {
  readonly onDiscard: () => void;
  readonly trans: TranslationBundle;
}

/** Asks a second time, in place: a draft that is discarded does not come back. */
export function DiscardButton({ onDiscard, trans }: DiscardButtonProps): ReactNode {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button className="voxcord-Button" onClick={() => setAsking(true)}>
        {trans.__('Discard draft')}
      </button>
    );
  }
  return (
    <span className="voxcord-Form-line">
      {trans.__('Discard everything in this draft?')}
      <button
        className="voxcord-Button"
        onClick={() => {
          setAsking(false);
          onDiscard();
        }}
      >
        {trans.__('Discard')}
      </button>
      <button className="voxcord-Button" autoFocus onClick={() => setAsking(false)}>
        {trans.__('Keep')}
      </button>
    </span>
  );
}
